"""States and limits of stored files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    STORED = "stored", _("Stored")
    DISCARDED = "discarded", _("Discarded, bytes still kept")
    REMOVED = "removed", _("Removed, only its checksum is kept")


class ScanState(models.TextChoices):
    """What the virus scanner said of a file."""

    NONE = "none", _("Not scanned")
    WAITING = "waiting", _("Not scanned yet")
    CLEAN = "clean", _("Scanned, nothing found")
    INFECTED = "infected", _("A virus was found")


FILE_MAX_BYTES = 25 * 1024 * 1024
OWNER_MAX_BYTES = 2 * 1024**3
# With the discarded ones, whose bytes lie on the disk for 30 days more.
OWNER_MAX_BYTES_ON_DISK = 2 * OWNER_MAX_BYTES
# How long the bytes of a discarded file can still be brought back.
KEEP_DISCARDED_DAYS = 30


class PictureState(models.TextChoices):
    """How far the copy of a picture is that pages show."""

    WAITING = "waiting", _("Being prepared")
    READY = "ready", _("Shown")
    FAILED = "failed", _("Cannot be shown")


class PictureFailure(models.TextChoices):
    """Why there is no copy of a picture, in words for those who can replace it."""

    TOO_LARGE = "too_large", _("It has more pixels, or more elements, than can be shown.")
    UNREADABLE = "unreadable", _("It is damaged, or not what its ending says.")
    TOO_DEAR = "too_dear", _("Drawing it takes more time or memory than a picture may.")


# Seconds that drawing one picture may take, and how often it is tried when a worker dies amid it.
DRAWING_SECONDS = 30
DRAWING_ATTEMPTS = 3

# Seconds to reach the scanner, until each of its answers, and for one file in all.
SCANNER_CONNECT_SECONDS = 5
SCANNER_ANSWER_SECONDS = 30
SCAN_SECONDS = 120
# After so many seconds a file is offered again: to a scanner that was away, and to one that refused.
SCAN_AGAIN_SECONDS = 30
SCAN_REFUSED_SECONDS = 3600
