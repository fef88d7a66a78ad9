"""Notifications about the minutes of a meeting."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ui import date_format
from notifications.choices import Frequency
from workinggroups.groups.choices import MinutesRule
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.meetings import MeetingNotification, start_words


class MinutesOffered(MeetingNotification):
    name = "minutes_offered"
    label = gettext_lazy("Draft minutes open for corrections")
    title = gettext_lazy("Draft minutes: %(title)s")

    def detail(self, meeting: Meeting, zone: str) -> str:
        if meeting.corrections_until is None:
            return start_words(meeting, zone)
        until = date_format.moment_words(meeting.corrections_until, zone)
        if meeting.becomes_final_by_rule:
            words = _(
                "Participants can ask for corrections until %(moment)s. Then the minutes become final."
            )
            return words % {"moment": until}
        return _("Participants can ask for corrections until %(moment)s.") % {"moment": until}


class MinutesApproved(MeetingNotification):
    name = "minutes_approved"
    label = gettext_lazy("Minutes approved")
    title = gettext_lazy("Approved minutes: %(title)s")
    default_frequency = Frequency.DIGEST

    def detail(self, meeting: Meeting, zone: str) -> str:
        hour = start_words(meeting, zone)
        if meeting.is_approved and meeting.minutes_rule == MinutesRule.BY_RULE:
            words = _(
                "%(hour)s. The time for corrections is over, so by the charter they are final."
            )
            return words % {"hour": hour}
        return hour


class MinutesUnlocked(MinutesOffered):
    name = "minutes_unlocked"
    label = gettext_lazy("Approved minutes unlocked")
    title = gettext_lazy("Unlocked minutes: %(title)s")
