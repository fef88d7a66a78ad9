"""Asking the index."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.utils.safestring import SafeString

from common.access import Viewer
from common.search.choices import (
    CANDIDATES,
    EXCERPT_FRAGMENTS,
    LIKENESS,
    NEAR_LIKENESS,
    NEAR_TITLES,
    NEAR_TITLES_RANKED,
    PAGE,
    TERMS_MAX,
    WORDS_MAX_CHARACTERS,
)
from common.search.excerpts import (
    Following,
    Match,
    excerpt,
    joined,
    marked,
    marked_lines,
    matched_places,
)
from common.search.models import SearchEntry, SearchEntryQuerySet
from common.search.vectors import words_before_body
from common.search.words import Term, Terms, terms_of, words_of

__all__ = ["WORDS_MAX_CHARACTERS", "Hit", "Results", "query", "uuids_matching"]


@dataclass(frozen=True)
class Hit:
    """One found thing; `title` and `excerpt` are escaped HTML with the matches in <mark>.

    `about` has those lines of what is said about the thing (its kind, focus area, group, names)
    that match, each with the same line as HTML.
    """

    kind: str
    uuid: UUID
    group_id: int | None
    url: str
    at: datetime
    day: date | None
    plain_title: str
    title: SafeString
    excerpt: SafeString
    about: Mapping[str, SafeString]


@dataclass(frozen=True)
class Results:
    """A page of hits.

    `total` counts the things of the wanted kinds and `counts` those of each kind. Both count what
    is ranked, at most 1,000 rows: `more_than` says that there are more. `guessed` means that no
    entry has these words and titles that look alike are shown instead. `did_you_mean` is what was
    typed with another word from a title or label the viewer may see, or "". `ignored` are words so common
    that they were not asked. `is_any_of` says that several words were, of which one is enough.
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


@dataclass(frozen=True)
class _Parsed:
    """A term as the database reads it, in English and unstemmed, and how its words follow."""

    term: Term
    tsquery: str
    is_common: bool
    following: tuple[Following, ...]


# Names of kinds and areas, read only where a word was found nowhere.
Labels = Callable[[], Iterable[str]]


def query(
    viewer: Viewer,
    words: str,
    kinds: Collection[str] | None = None,
    page: int = 1,
    labels: Labels = tuple,
) -> Results:
    """Return the best matches for what a person typed.

    Of several words any may match, and things that have all of them come first. "Phrases" must be
    there and -words must not. At most 1,000 of the rows the viewer may read are ranked, so that a
    common word costs little more than a rare one: those with all words before the others. They are
    counted and ranked in one statement; titles and excerpts are made for the page shown only.
    `labels` returns words that things are called by besides their titles, to correct typing errors.
    """
    words = _clean(words)
    terms = terms_of(words, TERMS_MAX)
    if not terms:
        return Results()
    asked = _Asked(terms)
    start = (max(page, 1) - 1) * PAGE
    visible = SearchEntry.objects.visible_to(viewer)
    ranked, total, counts, missing, more_than = _ranked(visible, asked, kinds, start)
    near: dict[str, list[_NearTitle]] = {}
    results = Results(
        hits=_hits(ranked, asked.marking),
        total=total,
        more_than=more_than,
        has_next=start + len(ranked) < total,
        counts=counts,
        ignored=asked.ignored,
        is_any_of=len(asked.any) > 1 and not asked.quoted,
        did_you_mean=_did_you_mean(visible, words, missing, labels, near) if page <= 1 else "",
    )
    if counts or page > 1 or not _may_be_mistyped(words):
        return results
    return _by_likeness(visible, words, kinds, results, near.get(words))


