"""States of a PDF, and limits with their units."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# The longest content, as JSON: the largest text has half a megabyte.
CONTENT_MAX_BYTES = 24 * 1024**2
TYPESETTING_SECONDS = 80
TYPESETTING_ATTEMPTS = 3
# A worker that holds a file for longer than this has died.
DIED_AFTER = timedelta(minutes=5)
# Of one owner and kind, so many finished files are kept.
FILES_KEPT = 10
# A file that nobody asked for in so long is removed, and made again when somebody asks for it.
UNUSED_DAYS = 30
# Of the characters without a glyph, and of the pictures without words, so many are listed.
MISSING_SHOWN = 50
# Of the address of such a picture, so many characters.
MISSING_WORDS_MAX_CHARACTERS = 200


class PdfState(models.TextChoices):
    """REQUESTED: waits for a worker. RUNNING: a worker makes it."""

    REQUESTED = "requested", _("Waiting for its turn")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


class PdfFailure(models.TextChoices):
    TOO_LARGE = "too_large", _("Too large, or too much work")
    UNREADABLE = "unreadable", _("The typesetter refused it")
    NO_TYPESETTER = "no_typesetter", _("This installation has no typesetter (typst)")
