"""What the people of a group are notified of by its meetings; nobody else is."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
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
from workinggroups.meetings.models import Attendance, Meeting


@dataclass(frozen=True, kw_only=True)
class MeetingNotification(SharedNotification[Meeting]):
    """About a meeting, by its uuid."""

    category = Category.MEETINGS
    target_field, target_lookup = "meeting", "uuid"
    title: ClassVar[Promise]

    group: int
    meeting: str

    def recipients(self) -> QuerySet[Person]:
        """The people with a seat in the group; its chairs alone where the meeting is theirs."""
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
            % {"hour": hour_in(meeting, zone), "reason": meeting.cancelled_reason}
            if meeting.is_cancelled
            else self.detail(meeting, zone),
            thread_key=f"meeting:{meeting.uuid}",
            subject=meeting.title,
            question=self.question(meeting),
        )

    def detail(self, meeting: Meeting, zone: str) -> str:
        """What a reader needs first of a meeting that is not cancelled: its hour."""
        return hour_in(meeting, zone)

    def question(self, meeting: Meeting) -> str:
        """What the reader is asked, if anything."""
        return ""


class CalendarNotification(MeetingNotification):
    """Carries the meeting for the reader's calendar."""

    def attachments(self) -> tuple[Attachment, ...]:
        """A calendar file. It asks for no answer by mail, since nobody reads those."""
        meeting = Meeting.objects.filter(uuid=self.meeting).select_related("group").first()
        if meeting is None:
            return ()
        return (
            Attachment(
                filename="meeting.ics",
                content=calendars.calendar_of(meeting),
                media_type="text/calendar",
                method="PUBLISH",
            ),
        )


class AskingNotification(CalendarNotification):
    """Asks the reader whether they come."""

    def question(self, meeting: Meeting) -> str:
        """The question, as long as the meeting is still to come."""
        if meeting.is_cancelled or meeting.is_over:
            return ""
        return _("Say whether you are coming")

    def answer_path(self, person: Person) -> str:
        return answer_path(self.meeting, person)


class ChangeNotification(CalendarNotification):
    """Always mailed at once to those who said that they come, whatever mail they stopped."""

    stopping_note = gettext_lazy(
        "You will still hear of changes to meetings you said you would attend."
    )

    def always_mailed(self) -> QuerySet[Person]:
        coming = Attendance.objects.filter(meeting__uuid=self.meeting, state=AttendanceState.COMING)
        return Person.objects.active().filter(pk__in=coming.values("person"))


class MeetingPlanned(AskingNotification):
    name = "meeting_planned"
    label = gettext_lazy("A meeting is planned")
    title = gettext_lazy("Planned: %(title)s")


class MeetingMoved(AskingNotification, ChangeNotification):
    name = "meeting_moved"
    label = gettext_lazy("A meeting is moved or takes place elsewhere")
    title = gettext_lazy("Moved: %(title)s")

    def detail(self, meeting: Meeting, zone: str) -> str:
        hour = hour_in(meeting, zone)
        if meeting.moved_from is None:
            return hour
        before = date_format.moment_words(meeting.moved_from, zone)
        return _("%(hour)s. It was planned for %(before)s.") % {"hour": hour, "before": before}


class MeetingCancelled(ChangeNotification):
    name = "meeting_cancelled"
    label = gettext_lazy("A meeting is cancelled")
    title = gettext_lazy("Cancelled: %(title)s")


class AgendaPosted(MeetingNotification):
    name = "agenda_posted"
    label = gettext_lazy("An agenda is posted")
    title = gettext_lazy("Agenda: %(title)s")


class MinutesOffered(MeetingNotification):
    name = "minutes_offered"
    label = gettext_lazy("Draft minutes are open for corrections")
    title = gettext_lazy("Draft minutes: %(title)s")

    def detail(self, meeting: Meeting, zone: str) -> str:
        if meeting.corrections_until is None:
            return hour_in(meeting, zone)
        until = date_format.moment_words(meeting.corrections_until, zone)
        return _("Corrections are welcome until %(moment)s.") % {"moment": until}


class MinutesApproved(MeetingNotification):
    name = "minutes_approved"
    label = gettext_lazy("Minutes are approved")
    title = gettext_lazy("Approved minutes: %(title)s")
    default_frequency = Frequency.DIGEST


def hour_in(meeting: Meeting, zone: str) -> str:
    """ "Thu 26 Nov 2026, 18:00 CET (UTC+1)" on the reader's clock; the meeting's own beside it.

    A reader who has chosen no zone gets UTC, and the meeting's own hour beside it.
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
    )