def uuids_matching(viewer: Viewer, words: str, kinds: Collection[str]) -> list[UUID]:
    """Return the things of these kinds that `query` finds, best first, for a list to filter further.

    At most 1,000.
    """
    terms = terms_of(_clean(words), TERMS_MAX)
    if not terms:
        return []
    asked = _Asked(terms)
    visible = SearchEntry.objects.visible_to(viewer).filter(kind__in=kinds)
    ranked, *_ = _ranked(visible, asked, None, 0, CANDIDATES)
    pks = [one.best for one in ranked]
    uuids = dict(SearchEntry.objects.filter(pk__in=pks).values_list("pk", "uuid"))
    return [uuids[pk] for pk in pks if pk in uuids]


def did_you_mean(viewer: Viewer, words: str, kinds: Collection[str], labels: Labels = tuple) -> str:
    """Return the words with those replaced that no title or label of these kinds has, or ""."""
    words = _clean(words)
    asked = terms_of(words, TERMS_MAX)
    typed = [term.typed for term in asked.any]
    visible = SearchEntry.objects.visible_to(viewer).filter(kind__in=kinds)
    return _did_you_mean(visible, words, typed, labels, {})


def _clean(words: str) -> str:
    words = words.encode(errors="ignore").decode().replace("\x00", " ")
    return words[:WORDS_MAX_CHARACTERS].strip()


def _may_be_mistyped(words: str) -> bool:
    """Quotes and exclusions mean what they say; of fewer than four letters all look alike."""
    excludes = any(word.startswith("-") for word in words.split())
    return len(words) >= 4 and '"' not in words and not excludes


# --- what is asked -------------------------------------------------------------------------------


class _Asked:
    """The terms as queries of the database. One short statement reads them."""

    def __init__(self, terms: Terms) -> None:
        parsed = _parse([*terms.any, *terms.quoted, *terms.excluded])
        any_of = parsed[: len(terms.any)]
        quoted = parsed[len(terms.any) : len(terms.any) + len(terms.quoted)]
        excluded = parsed[len(terms.any) + len(terms.quoted) :]
        telling = [one for one in any_of if not one.is_common]
        # Stop words are asked only where nothing else is: in texts of other languages they may
        # be names.
        self.any = telling if telling or quoted or excluded else any_of
        self.ignored = tuple(one.term.typed for one in any_of if one not in self.any)
        self.quoted = quoted
        self.excluded = [one.tsquery for one in excluded if one.tsquery]
        self.marking = [one.following for one in [*self.any, *quoted] if one.tsquery]

    @property
    def tiers(self) -> list[str]:
        """From the strictest to the widest; no row is in two of them."""
        always = [one.tsquery for one in self.quoted]
        always += [f"!( {one} )" for one in self.excluded]
        words = [one.tsquery for one in self.any]
        if len(words) < 2 or self.quoted:
            # Beside a phrase the words only say what comes first.
            wide = [] if self.quoted else words
            strict = [_all([*always, *words])] if self.quoted and words else []
        else:
            wide = [_any(words)]
            strict = [_all([*always, *words])]
            if 2 < len(words) <= 6:
                but_one = [_all(words[:at] + words[at + 1 :]) for at in range(len(words))]
                strict.append(_all([*always, _any(but_one)]))
        tiers = [*strict, _all([*always, *wide])]
        return [
            _all([tier, *(f"!( {before} )" for before in tiers[:at] if before)])
            for at, tier in enumerate(tiers)
        ]

    @property
    def excludes(self) -> str:
        return _any(self.excluded) if self.excluded else ""


def _all(queries: list[str]) -> str:
    return " & ".join(f"( {one} )" for one in queries if one)


def _any(queries: list[str]) -> str:
    return " | ".join(f"( {one} )" for one in queries if one)


_PARSE = """
SELECT (CASE WHEN english = simple THEN english ELSE english || simple END)::text, numnode(english) = 0,
    (SELECT json_agg(json_build_array(lexeme, positions)) FROM unnest(to_tsvector('alliance_english', words))),
    (SELECT json_agg(json_build_array(lexeme, positions)) FROM unnest(to_tsvector('alliance_simple', words)))
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS typed(query, words, at),
    to_tsquery('alliance_english', query) english, to_tsquery('alliance_simple', query) simple
ORDER BY at
"""


