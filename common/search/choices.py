"""Languages of the index and the limits of a search."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Config(models.TextChoices):
    ENGLISH = "english", _("English")
    SIMPLE = "simple", _("Any other language")


# The most matches that are ranked. Where there are more, pages say "more than" this number.
CANDIDATES = 1000
PAGE = 20
WORDS_MAX_CHARACTERS = 200
# Words and phrases beyond this number are ignored.
TERMS_MAX = 24
# Private-use characters that cannot be in a text: they once marked a match.
START, STOP = "\ue000", "\ue001"
# How similar a title must be, from 0 to 1, when no entry has the words.
LIKENESS = 0.45
# The same for titles whose words can correct a typing error, and how many are ranked and read.
NEAR_LIKENESS = 0.35
NEAR_TITLES_RANKED = 2000
NEAR_TITLES = 100
# Characters of an excerpt before and after a match, and of an excerpt in one piece.
BEFORE_MATCH, AFTER_MATCH, ALONE = 60, 110, 240
# The most pieces of an excerpt; each shows a term that those before it do not.
EXCERPT_FRAGMENTS = 3


class FileState(models.TextChoices):
    """Whether search has the words of a file."""

    WAITING = "waiting", _("Waiting to be read")
    READ = "read", _("Read")
    FAILED = "failed", _("Not read")


class Reason(models.TextChoices):
    """Why the words of a file are not in search, or not all of them."""

    CUT = "cut", _("Only the first 2,000,000 characters are searched.")
    NO_WORDS = "no_words", _("The file has no text, as with scanned pages.")
    TOO_LARGE = "too_large", _("Reading the file takes too much memory or time.")
    TOO_LONG = "too_long", _("Reading the file takes longer than half a minute.")
    LOCKED = "locked", _("The file is password-protected.")
    BROKEN = "broken", _("The file is damaged or does not match its extension.")
    MISSING = "missing", _("The file is not on the disk.")
    STOPPED = "stopped", _("Reading the file crashed the worker several times.")
