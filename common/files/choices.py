"""States and limits of stored files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    STORED = "stored", _("Stored")
    DISCARDED = "discarded", _("Discarded, can be restored")
    REMOVED = "removed", _("Removed, only its checksum is kept")


class ScanState(models.TextChoices):
    """What the virus scanner said of a file."""

    NONE = "none", _("Not scanned")
    WAITING = "waiting", _("Not scanned yet")
    CLEAN = "clean", _("Scanned, nothing found")
    INFECTED = "infected", _("A virus was found")


FILE_MAX_BYTES = 25 * 1024 * 1024
OWNER_MAX_BYTES = 2 * 1024**3
# Including discarded files, whose bytes stay on disk for 30 more days.
OWNER_MAX_BYTES_ON_DISK = 2 * OWNER_MAX_BYTES
# How long a discarded file can be restored.
KEEP_DISCARDED_DAYS = 30


class PictureState(models.TextChoices):
    """State of the copy that pages show of a picture."""

    WAITING = "waiting", _("Being prepared")
    READY = "ready", _("Shown")
    FAILED = "failed", _("Cannot be shown")


class PictureFailure(models.TextChoices):
    """Why there is no copy of a picture, in words for those who can replace it."""

    TOO_LARGE = "too_large", _("It has more pixels or elements than we can show.")
    UNREADABLE = "unreadable", _("It is damaged or does not match its extension.")
    TOO_DEAR = "too_dear", _("Drawing it takes too much time or memory.")


# Time limit for drawing one picture, and how often it is tried when a worker dies meanwhile.
DRAWING_SECONDS = 30
DRAWING_ATTEMPTS = 3

# Time limits for connecting to the scanner, for each of its answers, and for one whole file.
SCANNER_CONNECT_SECONDS = 5
SCANNER_ANSWER_SECONDS = 30
SCAN_SECONDS = 120
# When a file is offered again: to a scanner that was unreachable, and to one that refused it.
SCAN_AGAIN_SECONDS = 30
SCAN_REFUSED_SECONDS = 3600
