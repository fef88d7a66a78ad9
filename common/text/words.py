"""Cutting a text into words, the smallest parts that comparisons and merging handle."""

import re
import unicodedata

# Scripts without spaces between words: each character is compared by itself.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)


def _marks() -> str:
    """Return the characters that are drawn on the one before them, for a character class."""
    combining = "".join(
        chr(code)
        for code in range(0x300, 0x10000)
        if unicodedata.category(chr(code)).startswith("M")
    )
    return combining + "\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef"


_MARKS = _marks()

# A line break, other white space, a character of an unspaced script, a word, a flag, any other
# sign; each with the marks on it, so that no cut parts a letter from its accent. Groups repeat without
# "+": Python before 3.11.5, as in Debian 12, forgets what a possessive group has matched.
WORD_PATTERN = (
    rf"\n|[^\S\n]+"
    rf"|[{_UNSPACED}][{_MARKS}]*+"
    rf"|[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[{_MARKS}])*"
    rf"|[\U0001f1e6-\U0001f1ff]{{2}}"
    rf"|[^\w\s][{_MARKS}]*+(?:(?<=\u200d)[^\w\s<&][{_MARKS}]*)*"
)
_WORD = re.compile(WORD_PATTERN)


def split_words(text: str) -> list[str]:
    """Return the words, signs and runs of white space of a text; joined, they are the text."""
    return _WORD.findall(text)