def _parse(terms: list[Term]) -> list[_Parsed]:
    asked = [
        " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.is_open else "")
        for term in terms
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PARSE, [asked, [" ".join(term.words) for term in terms]])
        rows = cursor.fetchall()
    return [
        _Parsed(
            term,
            tsquery,
            is_common,
            tuple(_following(lexemes, term) for lexemes in (english, simple) if lexemes),
        )
        for term, (tsquery, is_common, english, simple) in zip(terms, rows, strict=True)
    ]


def _following(lexemes: list[tuple[str, list[int]]], term: Term) -> Following:
    placed = sorted((place, lexeme) for lexeme, places in lexemes for place in places)
    first = placed[0][0]
    last = len(term.words)
    return [(lexeme, place - first, term.is_open and place == last) for place, lexeme in placed]


# --- candidates ----------------------------------------------------------------------------------

_RANKED = """
WITH candidates AS MATERIALIZED (SELECT * FROM ({tiers}) AS tiers LIMIT {limit}),
scored AS MATERIALIZED (
    SELECT id, kind, uuid, at, ts_rank(tsv, %s::tsquery) AS rank, {flags} FROM candidates
    LIMIT {ranked}
),
things AS MATERIALIZED (
    SELECT kind, uuid, max(at) AS at, max(rank) AS rank, {matched} AS matched,
        (array_agg(id ORDER BY rank DESC, id))[1] AS best, {first}
    FROM scored GROUP BY kind, uuid
)
SELECT
    (SELECT json_agg({rows} ORDER BY matched DESC, rank DESC, at DESC, best) FROM (
        SELECT * FROM things WHERE {wanted}
        ORDER BY matched DESC, rank DESC, at DESC, best OFFSET %s LIMIT %s) page
        JOIN (SELECT id, {has} FROM scored) best_row ON best_row.id = best),
    (SELECT count(*) FROM things WHERE {wanted}),
    (SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM things GROUP BY kind) k),
    (SELECT ARRAY[{seen}] FROM things),
    (SELECT count(*) FROM candidates)
"""


class _Ranked(NamedTuple):
    """The best row of a thing and, for each term that it has not, the first row that has it."""

    best: int
    elsewhere: tuple[int | None, ...]


def _ranked(
    visible: SearchEntryQuerySet,
    asked: _Asked,
    kinds: Collection[str] | None,
    start: int,
    length: int = PAGE,
) -> tuple[list[_Ranked], int, dict[str, int], list[str], bool]:
    """Return a page of things, how many things there are, also of each kind, and missing words.

    One statement finds the candidates once, ranks them by how many of the words their thing has,
    then by where, then by date, and counts them.
    """
    tiers, params = [], []
    for tier in asked.tiers:
        sql, given = _matching(visible, tier, asked.excludes)
        tiers.append(f"({sql})")
        params += given
    terms = [one.tsquery for one in [*asked.any, *asked.quoted] if one.tsquery]
    numbers = range(len(terms))
    elsewhere = [f"CASE WHEN NOT has{n} THEN first{n} END" for n in numbers]
    wanted, kinds_given = ("kind = ANY(%s)", [list(kinds)]) if kinds is not None else ("true", [])
    statement = _RANKED.format(
        tiers=" UNION ALL ".join(tiers),
        limit=CANDIDATES + 1,
        ranked=CANDIDATES,
        flags=", ".join(["true AS has", *(f"tsv @@ %s::tsquery AS has{n}" for n in numbers)]),
        matched=" + ".join(["0", *(f"bool_or(has{n})::int" for n in numbers)]),
        first=", ".join(
            ["true AS any_", *(f"min(id) FILTER (WHERE has{n}) AS first{n}" for n in numbers)]
        ),
        rows=f"json_build_array({', '.join(['best', *elsewhere])})",
        has=", ".join(["has", *(f"has{n}" for n in numbers)]),
        seen=", ".join(["bool_or(any_)", *(f"count(first{n}) > 0" for n in numbers)]),
        wanted=wanted,
    )
    given = [*params, _any(terms), *terms, *kinds_given, start, length, *kinds_given]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows, total, counts, seen, candidates = cursor.fetchone()
    counts = counts or {}
    missing = [
        one.term.typed
        for one, has in zip(asked.any, seen[1:] if counts else [False] * len(terms), strict=False)
        if not has
    ]
    more_than = candidates > CANDIDATES
    if more_than:  # what the ranked ones have not, others may have
        missing = [typed for typed in missing if not _is_somewhere(visible, typed)]
    page = [_Ranked(best, tuple(others)) for best, *others in rows or []]
    return page, total, counts, missing, more_than


