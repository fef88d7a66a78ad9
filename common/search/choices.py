"""Languages of the index and the limits of a search."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Config(models.TextChoices):
    ENGLISH = "english", _("English")
    SIMPLE = "simple", _("Any other language")


# Only so many matches are ranked. More are told as "more than" what these are.
CANDIDATES = 1000
PAGE = 20
WORDS_MAX_CHARACTERS = 200
# What is typed after so many words and phrases is not asked.
TERMS_MAX = 24
# Private-use characters that cannot be in a text: they once marked a match.
START, STOP = "\ue000", "\ue001"
# How alike a title must look, from 0 to 1, when no entry has the words.
LIKENESS = 0.45
# The same of titles whose words may correct a typing error; so many of them are ranked and read.
NEAR_LIKENESS = 0.35
NEAR_TITLES_RANKED = 2000
NEAR_TITLES = 100
# Characters of an excerpt around a match, and of an excerpt in one piece.
BEFORE_MATCH, AFTER_MATCH, ALONE = 60, 110, 240
# Each shows a word that the ones before it do not.
EXCERPT_FRAGMENTS = 3


class FileState(models.TextChoices):
    """How far search is with the words of a file."""

    WAITING = "waiting", _("Waiting to be read")
    READ = "read", _("Read")
    FAILED = "failed", _("Not read")


class Reason(models.TextChoices):
    """Why the words of a file are not in search, or not all of them."""

    CUT = "cut", _("Only the first 2,000,000 characters are searched.")
    NO_WORDS = "no_words", _("The file has no words, as with scanned pages.")
    TOO_LARGE = "too_large", _("Reading the file takes too much memory or time.")
    TOO_LONG = "too_long", _("Reading the file takes longer than half a minute.")
    LOCKED = "locked", _("The file asks for a password.")
    BROKEN = "broken", _("The file is damaged, or of another kind than its name says.")
    MISSING = "missing", _("The file is not on the disk.")
    STOPPED = "stopped", _("Reading the file ended the worker several times.")
