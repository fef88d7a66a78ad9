"""Text that a browser cannot draw in bounded time, found before it is saved.

Shaping takes time quadratic in the marks on one letter, and in the length of a word whose letters
join. Thousands of accents on one letter, or one Arabic word of a hundred thousand letters, keep each
reader's browser busy for most of a minute. No real text has more than a few.
"""

import re
import unicodedata
from functools import cache

from django.utils.translation import gettext as _

MARKS_MAX = 20
JOINED_LETTERS_MAX = 2000
# Thai and Lao AM are letters, and shown as a mark and a letter.
_SHOWN_AS_MARKS = "\u0e33\u0eb3"
# Arabic, Syriac, Thaana, N'Ko and Mandaic with their supplements, and their presentation forms.
_JOINED = re.compile("[\u0600-\u085f\u0860-\u08ff\ufb50-\ufdff\ufe70-\ufefe]+")
_PLANES_WITH_MARKS = (range(0x300, 0x1F000), range(0xE0100, 0xE01F0))


def shaping_fault(text: str) -> str:
    """Return a sentence on the first place that a browser cannot draw in bounded time, or ""."""
    if text.isascii():
        return ""
    if match := _marks().search(text):
        words = _("A letter has too many accents: the limit is %(count)d.")
        words, start = words % {"count": MARKS_MAX}, max(match.start() - 1, 0)
    elif match := _long_joined_word(text):
        words = _("A word has more than %(count)d letters. Add spaces.")
        words, start = words % {"count": JOINED_LETTERS_MAX}, match.start()
    else:
        return ""
    if "\n" not in text:
        return words
    return _("%(sentence)s See line %(line)d, column %(column)d.") % {
        "sentence": words,
        "line": text.count("\n", 0, start) + 1,
        "column": start - text.rfind("\n", 0, start),
    }


def _long_joined_word(text: str) -> re.Match[str] | None:
    words = _JOINED.finditer(text)
    return next((word for word in words if len(word[0]) > JOINED_LETTERS_MAX), None)


@cache
def _marks() -> re.Pattern[str]:
    """Return a pattern for too many marks; made in 20 ms when the first text needs it."""
    spans: list[list[int]] = []
    for code in (code for plane in _PLANES_WITH_MARKS for code in plane):
        if unicodedata.category(chr(code))[0] == "M" or chr(code) in _SHOWN_AS_MARKS:
            if spans and spans[-1][1] == code - 1:
                spans[-1][1] = code
            else:
                spans.append([code, code])
    letters = "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)
    return re.compile(f"[{letters}]{{{MARKS_MAX + 1}}}")
