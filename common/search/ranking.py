"""Finding the rows that match a search, ranking their objects and counting them, in one statement."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from common.search.choices import CANDIDATES, PAGE
from common.search.models import SearchEntryQuerySet
from common.search.parsing import ParsedTerms, any_query, parse_terms
from common.search.words import terms_of

_RANKED = """
WITH candidates AS MATERIALIZED (SELECT * FROM ({tiers}) AS tiers LIMIT {limit}),
scored AS MATERIALIZED (
    SELECT id, kind, uuid, at, ts_rank(tsv, %s::tsquery) AS rank, {flags} FROM candidates
    LIMIT {ranked}
),
objects AS MATERIALIZED (
    SELECT kind, uuid, max(at) AS at, max(rank) AS rank, {matched} AS matched,
        (array_agg(id ORDER BY rank DESC, id))[1] AS best, {first}
    FROM scored GROUP BY kind, uuid
)
SELECT
    (SELECT json_agg({rows} ORDER BY matched DESC, rank DESC, at DESC, best) FROM (
        SELECT * FROM objects WHERE {wanted}
        ORDER BY matched DESC, rank DESC, at DESC, best OFFSET %s LIMIT %s) page
        JOIN (SELECT id, {has} FROM scored) best_row ON best_row.id = best),
    (SELECT count(*) FROM objects WHERE {wanted}),
    (SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM objects GROUP BY kind) k),
    (SELECT ARRAY[{seen}] FROM objects),
    (SELECT count(*) FROM candidates)
"""


class RankedObject(NamedTuple):
    """The best row of an object and, for each term that row lacks, the first row that has it."""

    best: int
    elsewhere: tuple[int | None, ...] = ()


class Ranking(NamedTuple):
    """A page of ranked objects.

    `total` counts the objects of the wanted kinds and `counts` those of each kind. `missing` are the
    typed words that no row has. `more_than` is true where more rows match than are ranked.
    """

    page: list[RankedObject]
    total: int
    counts: dict[str, int]
    missing: list[str]
    more_than: bool


def rank(
    visible: SearchEntryQuerySet,
    terms: ParsedTerms,
    kinds: Collection[str] | None,
    start: int,
    length: int = PAGE,
) -> Ranking:
    """Return `length` objects from `start` on, best first.

    One statement finds the candidates once, ranks them by how many of the words their object has,
    then by where, then by date, and counts them.
    """
    tiers: list[str] = []
    params: list[str | int | list[str]] = []
    for tier in terms.tiers:
        sql, tier_params = _matching(visible, tier, terms.excluding)
        tiers.append(f"({sql})")
        params += tier_params
    tsqueries = [term.tsquery for term in [*terms.any, *terms.quoted] if term.tsquery]
    numbers = range(len(tsqueries))
    elsewhere = [f"CASE WHEN NOT has{n} THEN first{n} END" for n in numbers]
    wanted, kind_params = ("kind = ANY(%s)", [list(kinds)]) if kinds is not None else ("true", [])
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
    params += [any_query(tsqueries), *tsqueries, *kind_params, start, length, *kind_params]
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows, total, counts, seen, candidates = cursor.fetchone()
    counts = counts or {}
    are_present = seen[1:] if counts else [False] * len(tsqueries)
    missing = [
        term.term.typed
        for term, is_present in zip(terms.any, are_present, strict=False)
        if not is_present
    ]
    more_than = candidates > CANDIDATES
    if more_than:  # the rows that are not ranked may have the words that the ranked ones lack
        missing = [typed for typed in missing if not has_word(visible, typed)]
    page = [RankedObject(best, tuple(others)) for best, *others in rows or []]
    return Ranking(page, total, counts, missing, more_than)


def _matching(
    visible: SearchEntryQuerySet, tsquery: str, excluding: str
) -> tuple[str, tuple[str | int, ...]]:
    """Return SQL and parameters of the visible rows that match; the SQL has the viewer's rights."""
    where, where_params = ["search_searchentry.tsv @@ %s::tsquery"], [tsquery]
    if excluding:
        # The excluded word may be in another part of the same thing.
        where.append(
            "NOT EXISTS (SELECT FROM search_searchentry other WHERE other.kind = search_searchentry.kind"
            " AND other.uuid = search_searchentry.uuid AND other.tsv @@ %s::tsquery)"
        )
        where_params.append(excluding)
    rows = visible.extra(where=where, params=where_params).order_by()  # noqa: S610 - constants
    candidates = rows.values("id", "kind", "uuid", "at", "tsv")[: CANDIDATES + 1]
    return candidates.query.sql_with_params()


def has_word(visible: SearchEntryQuerySet, word: str) -> bool:
    """Whether something that the viewer may see has this word."""
    tsqueries = [term.tsquery for term in parse_terms(terms_of(word, 1).any) if term.tsquery]
    where = ["search_searchentry.tsv @@ %s::tsquery"]
    return any(
        visible.extra(where=where, params=[tsquery]).order_by().exists()  # noqa: S610 - a constant
        for tsquery in tsqueries
    )
