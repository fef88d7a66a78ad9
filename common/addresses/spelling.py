"""Spelling an address: the last part of a URL, made of a name in any script.

Letters with a fixed Latin form (see `common.letters`) get it; all others stay in their own script
and are percent-encoded on the wire.
"""

import unicodedata
from collections.abc import Iterator

from common.letters import APOSTROPHES, folded, is_mark, latin_form, script_of

# Of the column; a number such as "-12" fits after the longest address made of a name.
ADDRESS_MAX_CHARACTERS = 80
# Percent-encoding makes nine characters of one Han character, and links must fit everywhere.
MADE_MAX_CHARACTERS = 70
MADE_MAX_BYTES = 72
# How many signs of a name without letters are spelled out.
SIGNS_NAMED = 3


def address_of(text: str) -> str:
    """Return the address slug of this name or this choice of staff; empty where none can be slug.

    Lower case, words divided by hyphens. A name of signs alone becomes the names of its signs:
    "rocket" for the emoji.
    """
    usual = folded(text)
    slug = _cut(_tidy("".join(_spelled(usual))))
    return slug or _cut(_tidy("-".join(_named_signs(usual))))


def is_address(text: str) -> bool:
    """Whether `text` can be an address, so that a lookup is worth it."""
    return (
        0 < len(text) <= ADDRESS_MAX_CHARACTERS
        and not is_mark(text[0])
        and all(char in "-_" or char.isalnum() or is_mark(char) for char in text)
    )


def letters_of(text: str) -> str:
    """Return the letters and digits of the address of `text`, before it is cut."""
    return "".join(char for char in _tidy("".join(_spelled(folded(text)))) if char not in "-_")


def _spelled(usual: str) -> Iterator[str]:
    after_latin = after_letter = False
    for char in usual:
        if char in APOSTROPHES or char == ".":
            continue
        if is_mark(char):
            if after_letter and not after_latin:
                yield char
            continue
        form = latin_form(char)
        after_letter, after_latin = char.isalnum(), form is not None
        if char == "_":
            yield char
        elif not char.isalnum():
            yield "-"
        elif form is not None:
            yield form
        else:
            digit = unicodedata.decimal(char, None)
            yield char if digit is None else str(digit)


def _named_signs(usual: str) -> Iterator[str]:
    """Yield the Unicode names of the first different signs, such as "exclamation-mark"."""
    signs = [
        char
        for char in dict.fromkeys(usual)
        if not char.isspace() and script_of(char) != "VARIATION"
    ]
    for char in signs[:SIGNS_NAMED]:
        yield "".join(
            each if each.isalnum() else "-" for each in unicodedata.name(char, "").lower()
        )


def _tidy(slug: str) -> str:
    """Return the slug with one hyphen between words and none at the ends, in NFC."""
    words = "-".join(word for word in slug.split("-") if word.strip("_"))
    return unicodedata.normalize("NFC", words.strip("_"))


def _cut(slug: str) -> str:
    """Cut to the longest allowed address, between words where one ends in the second half."""
    cut = slug[:MADE_MAX_CHARACTERS]
    while len(cut.encode()) > MADE_MAX_BYTES:
        cut = cut[:-1]
    while len(cut) < len(slug) and cut and is_mark(slug[len(cut)]):
        # A letter keeps all its marks or is cut too.
        cut = cut[:-1]
    if len(cut) < len(slug) and slug[len(cut)] != "-" and cut.rfind("-") > len(cut) // 2:
        cut = cut[: cut.rfind("-")]
    return cut.rstrip("-_")
