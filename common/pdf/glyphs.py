"""The fonts that are shipped for PDF: which characters they have, and their order for a text."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("fonts")
SERIF, SANS, MONO = "Source Serif 4", "Source Sans 3", "Source Code Pro"
_OTHERS = ("Noto Naskh Arabic", "Noto Sans Hebrew", "Noto Serif Devanagari", "Noto Sans Thai")
_SIGNS = ("Noto Sans Symbols 2", "Noto Sans Math", "Noto Emoji")
_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_JAPANESE, _KOREAN, _CHINESE = "Noto Sans JP", "Noto Sans KR", "Noto Sans SC"


def families(text: str) -> dict[str, list[str]]:
    """Return the families to try for each face, in order.

    A Han character is drawn in the Japanese way where the text has kana, else in the Chinese way.
    """
    has_kana = _KANA.search(text) is not None
    han = (_JAPANESE, _CHINESE) if has_kana else (_CHINESE, _JAPANESE)
    others = [*_OTHERS, *han, _KOREAN, *_SIGNS]
    return {
        "serif": [SERIF, *others],
        "sans": [SANS, *others],
        "mono": [MONO, SANS, *others],
    }


def missing(text: Iterable[str]) -> list[str]:
    """Return the characters that no font has, each once, in order."""
    known = covered()
    return sorted(char for char in set(text) if ord(char) not in known and _has_shape(char))


def _has_shape(char: str) -> bool:
    """Tell whether a character has a shape: not a space, a control or an invisible mark."""
    return unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}


@cache
def covered() -> frozenset[int]:
    """Return the code points that the fonts have, from `coverage.txt`, which fonts/README.md explains."""
    codes: set[int] = set()
    for line in (FOLDER / "coverage.txt").read_text("ascii").split():
        first, _, last = line.partition("-")
        codes.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(codes)
