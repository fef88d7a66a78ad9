"""Notifications about one meeting."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.mail.registry import Attachment
from common.ui import date_format
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading
from workinggroups.meetings import calendars
from workinggroups.meetings.answers import answer_path
from workinggroups.meetings.choices import AttendanceState
from workinggroups.meetings.models import Attendance, Meeting


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
        meetings: QuerySet[Meeting] = Meeting.objects.select_related("group", "series")
        return meetings

    def shared_content(self, meeting: Meeting, zone: str) -> NotificationContent:
        return content_in(
            meeting.group,
            title=str(self.title) % {"title": meeting.full_title},
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
