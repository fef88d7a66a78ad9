"""The objects that a search shows: their titles and excerpts with the matches marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.safestring import SafeString

from common.search.choices import EXCERPT_FRAGMENTS
from common.search.excerpts import Match, excerpt, joined, marked, marked_lines, matched_places
from common.search.parsing import TermForms
from common.search.ranking import RankedObject
from common.search.vectors import words_before_body
from common.search.words import words_of

_PLACES = """
SELECT entry.id, kind, uuid, group_id, url, at, day, title, about, body, (
    SELECT json_object_agg(lexeme, positions) FROM unnest(tsv)
    WHERE lexeme = ANY(%s) OR lexeme LIKE ANY(%s)
) FROM search_searchentry entry WHERE entry.id = ANY(%s)
"""


@dataclass(frozen=True)
class Hit:
    """One thing that a search found; `title` and `excerpt` are escaped HTML with <mark> on matches.

    `about` maps each matching line about the object (its kind, focus area, group, names) to the same
    line as HTML.
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


class _Row(NamedTuple):
    """A row of the index, with the places of the words that were searched."""

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
    word_places: Mapping[str, Sequence[int]] | None


def hits_of(objects: Sequence[RankedObject], terms: Sequence[TermForms]) -> list[Hit]:
    """Return the hits for these objects. Reads their best rows and the rows of the lacking terms."""
    if not objects:
        return []
    forms = [form for term in terms for form in term]
    words = [word for form in forms for word, _, is_open in form if not is_open]
    beginnings = [f"{word}%" for form in forms for word, _, is_open in form if is_open]
    pks = {pk for ranked in objects for pk in (ranked.best, *ranked.elsewhere) if pk}
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [words, beginnings, list(pks)])
        rows = {row[0]: _Row(*row) for row in cursor.fetchall()}
    return [_hit(ranked, rows, terms) for ranked in objects if ranked.best in rows]


def _hit(ranked: RankedObject, rows: Mapping[int, _Row], terms: Sequence[TermForms]) -> Hit:
    row = rows[ranked.best]
    places = matched_places(row.word_places or {}, terms)
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
        # The boundary of `vectors.py` follows the title and counts as a word.
        about=marked_lines(row.about, places, in_title + 1) if row.about else {},
    )


def _excerpt(
    ranked: RankedObject,
    rows: Mapping[int, _Row],
    terms: Sequence[TermForms],
    places: Mapping[int, Match],
) -> SafeString:
    """Pieces of the best row, and of other rows of the thing for the terms that the best lacks."""
    best = rows[ranked.best]
    pieces = [excerpt(best.body, places, words_before_body(best.title, best.about))]
    for number, pk in enumerate(ranked.elsewhere):
        if pk and pk in rows and len(pieces) < EXCERPT_FRAGMENTS:
            row = rows[pk]
            further = matched_places(row.word_places or {}, [terms[number]])
            before = words_before_body(row.title, row.about)
            pieces.append(excerpt(row.body, further, before))
    return joined(pieces)