def _matching(visible: SearchEntryQuerySet, tsquery: str, excludes: str) -> tuple[str, list[Any]]:
    """Return the SQL of the viewer's rows that match: the rights stand inside it."""
    where, given = ["search_searchentry.tsv @@ %s::tsquery"], [tsquery]
    if excludes:
        # The word that is excluded may stand in another part of the same thing.
        where.append(
            "NOT EXISTS (SELECT FROM search_searchentry other WHERE other.kind = search_searchentry.kind"
            " AND other.uuid = search_searchentry.uuid AND other.tsv @@ %s::tsquery)"
        )
        given.append(excludes)
    rows = visible.extra(where=where, params=given).order_by()  # noqa: S610 - constants
    sql, params = rows.values("id", "kind", "uuid", "at", "tsv")[
        : CANDIDATES + 1
    ].query.sql_with_params()
    return sql, list(params)


# --- what is shown -------------------------------------------------------------------------------

_PLACES = """
SELECT entry.id, kind, uuid, group_id, url, at, day, title, about, body, (
    SELECT json_object_agg(lexeme, positions) FROM unnest(tsv)
    WHERE lexeme = ANY(%s) OR lexeme LIKE ANY(%s)
) FROM search_searchentry entry WHERE entry.id = ANY(%s)
"""
# The forms in which a term may stand in a row.
_Forms = tuple[Following, ...]


def _hits(ranked: list[_Ranked], terms: list[_Forms]) -> list[Hit]:
    """Read the rows to be shown, and the other parts of long texts that have what those have not."""
    if not ranked:
        return []
    forms = [following for both in terms for following in both]
    words = [word for each in forms for word, _, is_open in each if not is_open]
    begun = [f"{word}%" for each in forms for word, _, is_open in each if is_open]
    pks = {pk for one in ranked for pk in (one.best, *one.elsewhere) if pk}
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [words, begun, list(pks)])
        rows = {row[0]: _Row(*row) for row in cursor.fetchall()}
    return [_hit(one, rows, terms) for one in ranked if one.best in rows]


class _Row(NamedTuple):
    """A row of the index, with the places of the words that were asked for."""

    pk: int
    kind: str
    uuid: UUID
    group_id: int | None
    url: str
    at: datetime
    day: date | None
    title: str
    about: str
    body: str
    found: Mapping[str, Sequence[int]] | None


def _hit(ranked: _Ranked, rows: Mapping[int, _Row], terms: list[_Forms]) -> Hit:
    row = rows[ranked.best]
    places = matched_places(row.found or {}, terms)
    in_title = sum(1 for _ in words_of(row.title))
    return Hit(
        kind=row.kind,
        uuid=row.uuid,
        group_id=row.group_id,
        url=row.url,
        at=row.at,
        day=row.day,
        plain_title=row.title,
        title=marked(row.title, {at: match for at, match in places.items() if at <= in_title}),
        excerpt=_excerpt(ranked, rows, terms, places),
        # A word of the database's own stands after the title.
        about=marked_lines(row.about, places, in_title + 1) if row.about else {},
    )


