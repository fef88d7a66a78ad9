"""What a meeting announces, and to whom: the people of its group, never more."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.mail.registry import Attachment
from common.web import clock
from members.people.models import Person
from notifications.about import SharedLines
from notifications.choices import Rhythm
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.groups.notices import line_in
from workinggroups.groups.notices import tell as tell_group
from workinggroups.groups.queries import members_reading
from workinggroups.meetings import calendars
from workinggroups.meetings.answers import answer_path
from workinggroups.meetings.choices import AttendanceState
from workinggroups.meetings.models import Attendance, Meeting

TOPIC = gettext_lazy("Meetings")

# What asks its readers whether they come.
ASKING = {"meeting_planned", "meeting_moved"}
TITLES = {
    "meeting_planned": gettext_lazy("Planned: %(title)s"),
    "meeting_moved": gettext_lazy("Moved: %(title)s"),
    "meeting_cancelled": gettext_lazy("Cancelled: %(title)s"),
    "agenda_posted": gettext_lazy("Agenda: %(title)s"),
    "minutes_offered": gettext_lazy("Draft minutes: %(title)s"),
    "minutes_approved": gettext_lazy("Approved minutes: %(title)s"),
}


def tell(kind: str, meeting: Meeting, *, actor: Person, turn: int | None = None) -> None:
    """One event about the meeting; `turn` tells apart those of a kind that comes again."""
    cause = meeting.uuid if turn is None else f"{meeting.uuid}:{turn}"
    tell_group(kind, meeting.group, cause, actor=actor, meeting=str(meeting.uuid))


def audience(event: Event) -> QuerySet[Person]:
    """The people with a seat in the group; its chairs alone where the meeting is theirs."""
    return members_reading(Meeting.objects.filter(uuid=event.ref["meeting"]).first())


def told() -> QuerySet[Meeting]:
    meetings: QuerySet[Meeting] = Meeting.objects.select_related("group")
    return meetings


def _words(meeting: Meeting, event: Event, zone: str) -> Line:
    return line_in(
        meeting.group,
        title=str(TITLES[event.kind]) % {"title": meeting.title},
        url=meeting.get_absolute_url(),
        detail=_detail(event.kind, meeting, zone),
        thread_key=f"meeting:{meeting.uuid}",
        subject=meeting.title,
        question=_question(event.kind, meeting),
    )


lines = SharedLines("meeting", told, _words, by="uuid")


def _detail(kind: str, meeting: Meeting, zone: str) -> str:
    """What a reader needs first: the hour on their clock, or why the meeting is cancelled."""
    words = hour_in(meeting, zone)
    if meeting.is_cancelled:
        return _("%(hour)s. %(reason)s") % {"hour": words, "reason": meeting.cancelled_reason}
    if kind == "minutes_offered" and meeting.corrections_until:
        until = clock.moment_words(meeting.corrections_until, zone)
        return _("Corrections are welcome until %(moment)s.") % {"moment": until}
    if kind == "meeting_moved" and meeting.moved_from:
        before = clock.moment_words(meeting.moved_from, zone)
        return _("%(hour)s. It was planned for %(before)s.") % {"hour": words, "before": before}
    return words


def _question(kind: str, meeting: Meeting) -> str:
    """Whether the reader comes, as long as there is something to come to."""
    if kind not in ASKING or meeting.is_cancelled or meeting.is_over:
        return ""
    return _("Say whether you are coming")


def hour_in(meeting: Meeting, zone: str) -> str:
    """ "Thu 26 Nov 2026, 18:00 CET (UTC+1)" on the reader's clock; the meeting's own beside it.

    A reader who has chosen no zone gets UTC, and the meeting's own hour beside it.
    """
    return clock.moment_words(meeting.starts_at, zone, other_zone=meeting.zone)


def answer(event: Event, person: Person) -> str:
    """Where this person says whether they come."""
    return answer_path(event.ref["meeting"], person)


def those_who_come(event: Event) -> QuerySet[Person]:
    """Who said that they come hears of each change, whatever mail they stopped."""
    coming = Attendance.objects.filter(
        meeting__uuid=event.ref["meeting"], state=AttendanceState.COMING
    )
    return Person.objects.active().filter(pk__in=coming.values("person"))


def attach(event: Event) -> tuple[Attachment, ...]:
    """The meeting for the reader's calendar. It asks for no answer by mail: nobody reads those."""
    meeting = Meeting.objects.filter(uuid=event.ref["meeting"]).select_related("group").first()
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


def register_all() -> None:
    """Called from `apps.ready`."""
    register(
        Kind(
            "meeting_planned",
            gettext_lazy("A meeting is planned"),
            TOPIC,
            audience,
            lines,
            attach=attach,
            answer=answer,
        ),
        Kind(
            "meeting_moved",
            gettext_lazy("A meeting is moved or takes place elsewhere"),
            TOPIC,
            audience,
            lines,
            attach=attach,
            always=those_who_come,
            answer=answer,
        ),
        Kind(
            "meeting_cancelled",
            gettext_lazy("A meeting is cancelled"),
            TOPIC,
            audience,
            lines,
            attach=attach,
            always=those_who_come,
        ),
        Kind("agenda_posted", gettext_lazy("An agenda is posted"), TOPIC, audience, lines),
        Kind(
            "minutes_offered",
            gettext_lazy("Draft minutes are open for corrections"),
            TOPIC,
            audience,
            lines,
        ),
        Kind(
            "minutes_approved",
            gettext_lazy("Minutes are approved"),
            TOPIC,
            audience,
            lines,
            default_rhythm=Rhythm.DIGEST,
        ),
    )
