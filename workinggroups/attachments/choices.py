"""Verbs of the record about files, and how many one object may have."""

from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class FileAct(Verb):
    """What was done with a file, recorded of the object that it is attached to."""

    ADDED = "file_added", _("File added")
    REMOVED = "file_removed", _("File removed")


# Files of one object.
ATTACHMENTS_MAX = 50
# With one form; the rest can be added later, where the thing takes more.
ATTACHMENTS_AT_ONCE = 8
