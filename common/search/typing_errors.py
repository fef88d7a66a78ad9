"""Correcting what a person mistyped, by the titles and labels that the person may see."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction

from common.search.choices import NEAR_LIKENESS, NEAR_TITLES, NEAR_TITLES_RANKED
from common.search.models import SearchEntry, SearchEntryQuerySet
from common.search.ranking import has_word
from common.search.words import words_of

# Names of kinds and areas, read only where a word was found nowhere.
Labels = Callable[[], Iterable[str]]


class NearTitle(NamedTuple):
    """A title with a word that shares letters with a typed one, and how alike they are: 0 to 1."""

    pk: int
    title: str
    likeness: float


def can_be_mistyped(words: str) -> bool:
    """Quotes and exclusions mean what they say; of fewer than four letters all look alike."""
    excludes = any(word.startswith("-") for word in words.split())
    return len(words) >= 4 and '"' not in words and not excludes


def correction(
    visible: SearchEntryQuerySet,
    words: str,
    missing: list[str],
    labels: Labels,
    near: dict[str, list[NearTitle]],
) -> str:
    """Return `words` with each missing word replaced by the nearest that the viewer may see, or "".

    Adds the titles it read to `near`, by the typed word.
    """
    if not missing or not can_be_mistyped(words):
        return ""
    labelled = {word.text for label in labels() for word in words_of(label)}
    corrected = words
    for typed in missing:
        if len(typed) < 4:
            continue
        near[typed] = near_titles(visible, typed, NEAR_LIKENESS)
        titled = {word.text for title in near[typed] for word in words_of(title.title)}
        for word in _nearest(typed.casefold(), titled | labelled):
            if word in titled or has_word(visible, word):
                corrected = corrected.replace(typed, word)
                break
    return corrected if corrected.casefold() != words.casefold() else ""


def near_titles(visible: SearchEntryQuerySet, typed: str, least: float) -> list[NearTitle]:
    """Return titles at least this near to what was typed, nearest first; of very many, some."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [least])
        some = visible.filter(part=0, title__trigram_word_similar=typed).order_by()
        nearest = (
            SearchEntry.objects.filter(pk__in=some.values("pk")[:NEAR_TITLES_RANKED])
            .annotate(likeness=TrigramWordSimilarity(typed, "title"))
            .order_by("-likeness", "-at", "pk")
        )
        rows = nearest.values_list("pk", "title", "likeness")[:NEAR_TITLES]
        return [NearTitle(*row) for row in rows]


def _nearest(typed: str, words: set[str]) -> list[str]:
    """Return the words that differ from `typed` by one error, by two in a long word; nearest first."""
    most = 1 if len(typed) < 6 else 2
    near = [
        (errors, -_likeness(typed, word), word)
        for word in words
        if word != typed and (errors := _typing_errors(typed, word, most)) is not None
    ]
    return [word for _, _, word in sorted(near)]


def _typing_errors(one: str, other: str, most: int) -> int | None:
    """Count the letters that were left out, added, mistaken or swapped; None for more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        last, row = row, [at]
        for place, other_letter in enumerate(other, start=1):
            errors = min(last[place] + 1, row[-1] + 1, last[place - 1] + (letter != other_letter))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == other_letter:
                errors = min(errors, before[place - 2] + 1)
            row.append(errors)
        before = last
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _likeness(one: str, other: str) -> float:
    """Return the share of three-letter pieces that two words have in common, from 0 to 1."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second)


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
