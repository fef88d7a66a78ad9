"""Invisible characters in names and titles that others read in a list.

Direction overrides make a name read as another: U+202E and "ytisrevinU" is shown as "University"
(Unicode Technical Report 36). Fillers and joiners alone make a name that shows nothing at all.
Both are refused for forms, actions, the API and imports. Marks that only say which way a letter
faces (U+200E, U+200F, U+061C) and joiners between letters are part of right-to-left and Indic text.
"""

import unicodedata

from django.utils.translation import gettext as _

from common.errors import Invalid

# Embeddings, overrides and isolates: they move the characters that follow.
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks drawn as nothing, called Default_Ignorable_Code_Point by Unicode, besides the
# format characters (Cf): fillers of Hangul, inherent vowels of Khmer, selectors.
_FILLER_CODES = (
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
    *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
)
FILLERS = frozenset(map(chr, _FILLER_CODES))
# An empty Braille cell is drawn as a space but is none to `str.split`.
_BLANK = FILLERS | {"\u2800"}


def without_fillers(text: str) -> str:
    """Return the text without letters and marks that are drawn as nothing."""
    return text if text.isascii() else "".join(char for char in text if char not in FILLERS)


def without_reordering(text: str) -> str:
    """Return the text without reordering marks: for lines that were not typed in a form."""
    return text if text.isascii() else "".join(char for char in text if char not in REORDERING)


def fault_of(line: str) -> str:
    """Return a sentence on what is wrong with a name or title, or "" where it can be read."""
    if line.isascii():
        return ""
    if not REORDERING.isdisjoint(line):
        return _("Remove the invisible text direction characters.")
    if all(
        char in _BLANK or char.isspace() or unicodedata.category(char) in {"Cf", "Cn"}
        for char in line
    ):
        return _("This has only invisible characters. Type letters or digits.")
    return ""


def refuse_unseen(**lines: str) -> None:
    """Raise Invalid for the first of these names and titles, by field, that cannot be read."""
    for field, line in lines.items():
        if fault := fault_of(line):
            raise Invalid(fault, field=field)
