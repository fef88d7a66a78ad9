"""Filters of the catalogue, with the number of works each would leave, from one table of counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.functional import Promise

NAMES = ("kind", "area", "licence", "year")
VALUES_MAX = 20
WORDS_MAX_CHARACTERS = 200


@dataclass(frozen=True)
class Count:
    """How many works have this kind, focus area, licence and year."""

    kind: str
    area: str
    licence: str
    year: str
    works: int


@dataclass(frozen=True)
class Asked:
    """What a reader asked for: words, and for each facet the values of which a work has one."""

    words: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Read a query string. Values that a facet does not have are kept, and find nothing."""
        page = query.get("page", "1")
        chosen = {name: frozenset(filter(None, query.getlist(name)[:VALUES_MAX])) for name in NAMES}
        return cls(
            words=query.get("q", "").strip()[:WORDS_MAX_CHARACTERS],
            chosen={name: values for name, values in chosen.items() if values},
            page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
        )

    @property
    def filters(self) -> int:
        return sum(len(values) for values in self.chosen.values())

    def admits(self, count: Count, but: str = "") -> bool:
        """Return whether works of this count pass every facet but the one named `but`."""
        return all(
            getattr(count, name) in values for name, values in self.chosen.items() if name != but
        )


@dataclass(frozen=True)
class Choice:
    value: str
    label: str | Promise
    works: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str | Promise
    choices: list[Choice]


def facet(
    name: str,
    label: str | Promise,
    labels: Mapping[str, str | Promise],
    counts: Sequence[Count],
    asked: Asked,
) -> Facet:
    """Return the facet; each choice has the number of works there would be if it were chosen too.

    The choices are in the order of `labels`. A value without works is left out unless it is chosen.
    Where no work is left at all, every value in `counts` stays, to choose another one.
    """
    works: Counter[str] = Counter()
    is_empty = not any(asked.admits(count) and count.works for count in counts)
    offered = {getattr(count, name) for count in counts} if is_empty else set()
    for count in counts:
        if asked.admits(count, but=name):
            works[getattr(count, name)] += count.works
    chosen = asked.chosen.get(name, frozenset())
    return Facet(
        name,
        label,
        [
            Choice(value, name_of_value, works[value], value in chosen)
            for value, name_of_value in labels.items()
            if works[value] or value in chosen or value in offered
        ],
    )
