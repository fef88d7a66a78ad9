"""States of a meeting and its minutes, and limits with their units."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb

MEETING_MAX_MINUTES = 24 * 60
AGENDA_MAX_ITEMS = 60
# At most so many action items per save of the notes, since each one notifies its owner.
ITEMS_AT_ONCE = 200
# Minutes not approved so many days after the meeting are shown as late.
MINUTES_DUE_DAYS = 21
CORRECTION_DAYS = 7
# A calendar feed has meetings of so many days before and after today, up to a maximum.
FEED_PAST_DAYS = 90
FEED_COMING_DAYS = 400
FEED_MAX_MEETINGS = 500
FEED_MAX_SERIES = 100


# Meetings of a series exist so many days ahead, and at least one of them.
SERIES_AHEAD_DAYS = 200
SERIES_MAX_INTERVAL = 12
SERIES_MAX_SKIPPED = 100  # days
SKIPPED_REASON_MAX_CHARACTERS = 100
# Of each series, so many coming meetings are listed with those of the group.
SERIES_SHOWN = 3
# So many coming meetings of a series can be extra ones.
SERIES_MAX_EXTRA = 50
# The longest meeting of several days.
SEVERAL_DAYS_MAX = 14
# While a series is planned: at how many of its dates we look who has another meeting, and how many of
# them are shown.
DATES_CHECKED = 30
DATES_SHOWN = 4


class Frequency(models.TextChoices):
    """How often a series meets; weekday and day of the month are those of its first meeting.

    DAILY: the days of one meeting of several days, which has a last day.
    """

    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY_WEEKDAY = "monthly_weekday", _("Monthly on the same weekday")
    MONTHLY_LAST = "monthly_last", _("Monthly on the last such weekday")
    MONTHLY_DAY = "monthly_day", _("Monthly on the same day of the month")


# What can be chosen for a meeting that repeats.
REPEATING = [choice for choice in Frequency.choices if choice[0] != Frequency.DAILY]


class SeriesState(models.TextChoices):
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


class InSeries(models.TextChoices):
    """How a meeting belongs to its series.

    DATE: by the rule. EXTRA: scheduled beside the rule. DROPPED: a changed rule has no date for it, so
    it is cancelled. Empty for a meeting of no series.
    """

    DATE = "date", _("Date of the series")
    EXTRA = "extra", _("Extra meeting")
    DROPPED = "dropped", _("Without a date")


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Scheduled")
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
    REGRETS = "regrets", _("Can't come")
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")


class TextOutcome(models.TextChoices):
    """What happened to a text that could not be saved because another person saved first."""

    OPEN = "open", _("Waiting for its author")
    MERGED = "merged", _("Merged")
    SAVED = "saved", _("Saved over the other")
    SET_ASIDE = "set_aside", _("Set aside")


class CorrectionKind(models.TextChoices):
    ASKED = "asked", _("Requested for the draft")
    NOTE = "note", _("Correction to the approved minutes")


class SeriesAct(Verb):
    PLANNED = "planned", _("Planned")
    CHANGED = "changed", _("Changed")
    ENDED = "ended", _("Ended")


class MeetingAct(Verb):
    PLANNED = "planned", _("Planned")
    ENTERED_AFTERWARDS = "entered_afterwards", _("Added afterwards")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    AGENDA_POSTED = "agenda_posted", _("Agenda posted")
    ATTENDANCE_RECORDED = "attendance_recorded", _("Attendance recorded")
    NOTES_RESTORED = "notes_restored", _("Earlier notes restored")
    MINUTES_OFFERED = "minutes_offered", _("Draft minutes offered")
    NOTES_REOPENED = "notes_reopened", _("Notes reopened")
    MINUTES_APPROVED = "minutes_approved", _("Minutes approved")
    MINUTES_UNLOCKED = "minutes_unlocked", _("Minutes unlocked")
    MINUTES_CORRECTED = "minutes_corrected", _("Minutes corrected")
