"""Filters of the catalogue with what each would leave, from one small table of counts."""

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
    """So many works of one kind, focus area, licence and year."""

    kind: str
    area: str
    licence: str
    year: str
    works: int


@dataclass(frozen=True)
class Asked:
    """What a reader asked for: words, and per facet the values of which one must hold."""

    words: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Whatever stands in an address: what is no value of a facet just finds nothing."""
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
        """The works of this count pass every facet, the one named `but` left out."""
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
    """The facet with, per value, how many works choosing it as well would show.

    `labels` orders the values. One without works is left out unless it is chosen, or nothing at all
    is left: then all values of `counts` stay to choose another from.
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
            Choice(value, words, works[value], value in chosen)
            for value, words in labels.items()
            if works[value] or value in chosen or value in offered
        ],
    )