def _excerpt(
    ranked: _Ranked,
    rows: Mapping[int, _Row],
    terms: list[_Forms],
    places: Mapping[int, Match],
) -> SafeString:
    """Pieces of the best row, and of other rows of the thing for the terms that it has not."""
    best = rows[ranked.best]
    pieces = [excerpt(best.body, places, words_before_body(best.title, best.about))]
    for number, pk in enumerate(ranked.elsewhere):
        if pk and pk in rows and len(pieces) < EXCERPT_FRAGMENTS:
            row = rows[pk]
            further = matched_places(row.found or {}, [terms[number]])
            before = words_before_body(row.title, row.about)
            pieces.append(excerpt(row.body, further, before))
    return joined(pieces)


# --- typing errors -------------------------------------------------------------------------------


class _NearTitle(NamedTuple):
    """A title with a word that shares letters with a typed one, and how alike they are: 0 to 1."""

    pk: int
    title: str
    likeness: float


def _by_likeness(
    visible: SearchEntryQuerySet,
    words: str,
    kinds: Collection[str] | None,
    results: Results,
    near: list[_NearTitle] | None,
) -> Results:
    """Titles that look alike, for typing errors. `near` are those near the words, where known."""
    if near is None or kinds is not None:
        if kinds is not None:
            visible = visible.filter(kind__in=kinds)
        near = _near_titles(visible, words, LIKENESS)
    alike = [_Ranked(title.pk, ()) for title in near if title.likeness >= LIKENESS][:PAGE]
    return Results(
        hits=_hits(alike, []),
        total=len(alike),
        guessed=bool(alike),
        did_you_mean=results.did_you_mean,
        ignored=results.ignored,
    )


def _did_you_mean(
    visible: SearchEntryQuerySet,
    words: str,
    missing: list[str],
    labels: Labels,
    near: dict[str, list[_NearTitle]],
) -> str:
    """Return what was typed with each missing word replaced by the nearest that the viewer may see.

    Adds to `near` the titles that were looked at, by the word that was typed.
    """
    if not missing or not _may_be_mistyped(words):
        return ""
    labelled = {word.text for label in labels() for word in words_of(label)}
    better = words
    for typed in missing:
        if len(typed) < 4:
            continue
        near[typed] = _near_titles(visible, typed, NEAR_LIKENESS)
        titled = {word.text for title in near[typed] for word in words_of(title.title)}
        for word in _nearest(typed.casefold(), titled | labelled):
            if word in titled or _is_somewhere(visible, word):
                better = better.replace(typed, word)
                break
    return better if better.casefold() != words.casefold() else ""


def _near_titles(visible: SearchEntryQuerySet, typed: str, least: float) -> list[_NearTitle]:
    """Titles that are at least so near to what was typed, the nearest first; of very many, some."""
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
        return [_NearTitle(*row) for row in rows]


def _is_somewhere(visible: SearchEntryQuerySet, word: str) -> bool:
    """Whether something that the viewer may see has this word."""
    asked = [one.tsquery for one in _parse([*terms_of(word, 1).any]) if one.tsquery]
    where = ["search_searchentry.tsv @@ %s::tsquery"]
    return any(
        visible.extra(where=where, params=[one]).order_by().exists()  # noqa: S610 - a constant
        for one in asked
    )


def _nearest(typed: str, words: set[str]) -> list[str]:
    """The words from which typing errors make this one, the nearest first: one in a short word."""
    most = 1 if len(typed) < 6 else 2
    near = [
        (errors, -_likeness(typed, word), word)
        for word in words
        if word != typed and (errors := _typing_errors(typed, word, most)) is not None
    ]
    return [word for _errors, _alike, word in sorted(near)]


def _typing_errors(one: str, other: str, most: int) -> int | None:
    """How many letters were left out, added, mistaken or swapped; None where more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        last, row = row, [at]
        for place, its in enumerate(other, start=1):
            errors = min(last[place] + 1, row[-1] + 1, last[place - 1] + (letter != its))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == its:
                errors = min(errors, before[place - 2] + 1)
            row.append(errors)
        before = last
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _likeness(one: str, other: str) -> float:
    """The share of three-letter pieces two words have in common, from 0 to 1."""
    first, second = _pieces(one), _pieces(other)
    return len(first & second) / len(first | second)


def _pieces(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
