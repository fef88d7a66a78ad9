"""Searching the index."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from common.access import Viewer
from common.search.choices import CANDIDATES, LIKENESS, PAGE, TERMS_MAX, WORDS_MAX_CHARACTERS
from common.search.hits import Hit, hits_of
from common.search.models import SearchEntry, SearchEntryQuerySet
from common.search.parsing import ParsedTerms
from common.search.ranking import RankedObject, rank
from common.search.typing_errors import Labels, NearTitle, can_be_mistyped, correction, near_titles
from common.search.words import terms_of


@dataclass(frozen=True)
class Results:
    """A page of hits.

    `total` counts the objects of the wanted kinds and `counts` those of each kind. Both count what
    is ranked, at most 1,000 rows: `more_than` says that there are more. `guessed` means that no
    entry has these words and titles that look alike are shown instead. `did_you_mean` is what was
    typed with a word replaced by one from a title or label the viewer may see, or "". `ignored` are
    the words too common to search. `is_any_of` says that one of several words is enough.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    more_than: bool = False
    guessed: bool = False
    has_next: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    did_you_mean: str = ""
    ignored: tuple[str, ...] = ()
    is_any_of: bool = False


def query(
    viewer: Viewer,
    words: str,
    kinds: Collection[str] | None = None,
    page: int = 1,
    labels: Labels = tuple,
) -> Results:
    """Return the best matches for what a person typed.

    Of several words any may match, and objects that have all of them come first. "Phrases" must be
    there and -words must not. At most 1,000 of the rows the viewer may read are ranked, so that a
    common word costs little more than a rare one: those with all words before the others. They are
    counted and ranked in one statement; titles and excerpts are made for the page shown only.
    `labels` returns words that objects are called by besides their titles, to correct typing errors.
    """
    words = _clean(words)
    typed = terms_of(words, TERMS_MAX)
    if not typed:
        return Results()
    terms = ParsedTerms(typed)
    start = (max(page, 1) - 1) * PAGE
    visible = SearchEntry.objects.visible_to(viewer)
    ranking = rank(visible, terms, kinds, start)
    near: dict[str, list[NearTitle]] = {}
    results = Results(
        hits=hits_of(ranking.page, terms.forms),
        total=ranking.total,
        more_than=ranking.more_than,
        has_next=start + len(ranking.page) < ranking.total,
        counts=ranking.counts,
        ignored=terms.ignored,
        is_any_of=len(terms.any) > 1 and not terms.quoted,
        did_you_mean=correction(visible, words, ranking.missing, labels, near) if page <= 1 else "",
    )
    if ranking.counts or page > 1 or not can_be_mistyped(words):
        return results
    return _by_likeness(visible, words, kinds, results, near.get(words))


def uuids_matching(viewer: Viewer, words: str, kinds: Collection[str]) -> list[UUID]:
    """Return the objects of these kinds that `query` finds, best first, for a list to filter further.

    At most 1,000.
    """
    terms = terms_of(_clean(words), TERMS_MAX)
    if not terms:
        return []
    visible = SearchEntry.objects.visible_to(viewer).filter(kind__in=kinds)
    pks = [match.best for match in rank(visible, ParsedTerms(terms), None, 0, CANDIDATES).page]
    uuids = dict(SearchEntry.objects.filter(pk__in=pks).values_list("pk", "uuid"))
    return [uuids[pk] for pk in pks if pk in uuids]


def did_you_mean(viewer: Viewer, words: str, kinds: Collection[str], labels: Labels = tuple) -> str:
    """Return the words with those replaced that no title or label of these kinds has, or ""."""
    words = _clean(words)
    typed = [term.typed for term in terms_of(words, TERMS_MAX).any]
    visible = SearchEntry.objects.visible_to(viewer).filter(kind__in=kinds)
    return correction(visible, words, typed, labels, {})


def _clean(words: str) -> str:
    words = words.encode(errors="ignore").decode().replace("\x00", " ")
    return words[:WORDS_MAX_CHARACTERS].strip()


def _by_likeness(
    visible: SearchEntryQuerySet,
    words: str,
    kinds: Collection[str] | None,
    results: Results,
    near: list[NearTitle] | None,
) -> Results:
    """Return titles that look like the words; `near` are the titles near them where already read."""
    if kinds is not None:
        near = near_titles(visible.filter(kind__in=kinds), words, LIKENESS)
    elif near is None:
        near = near_titles(visible, words, LIKENESS)
    alike = [RankedObject(title.pk) for title in near if title.likeness >= LIKENESS][:PAGE]
    return Results(
        hits=hits_of(alike, []),
        total=len(alike),
        guessed=bool(alike),
        did_you_mean=results.did_you_mean,
        ignored=results.ignored,
    )
