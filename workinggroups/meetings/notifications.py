"""What the people of a group are notified of by its meetings."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.mail.registry import Attachment
from common.ui import date_format
from members.people.models import Person
from notifications.choices import Category, Frequency
from notifications.registry import register
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading
from workinggroups.meetings import calendars
from workinggroups.meetings.answers import answer_path
from workinggroups.meetings.choices import AttendanceState
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries


@dataclass(frozen=True, kw_only=True)
class MeetingNotification(SharedNotification[Meeting]):
    """About a meeting, named by its uuid."""

    category = Category.MEETINGS
    target_field, target_lookup = "meeting", "uuid"
    title: ClassVar[Promise]

    group: int
    meeting: str

    def recipients(self) -> QuerySet[Person]:
        """Return the people with a seat in the group who can read the meeting."""
        return members_reading(Meeting.objects.filter(uuid=self.meeting).first())

    @classmethod
    def rows(cls) -> QuerySet[Meeting]:
        meetings: QuerySet[Meeting] = Meeting.objects.select_related("group")
        return meetings

    def shared_content(self, meeting: Meeting, zone: str) -> NotificationContent:
        return content_in(
            meeting.group,
            title=str(self.title) % {"title": meeting.title},
            url=meeting.get_absolute_url(),
            detail=_("%(hour)s. %(reason)s")
            % {"hour": start_words(meeting, zone), "reason": meeting.cancelled_reason}
            if meeting.is_cancelled
            else self.detail(meeting, zone),
            thread_key=f"meeting:{meeting.uuid}",
            subject=meeting.title,
            question=self.question(meeting),
        )

    def detail(self, meeting: Meeting, zone: str) -> str:
        """Return what readers need first about a meeting that is not cancelled: its hour."""
        return start_words(meeting, zone)

    def question(self, meeting: Meeting) -> str:
        """Return what the reader is asked, if anything."""
        return ""


class CalendarNotification(MeetingNotification):
    """Has the meeting attached, for the reader's calendar."""

    def attachments(self) -> tuple[Attachment, ...]:
        """Return a calendar file with the meeting; of a series, with the whole series."""
        meetings = Meeting.objects.select_related("group", "series__group")
        meeting = meetings.filter(uuid=self.meeting).first()
        if meeting is None:
            return ()
        return (calendar_attachment(calendars.calendar_of(meeting)),)


class AskingNotification(CalendarNotification):
    """Asks the reader whether they are coming."""

    def question(self, meeting: Meeting) -> str:
        """Return the question until the meeting is over."""
        if meeting.is_cancelled or meeting.is_over:
            return ""
        return _("Say whether you are coming")

    def answer_path(self, person: Person) -> str:
        return answer_path(self.meeting, person)


class ChangeNotification(CalendarNotification):
    """Always mailed at once to those who said they are coming, even if they stopped such mails."""

    stopping_note = gettext_lazy(
        "We will still notify you of changes to meetings you said you would attend."
    )

    def always_mailed(self) -> QuerySet[Person]:
        coming = Attendance.objects.filter(meeting__uuid=self.meeting, state=AttendanceState.COMING)
        return Person.objects.active().filter(pk__in=coming.values("person"))


class MeetingPlanned(AskingNotification):
    name = "meeting_planned"
    label = gettext_lazy("Meeting scheduled")
    title = gettext_lazy("Scheduled: %(title)s")


class MeetingMoved(AskingNotification, ChangeNotification):
    name = "meeting_moved"
    label = gettext_lazy("Meeting moved to another time or place")
    title = gettext_lazy("Moved: %(title)s")

    def detail(self, meeting: Meeting, zone: str) -> str:
        hour = start_words(meeting, zone)
        if meeting.moved_from is None:
            return hour
        before = date_format.moment_words(meeting.moved_from, zone)
        facts = {"hour": hour, "before": before}
        return _("%(hour)s. Previously scheduled for %(before)s.") % facts


class MeetingCancelled(ChangeNotification):
    name = "meeting_cancelled"
    label = gettext_lazy("Meeting cancelled")
    title = gettext_lazy("Cancelled: %(title)s")


