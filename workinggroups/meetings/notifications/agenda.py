"""Notifications about the agenda of a meeting."""

from django.utils.translation import gettext_lazy

from workinggroups.meetings.notifications.meetings import MeetingNotification


class AgendaPosted(MeetingNotification):
    name = "agenda_posted"
    label = gettext_lazy("Agenda posted")
    title = gettext_lazy("Agenda: %(title)s")
