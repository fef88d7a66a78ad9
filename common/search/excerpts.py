"""Titles and excerpts of hits with the matches marked, as escaped HTML."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.search.choices import AFTER_MATCH, BEFORE_MATCH, EXCERPT_FRAGMENTS
from common.search.words import words_of

Span = tuple[int, int]
# The words of a term that must follow one another: each with its distance from the first, and
# whether it is only the beginning of a pair.
Following = Sequence[tuple[str, int, bool]]


def matched_places(
    found: Mapping[str, Sequence[int]], terms: Iterable[Following]
) -> dict[int, bool]:
    """Return the places, from 1, of the words that match a term as a whole.

    `found` has the places of each word in the entry. The value says that the whole word matches,
    not only its first character.
    """
    places: dict[int, bool] = {}
    for term in terms:
        held = [
            {
                place - distance
                for word, at in found.items()
                if (word.startswith(text) if is_open else word == text)
                for place in at
            }
            for text, distance, is_open in term
        ]
        for start in set.intersection(*held) if held else ():
            for _, distance, is_open in term:
                place = start + distance
                places[place] = places.get(place, False) or not is_open
    return places


def marked(text: str, places: Mapping[int, bool], before: int = 0) -> SafeString:
    """Return the whole text with the matches marked; its first word is the one at `before` + 1."""
    return _html(text, 0, len(text), _spans(text, places, before))


def excerpt(text: str, places: Mapping[int, bool], before: int) -> SafeString:
    """Return up to two pieces of the text around the first matches, or its beginning."""
    spans = _spans(text, places, before)
    pieces: list[Span] = []
    for start, end in spans:
        if pieces and start < pieces[-1][1]:
            continue
        if len(pieces) == EXCERPT_FRAGMENTS:
            break
        floor = pieces[-1][1] if pieces else 0
        pieces.append((_begin(text, start, floor), _end(text, max(end, start + AFTER_MATCH))))
    if not pieces:
        pieces = [(0, _end(text, BEFORE_MATCH + AFTER_MATCH))]
    shown = [_html(text, start, end, spans) for start, end in pieces]
    return mark_safe(" … ".join(shown))  # noqa: S308 - each piece is escaped


def _spans(text: str, places: Mapping[int, bool], before: int) -> list[Span]:
    wanted = {place - before: whole for place, whole in places.items() if place > before}
    spans: list[Span] = []
    last = max(wanted, default=0)
    for number, word in enumerate(words_of(text), 1):
        if number > last:
            break
        if number not in wanted:
            continue
        end = word.end if wanted[number] else word.first
        if spans and word.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((word.start, end))
    return spans


def _begin(text: str, match: int, floor: int) -> int:
    """Between two words, where there are some, up to 60 characters before the match."""
    start = max(match - BEFORE_MATCH, floor)
    if start == floor:
        return start
    space = text.find(" ", start, match)
    return space + 1 if space >= 0 else start


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", max(end - 30, 0), end)
    return space if space > 0 else end


def _html(text: str, start: int, end: int, spans: Iterable[Span]) -> SafeString:
    """Each piece is escaped by itself, so that no text can bring its own markup."""
    pieces, at = [], start
    for begin, stop in spans:
        begin, stop = max(begin, start), min(stop, end)
        if begin < stop and begin >= at:
            pieces += [escape(text[at:begin]), "<mark>", escape(text[begin:stop]), "</mark>"]
            at = stop
    pieces.append(escape(text[at:end]))
    return mark_safe(" ".join("".join(pieces).split()))  # noqa: S308