class AgendaPosted(MeetingNotification):
    name = "agenda_posted"
    label = gettext_lazy("Agenda posted")
    title = gettext_lazy("Agenda: %(title)s")


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


@dataclass(frozen=True, kw_only=True)
class SeriesNotification(SharedNotification[MeetingSeries]):
    """About a series as a whole, named by its uuid; has it attached, for the reader's calendar."""

    category = Category.MEETINGS
    target_field, target_lookup = "series", "uuid"
    title: ClassVar[Promise]

    group: int
    series: str

    def recipients(self) -> QuerySet[Person]:
        return members_reading(MeetingSeries.objects.filter(uuid=self.series).first())

    @classmethod
    def rows(cls) -> QuerySet[MeetingSeries]:
        coming = Meeting.objects.filter(series=OuterRef("pk")).upcoming()
        first = {"next_starts_at": Subquery(coming.values("starts_at")[:1])}
        series: QuerySet[MeetingSeries] = MeetingSeries.objects.select_related("group")
        return series.annotate(**first)

    def shared_content(self, series: MeetingSeries, zone: str) -> NotificationContent:
        return content_in(
            series.group,
            title=str(self.title) % {"title": series.title},
            url=series.get_absolute_url(),
            detail=self.detail(series, zone),
            thread_key=f"series:{series.uuid}",
            subject=series.title,
        )

    def detail(self, series: MeetingSeries, zone: str) -> str:
        """Return the rule in words and the first coming meeting in the reader's time."""
        if series.next_starts_at is None:
            return _("%(rule)s.") % {"rule": series.words}
        hour = date_format.moment_words(series.next_starts_at, zone, other_zone=series.zone)
        return _("%(rule)s. Next: %(hour)s.") % {"rule": series.words, "hour": hour}

    def attachments(self) -> tuple[Attachment, ...]:
        """Return a calendar file with the whole series."""
        series = self.rows().filter(uuid=self.series).prefetch_related("skipped").first()
        if series is None:
            return ()
        return (calendar_attachment(calendars.calendar_of_series(series)),)


class SeriesPlanned(SeriesNotification):
    name = "series_planned"
    label = gettext_lazy("Series of meetings scheduled")
    title = gettext_lazy("Scheduled: %(title)s")


class SeriesChange(SeriesNotification):
    """Always mailed at once to those who said they are coming to one of the meetings."""

    stopping_note = ChangeNotification.stopping_note

    def always_mailed(self) -> QuerySet[Person]:
        coming = Attendance.objects.filter(
            meeting__series__uuid=self.series,
            meeting__starts_at__gt=timezone.now(),
            state=AttendanceState.COMING,
        )
        return Person.objects.active().filter(pk__in=coming.values("person"))


class SeriesChanged(SeriesChange):
    name = "series_changed"
    label = gettext_lazy("Series of meetings changed")
    title = gettext_lazy("Changed: %(title)s")


class SeriesEnded(SeriesChange):
    name = "series_ended"
    label = gettext_lazy("Series of meetings ended")
    title = gettext_lazy("Ended: %(title)s")

    def detail(self, series: MeetingSeries, zone: str) -> str:
        return _("All coming meetings are cancelled. %(reason)s") % {"reason": series.ended_reason}


def calendar_attachment(content: bytes) -> Attachment:
    """Return a calendar file. It asks for no answer by mail, since nobody would read that."""
    return Attachment(
        filename="meeting.ics", content=content, media_type="text/calendar", method="PUBLISH"
    )


def start_words(meeting: Meeting, zone: str) -> str:
    """Return "Thu 26 Nov 2026, 18:00 CET (UTC+1)" in the reader's zone, UTC if they chose none.

    Followed by the hour in the meeting's own zone where that differs.
    """
    return date_format.moment_words(meeting.starts_at, zone, other_zone=meeting.zone)


def register_notifications() -> None:
    register(
        MeetingPlanned,
        MeetingMoved,
        MeetingCancelled,
        AgendaPosted,
        MinutesOffered,
        MinutesApproved,
        SeriesPlanned,
        SeriesChanged,
        SeriesEnded,
    )
