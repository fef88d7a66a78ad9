"""Verbs of the record about files, and how many files an object can have."""

from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class FileAct(Verb):
    """What was done with a file, recorded of the object that it is attached to."""

    ADDED = "file_added", _("File added")
    REMOVED = "file_removed", _("File removed")


# Files of one object.
ATTACHMENTS_MAX = 50
# Files sent with one form.
ATTACHMENTS_AT_ONCE = 8
