from django.db import models
from django.utils.translation import gettext_lazy as _

# The kind of preference that a reader's whole daily digest has.
DIGEST = "digest"


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("Mail")


class NoticeState(models.TextChoices):
    """WAITING: to be mailed at `due_at`. DONE: shown or handed to the mail room. DROPPED: no right any more."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Rhythm(models.TextChoices):
    """How soon mail about a kind of notice reaches somebody; the inbox always has it."""

    NOW = "now", _("At once")
    DIGEST = "digest", _("Once a day")
    OFF = "off", _("Inbox only")
