"""The parts of a person's name, as reference managers want them.

A person types one name, and no rule divides all of them rightly. This one does what BibTeX does
with a name that has no comma: the last word is the family name, with the particles in small
letters before it (von, de la, bin). Two more things can be seen in the name itself: one written in
Han, Hangul or kana has the family name first, and what ends in "Jr." or "III" has a suffix. A name
of one word stays whole.
"""

import re
from typing import NamedTuple

# Scripts of China, Korea and Japan.
_FAMILY_FIRST = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}


class Name(NamedTuple):
    """`family` alone, with neither given name nor suffix, is a name that stays whole."""

    family: str
    given: str = ""
    suffix: str = ""


def name_of(written: str) -> Name:
    """Return the parts of the name of a person."""
    words = written.split()
    suffix = ""
    if len(words) > 2 and words[-1].strip(".,").lower() in _SUFFIXES:
        suffix = words.pop()
        words[-1] = words[-1].rstrip(",")
    if len(words) < 2:
        return Name(" ".join(words))
    if all(_FAMILY_FIRST.search(word) for word in words):
        return Name(words[0], " ".join(words[1:]), suffix)
    # The first word is a given name, also in small letters; the last one belongs to the family.
    begins = next((at for at in range(1, len(words) - 1) if words[at][0].islower()), len(words) - 1)
    return Name(" ".join(words[begins:]), " ".join(words[:begins]), suffix)
