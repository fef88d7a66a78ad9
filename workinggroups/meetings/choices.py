from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class MinutesState(models.TextChoices):
    """NONE: the notes are still open. DRAFT: offered for correction. APPROVED: the minutes."""

    NONE = "none", _("Notes open")
    DRAFT = "draft", _("Draft minutes")
    APPROVED = "approved", _("Approved minutes")


class Goal(models.TextChoices):
    INFORM = "inform", _("To inform")
    DISCUSS = "discuss", _("To discuss")
    DECIDE = "decide", _("To decide")


class AttendanceState(models.TextChoices):
    COMING = "coming", _("Coming")
    REGRETS = "regrets", _("Regrets")
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")
