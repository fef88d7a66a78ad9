"""Asking the index."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db import connection, transaction
from django.db.models import Case, Count, F, Q, TextField, Value, When, Window
from django.db.models.functions import Left
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.access import Viewer
from common.search.choices import CANDIDATES, PAGE, START, STOP, Config
from common.search.models import SearchEntry
from common.search.querysets import SearchEntryQuerySet

WORDS_MAX_CHARACTERS = 200
# A hyphen excludes what follows. PostgreSQL puts no more than 32 of them in a row into one another
# and fails on the next; nobody excludes so much, so that many are read as spaces.
EXCLUSIONS_MAX = 20
# Making an excerpt reads the text again: a match further in is found but not shown.
EXCERPT_READS_CHARACTERS = 30_000
# How alike a title must look, from 0 to 1, when no entry has the words.
LIKENESS = 0.45


@dataclass(frozen=True)
class Hit:
    """One found thing; `title` and `excerpt` are escaped HTML with the matches in <mark>."""

    kind: str
    uuid: UUID
    group_id: int | None
    url: str
    at: datetime
    day: date | None
    plain_title: str
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Results:
    """A page of hits. `total` counts what the viewer may see and stops at 2,000: then `more_than`.

    `guessed` means that no entry has these words and titles that look alike are shown instead.
    """

    hits: list[Hit]
    total: int
    more_than: bool
    guessed: bool
    has_next: bool


def query(
    viewer: Viewer, words: str, kinds: Collection[str] | None = None, page: int = 1
) -> Results:
    """The best matches for what a person typed, in web search syntax (quotes, `or`, `-not`).

    At most 2,000 of the viewer's own matches are ranked, so that a common word costs no more than
    a rare one. Excerpts are made for the page shown only.
    """
    words = _clean(words)
    if not words:
        return Results([], 0, False, False, False)
    visible = SearchEntry.objects.visible_to(viewer)
    if kinds is not None:
        visible = visible.filter(kind__in=kinds)
    start = (max(page, 1) - 1) * PAGE
    found = _by_words(visible, words, start)
    if found.total or page > 1 or not _may_be_mistyped(words):
        return found
    return _by_likeness(visible, words)


def uuids_matching(viewer: Viewer, words: str, kinds: Collection[str]) -> list[UUID]:
    """The things of these kinds that have the words, for a list that filters them further.

    At most 2,000, the newest first.
    """
    words = _clean(words)
    if not words:
        return []
    visible = SearchEntry.objects.visible_to(viewer).filter(_have(words), kind__in=kinds)
    return list(visible.order_by("-at").values_list("uuid", flat=True)[:CANDIDATES])


def count_by_kind(viewer: Viewer, words: str) -> dict[str, int]:
    """How many of the things that `query` would rank are of each kind: at most 2,000 in all."""
    words = _clean(words)
    if not words:
        return {}
    visible = SearchEntry.objects.visible_to(viewer).filter(_have(words))
    candidates = visible.order_by().values("pk")[:CANDIDATES]
    counted = SearchEntry.objects.filter(pk__in=candidates).values_list("kind")
    return dict(counted.annotate(count=Count("pk")).order_by())


def _clean(words: str) -> str:
    words = words.encode(errors="ignore").decode().replace("\x00", " ")
    return words[:WORDS_MAX_CHARACTERS].strip()


def _have(words: str) -> Q:
    matches = Q()
    for config in Config:
        matches |= Q(config=config, tsv=_parsed(words, config))
    return matches


def _may_be_mistyped(words: str) -> bool:
    """Quotes and exclusions mean what they say; of fewer than four letters all look alike."""
    excludes = any(word.startswith("-") for word in words.split())
    return len(words) >= 4 and '"' not in words and not excludes


def _by_words(visible: SearchEntryQuerySet, words: str, start: int) -> Results:
    candidates = visible.filter(_have(words)).order_by().values("pk")[: CANDIDATES + 1]
    ranked = (
        SearchEntry.objects.filter(pk__in=candidates)
        .annotate(
            rank=Case(
                *(
                    When(config=config, then=SearchRank(F("tsv"), _parsed(words, config)))
                    for config in Config
                )
            ),
            total=Window(Count("*")),
        )
        .order_by("-rank", "-at", "pk")
        .values_list("pk", "total")[start : start + PAGE]
    )
    rows = list(ranked)
    total = rows[0][1] if rows else 0
    return Results(
        hits=_hits([pk for pk, _ in rows], words),
        total=min(total, CANDIDATES),
        more_than=total > CANDIDATES,
        guessed=False,
        has_next=start + len(rows) < min(total, CANDIDATES),
    )


def _by_likeness(visible: SearchEntryQuerySet, words: str) -> Results:
    """Titles that look alike, for typing errors."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [LIKENESS])
        alike = list(
            visible.filter(title__trigram_word_similar=words)
            .annotate(likeness=TrigramWordSimilarity(words, "title"))
            .order_by("-likeness", "-at", "pk")
            .values_list("pk", flat=True)[:PAGE]
        )
    return Results(_hits(alike, words), len(alike), False, bool(alike), False)


def _hits(pks: list[int], words: str) -> list[Hit]:
    rows = SearchEntry.objects.filter(pk__in=pks).annotate(
        marked_title=_headline(words, F("title"), highlight_all=True),
        marked_body=_headline(
            words,
            Left("body", EXCERPT_READS_CHARACTERS),
            max_fragments=2,
            max_words=18,
            min_words=6,
        ),
    )
    found = {
        pk: Hit(
            kind=kind,
            uuid=uuid,
            group_id=group_id,
            url=url,
            at=at,
            day=day,
            plain_title=plain_title,
            title=_marked(title),
            excerpt=_marked(excerpt),
        )
        for pk, kind, uuid, group_id, url, at, day, plain_title, title, excerpt in rows.values_list(
            "pk",
            "kind",
            "uuid",
            "group_id",
            "url",
            "at",
            "day",
            "title",
            "marked_title",
            "marked_body",
        )
    }
    return [found[pk] for pk in pks if pk in found]


def _parsed(words: str, config: Config) -> SearchQuery:
    if words.count("-") > EXCLUSIONS_MAX:
        words = words.replace("-", " ")
    return SearchQuery(words, config=f"alliance_{config}", search_type="websearch")


def _headline(words: str, text: Any, **options: Any) -> Case:
    return Case(
        *(
            When(
                config=config,
                then=SearchHeadline(
                    text,
                    _parsed(words, config),
                    config=f"alliance_{config}",
                    start_sel=START,
                    stop_sel=STOP,
                    **options,
                ),
            )
            for config in Config
        ),
        default=Value(""),
        output_field=TextField(),
    )


def _marked(text: str) -> SafeString:
    """Escaped first, then marked, so that no text can bring its own markup."""
    html = escape(text).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(html)  # noqa: S308
