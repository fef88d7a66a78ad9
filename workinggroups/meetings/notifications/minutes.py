"""Notifications about the minutes of a meeting."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ui import date_format
from notifications.choices import Frequency
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
        return _("Participants can ask for corrections until %(moment)s.") % {"moment": until}


class MinutesApproved(MeetingNotification):
    name = "minutes_approved"
    label = gettext_lazy("Minutes approved")
    title = gettext_lazy("Approved minutes: %(title)s")
    default_frequency = Frequency.DIGEST
