from django.db import models
from django.utils.translation import gettext_lazy as _

# The `kind` of the preference for the daily digest.
DIGEST = "digest"


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("Mail")


class NotificationState(models.TextChoices):
    """WAITING: to be mailed at `due_at`. DONE: shown, or in the outbox. DROPPED: not allowed any more."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Frequency(models.TextChoices):
    """How soon a person gets mail of a type; the inbox always has the notifications."""

    NOW = "now", _("At once")
    DIGEST = "digest", _("Once a day")
    OFF = "off", _("Inbox only")


class Category(models.TextChoices):
    """The headings of the notification types on the settings page."""

    ALLIANCE = "alliance", _("The alliance")
    ADMINISTRATION = "administration", _("Administration")
    ORGANIZATION = "organization", _("Your organization")
    CHAIRED_GROUPS = "chaired_groups", _("Groups you chair")
    GROUPS = "groups", _("Your groups")
    MEETINGS = "meetings", _("Meetings")
    DISCUSSION = "discussion", _("Discussion")
    DECISIONS = "decisions", _("Decisions")
    DELIVERABLES = "deliverables", _("Deliverables")
