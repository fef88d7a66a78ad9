"""States and limits of stored files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    STORED = "stored", _("Stored")
    DISCARDED = "discarded", _("Discarded, bytes still kept")
    REMOVED = "removed", _("Removed, only its checksum is kept")


FILE_MAX_BYTES = 25 * 1024 * 1024
OWNER_MAX_BYTES = 2 * 1024**3
# How long the bytes of a discarded file can still be brought back.
KEEP_DISCARDED_DAYS = 30
