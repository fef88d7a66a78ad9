"""What a meeting announces, and to whom: the people of its group, never more."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Level, Viewer
from common.mail.registry import Attachment
from common.web import clock
from members.people.models import Person
from notifications.choices import Rhythm
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.groups.queries import chairs_of, members_of
from workinggroups.meetings import calendars
from workinggroups.meetings.models import Meeting

TOPIC = gettext_lazy("Meetings")

TITLES = {
    "meeting_planned": gettext_lazy("Planned: %(title)s"),
    "meeting_moved": gettext_lazy("Moved: %(title)s"),
    "meeting_cancelled": gettext_lazy("Cancelled: %(title)s"),
    "agenda_posted": gettext_lazy("Agenda: %(title)s"),
    "minutes_offered": gettext_lazy("Draft minutes: %(title)s"),
    "minutes_approved": gettext_lazy("Approved minutes: %(title)s"),
}


def audience(event: Event) -> QuerySet[Person]:
    """The people with a seat in the group; its chairs alone where the meeting is theirs."""
    meeting = Meeting.objects.filter(uuid=event.ref["meeting"]).first()
    if meeting is None:
        nobody: QuerySet[Person] = Person.objects.none()
        return nobody
    of_level = chairs_of if meeting.level == Level.CHAIRS else members_of
    return of_level(meeting.group_id)


def lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    """Title, hour and address of each meeting that this reader may see now. One query."""
    listed = list(events)
    meetings = {
        str(meeting.uuid): meeting
        for meeting in Meeting.objects.visible_to(viewer)
        .filter(uuid__in=[event.ref["meeting"] for event in listed])
        .select_related("group")
    }
    return {
        event.pk: _line(event, meetings[event.ref["meeting"]])
        for event in listed
        if event.ref["meeting"] in meetings
    }


def _line(event: Event, meeting: Meeting) -> Line:
    return Line(
        title=str(TITLES[event.kind]) % {"title": meeting.title},
        url=meeting.get_absolute_url(),
        why=_("because you are in %(group)s") % {"group": meeting.group.name},
        detail=_detail(event.kind, meeting),
        group_name=meeting.group.name,
        group_slug=meeting.group.slug,
        thread_key=f"meeting:{meeting.uuid}",
    )


def _detail(kind: str, meeting: Meeting) -> str:
    """What a reader needs first: the hour and its zone, or why the meeting is cancelled."""
    words = hour_words(meeting)
    if meeting.is_cancelled:
        return _("%(hour)s. %(reason)s") % {"hour": words, "reason": meeting.cancelled_reason}
    if kind == "minutes_offered" and meeting.corrections_until:
        until = clock.day_words(meeting.corrections_until.astimezone(meeting.local_start.tzinfo))
        return _("Corrections are welcome until %(day)s.") % {"day": until}
    return words


def hour_words(meeting: Meeting) -> str:
    """ "Thu 26 Nov 2026, 18:00 CET", in the meeting's own zone: one text serves all readers."""
    start = meeting.local_start
    day = clock.day_words(start, weekday=True)
    return f"{day}, {clock.hour_words(start)} {clock.zone_word(start)}"


def attach(event: Event, person: Person) -> tuple[Attachment, ...]:
    """The meeting for this reader's calendar, as an invitation or a cancellation (RFC 6047)."""
    meeting = Meeting.objects.filter(uuid=event.ref["meeting"]).select_related("group").first()
    if meeting is None:
        return ()
    method, content = calendars.invitation(meeting, person)
    return (
        Attachment(
            filename="meeting.ics", content=content, media_type="text/calendar", method=method
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
        ),
        Kind(
            "meeting_moved",
            gettext_lazy("A meeting is moved or takes place elsewhere"),
            TOPIC,
            audience,
            lines,
            attach=attach,
        ),
        Kind(
            "meeting_cancelled",
            gettext_lazy("A meeting is cancelled"),
            TOPIC,
            audience,
            lines,
            attach=attach,
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
