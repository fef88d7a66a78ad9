"""Characters that nobody sees, in a name or title that others read in a list.

Direction overrides make a name read as another: U+202E and "ytisrevinU" is shown as "University"
(Unicode Technical Report 36). Fillers and joiners alone make one that shows nothing at all. Both
are refused, here, for forms, actions, the API and imports. Marks that only say which way a letter
faces (U+200E, U+200F, U+061C) and joiners between letters are part of right-to-left and Indic text.
"""

import unicodedata

from django.utils.translation import gettext as _

from common.errors import Invalid

# Embeddings, overrides and isolates: what follows stands elsewhere than it is written.
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks that are drawn as nothing: what Unicode calls Default_Ignorable_Code_Point,
# beside the format characters (Cf). Fillers of Hangul, inherent vowels of Khmer, selectors.
FILLERS = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)
# An empty cell of Braille is drawn as a space, and is none to `str.split`.
_BLANK = FILLERS | {"\u2800"}


def without_fillers(text: str) -> str:
    """The text without letters and marks that are drawn as nothing."""
    return text if text.isascii() else "".join(char for char in text if char not in FILLERS)


def without_reordering(text: str) -> str:
    """The text without the marks that move what follows: for lines that were not typed in a form."""
    return text if text.isascii() else "".join(char for char in text if char not in REORDERING)


def fault_of(line: str) -> str:
    """What is wrong with a name or title of one line, in words; nothing where it can be read."""
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
