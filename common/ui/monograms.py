"""Monograms: one to four letters and one of eight colours, for a name without a picture."""

import re
from zlib import crc32

COLOURS = 8
WORDS = re.compile(r"[^\W_]+(?:[*'’][^\W_]*)?", re.UNICODE)
ASIDE = re.compile(r"\([^)]*\)")
SMALL = {"of", "the", "and", "for", "de", "la", "le", "du", "des", "di", "da", "der", "die", "und"}


def letters_of(name: str) -> str:
    """Return the letters for an organization: "CERN" itself, "LF" of two words, "Co" of one.

    What is in parentheses, such as the name in another script, gives no letter.
    """
    name = ASIDE.sub("", name).strip() or name
    words: list[str] = [word for word in WORDS.findall(name) if word.casefold() not in SMALL]
    if not words:
        return "?"
    first = words[0]
    if first.isupper() and 2 <= len(first) <= 4:
        return first
    if len(words) == 1:
        return first[:2] if first[:1].isascii() else first[:1]
    return "".join(word[0] for word in words[:3]).upper()


def initials_of(name: str) -> str:
    """Return the letters for a person: of the first and the last word of the name."""
    words: list[str] = WORDS.findall(name)
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:1].upper()
    return (words[0][0] + words[-1][0]).upper()


def colour_of(slug: str) -> int:
    """Return one of the eight colours, always the same for the same slug, on every server."""
    return crc32(slug.encode()) % COLOURS
