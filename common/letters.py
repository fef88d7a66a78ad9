"""Characters of names: their script, their fixed Latin form, their usual form.

A letter has a *fixed Latin form* where its script writes every sound and has one customary
transcription that reads letter by letter: Latin itself, Cyrillic, Greek, Armenian, Georgian. All
other letters stay as they are: the reading of Han depends on the language and the word; kana,
Hangul, Thai, Lao, Khmer and Burmese have several transcriptions that follow the sound of whole
syllables; Arabic and Hebrew do not write their short vowels; Indic scripts do not write where the
inherent vowel is silent.
"""

import unicodedata
from functools import lru_cache

from anyascii import anyascii

SCRIPTS_WITH_FIXED_LATIN_FORM = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN")
APOSTROPHES = frozenset("'’‘‛`´ʼʻʽʾʿʹʺ′‵＇׳״")
# Vowels that NFKC would decompose, which would change the name that was typed.
NOT_DECOMPOSED = frozenset("\u0e33\u0eb3")


def without_compatibility_forms(text: str) -> str:
    """Return `text` in NFC with full-width, half-width and similar forms replaced by the usual ones.

    Invisible format characters (joiners, direction marks) are removed.
    """
    usual = "".join(
        char if char in NOT_DECOMPOSED else unicodedata.normalize("NFKC", char)
        for char in unicodedata.normalize("NFC", text)
        if unicodedata.category(char) != "Cf"
    )
    return unicodedata.normalize("NFC", usual)


def folded(text: str) -> str:
    """Return `text` without compatibility forms and case; twice, since folding can make new ones."""
    once = without_compatibility_forms(text).casefold()
    return without_compatibility_forms(once).casefold()


def latin_form(char: str) -> str | None:
    """Return the fixed Latin form of a letter, or None."""
    if char.isascii():
        return char
    return _latin_form(char)


def script_of(char: str) -> str:
    """Return the first word of the character's Unicode name, such as LATIN, CJK or HANGUL."""
    return unicodedata.name(char, "").partition(" ")[0]


def is_mark(char: str) -> bool:
    """Whether the character is a combining mark: an accent, a vowel sign, a tone mark."""
    return unicodedata.category(char).startswith("M")


@lru_cache(maxsize=4096)
def _latin_form(char: str) -> str | None:
    if not unicodedata.category(char).startswith("L"):
        return None
    if script_of(char) not in SCRIPTS_WITH_FIXED_LATIN_FORM:
        return None
    return "".join(each for each in anyascii(char).lower() if each.isalnum())


@lru_cache(maxsize=4096)
def plain_latin(char: str) -> str:
    """Return a Latin letter such as ł or ø in its plain form, and anything else unchanged."""
    if char.isascii() or script_of(char) != "LATIN":
        return char
    return _latin_form(char) or char
