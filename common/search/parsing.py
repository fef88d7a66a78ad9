"""What a person typed, as full-text queries of the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from common.search.excerpts import Following
from common.search.words import Term, Terms

# The ways in which the words of a term can follow one another in a row: in English, unstemmed.
TermForms = tuple[Following, ...]

_PARSE = """
SELECT (CASE WHEN english = simple THEN english ELSE english || simple END)::text, numnode(english) = 0,
    (SELECT json_agg(json_build_array(lexeme, positions)) FROM unnest(to_tsvector('alliance_english', words))),
    (SELECT json_agg(json_build_array(lexeme, positions)) FROM unnest(to_tsvector('alliance_simple', words)))
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS typed(query, words, at),
    to_tsquery('alliance_english', query) english, to_tsquery('alliance_simple', query) simple
ORDER BY at
"""


@dataclass(frozen=True)
class ParsedTerm:
    """A term as the database reads it, in English and unstemmed; `is_common` for a stop word."""

    term: Term
    tsquery: str
    is_common: bool
    forms: TermForms


class ParsedTerms:
    """All terms of a search, parsed by one short statement.

    `ignored` are the stop words that are left out of the search.
    """

    def __init__(self, terms: Terms) -> None:
        parsed = parse_terms([*terms.any, *terms.quoted, *terms.excluded])
        any_of = parsed[: len(terms.any)]
        quoted = parsed[len(terms.any) : len(terms.any) + len(terms.quoted)]
        excluded = parsed[len(terms.any) + len(terms.quoted) :]
        specific = [term for term in any_of if not term.is_common]
        # Stop words are searched only where nothing else was typed: in texts of other languages
        # they can be names.
        self.any = specific if specific or quoted or excluded else any_of
        self.ignored = tuple(term.term.typed for term in any_of if term not in self.any)
        self.quoted = quoted
        self.excluded = [term.tsquery for term in excluded if term.tsquery]
        self.forms = [term.forms for term in [*self.any, *quoted] if term.tsquery]

    @property
    def tiers(self) -> list[str]:
        """Queries from the strictest to the widest; no row matches two of them."""
        always = [term.tsquery for term in self.quoted]
        always += [f"!( {tsquery} )" for tsquery in self.excluded]
        words = [term.tsquery for term in self.any]
        if len(words) < 2 or self.quoted:
            # Beside a phrase the words only decide what comes first.
            wide = [] if self.quoted else words
            strict = [_all([*always, *words])] if self.quoted and words else []
        else:
            wide = [any_query(words)]
            strict = [_all([*always, *words])]
            if 2 < len(words) <= 6:
                but_one = [_all(words[:at] + words[at + 1 :]) for at in range(len(words))]
                strict.append(_all([*always, any_query(but_one)]))
        tiers = [*strict, _all([*always, *wide])]
        return [
            _all([tier, *(f"!( {before} )" for before in tiers[:at] if before)])
            for at, tier in enumerate(tiers)
        ]

    @property
    def excluding(self) -> str:
        """The query for rows with an excluded word; empty without one."""
        return any_query(self.excluded) if self.excluded else ""


def any_query(tsqueries: Sequence[str]) -> str:
    """Return the query for rows that match at least one of these."""
    return " | ".join(f"( {tsquery} )" for tsquery in tsqueries if tsquery)


def _all(tsqueries: Sequence[str]) -> str:
    return " & ".join(f"( {tsquery} )" for tsquery in tsqueries if tsquery)


def parse_terms(terms: Sequence[Term]) -> list[ParsedTerm]:
    tsqueries = [
        " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.is_open else "")
        for term in terms
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PARSE, [tsqueries, [" ".join(term.words) for term in terms]])
        rows = cursor.fetchall()
    return [
        ParsedTerm(
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
