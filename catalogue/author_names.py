"""Divide a person's name into the parts that reference managers want.

People type one name, and no rule divides all names correctly. The rule is BibTeX's for a name
without a comma: the last word is the family name, with the lower-case particles before it (von,
de la, bin). Besides, a name in Han, Hangul or kana begins with the family name, and "Jr." or "III"
at the end is a suffix. A name of one word is not divided.
"""

import re
from typing import NamedTuple

# Scripts of China, Korea and Japan.
_FAMILY_FIRST = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}


class Name(NamedTuple):
    """Parts of a name; one that is not divided is all `family`."""

    family: str
    given: str = ""
    suffix: str = ""


def name_of(written: str) -> Name:
    """Return the parts of a person's name."""
    words = written.split()
    suffix = ""
    if len(words) > 2 and words[-1].strip(".,").lower() in _SUFFIXES:
        suffix = words.pop()
        words[-1] = words[-1].rstrip(",")
    if len(words) < 2:
        return Name(" ".join(words))
    if all(_FAMILY_FIRST.search(word) for word in words):
        return Name(words[0], " ".join(words[1:]), suffix)
    # The first word is a given name, also in lower case; the last one belongs to the family name.
    family = next((at for at in range(1, len(words) - 1) if words[at][0].islower()), len(words) - 1)
    return Name(" ".join(words[family:]), " ".join(words[:family]), suffix)
