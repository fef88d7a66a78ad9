"""Headings: their levels on a page, and anchors as GitHub makes them."""

import unicodedata
from functools import lru_cache

# Browsers and proxies accept longer ones; a link of this length is still copied whole.
ANCHOR_MAX_CHARACTERS = 240


class Outline:
    """The level of each heading on the page, where the page itself has level 1.

    Levels follow the depth in the text, not the number of # that were typed: a text that begins
    with ## or jumps from # to ### leaves no gap in the outline for screen readers.
    """

    def __init__(self) -> None:
        self._open: list[int] = []

    def level(self, typed: int) -> int:
        while self._open and self._open[-1] >= typed:
            self._open.pop()
        self._open.append(typed)
        return min(len(self._open) + 1, 6)


class Anchors:
    """One name for each heading of a text: its words in lower case, joined by hyphens.

    The second heading with the same words gets "-1", the third "-2"; a name that another heading
    has by its own words is skipped.
    """

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def take(self, words: str) -> str:
        slug = anchor_of(words)
        name, number = slug, self._used.get(slug, 0)
        while name in self._used:
            number += 1
            name = f"{slug}-{number}"
        self._used[slug] = number
        self._used[name] = self._used.get(name, 0)
        return name

    def claim(self, name: str) -> bool:
        """Take exactly this name; return whether it was free."""
        if not name or name in self._used:
            return False
        self._used[name] = 0
        return True

    def names(self) -> set[str]:
        """Return all taken names."""
        return set(self._used)


def anchor_of(words: str) -> str:
    """Return the anchor of the first heading with these words."""
    kept = "".join(_in_anchor(character) for character in words.strip().lower())
    return kept[:ANCHOR_MAX_CHARACTERS] or "section"


@lru_cache(maxsize=4096)
def _in_anchor(character: str) -> str:
    if character in {" ", "-"}:
        return "-"
    category = unicodedata.category(character)
    return character if category[0] in "LM" or category in {"Nd", "Pc"} else ""
