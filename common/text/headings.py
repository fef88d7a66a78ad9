"""Headings: their levels on a page, and anchors as GitHub makes them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Browsers and proxies bear longer ones; a link with this many characters is still copied whole.
ANCHOR_MAX_CHARACTERS = 240


class Outline:
    """The level of each heading on the page, where the page itself has the first.

    It tells how deep a heading stands in the text, not how many # were typed: who begins with ##
    or jumps from # to ### leaves no gap in the outline that screen readers walk.
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

    The second heading of the same words gets "-1", the third "-2"; a name that another heading
    has of itself is passed over.
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
        """Whether this very name was free; from now on it is taken."""
        if not name or name in self._used:
            return False
        self._used[name] = 0
        return True

    def names(self) -> set[str]:
        """All that are taken."""
        return set(self._used)


def anchor_of(words: str) -> str:
    """The anchor of a heading of these words where no other has them."""
    kept = "".join(_in_anchor(character) for character in words.strip().lower())
    return kept[:ANCHOR_MAX_CHARACTERS] or "section"


@lru_cache(maxsize=4096)
def _in_anchor(character: str) -> str:
    if character in {" ", "-"}:
        return "-"
    category = unicodedata.category(character)
    return character if category[0] in "LM" or category in {"Nd", "Pc"} else ""
