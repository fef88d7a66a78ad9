"""Files on meetings and on the items of their agendas: who adds them, and until when."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from common.access import Viewer
from common.access.rules import Rule
from common.text.figures import Picture, has_figures
from workinggroups.attachments import queries
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import Place, register
from workinggroups.meetings.actions.locking import locked
from workinggroups.meetings.models import AgendaItem, Meeting
from workinggroups.meetings.permissions import can_attach_to_meeting, can_edit_meeting

MEETING, AGENDA_ITEM = "meeting", "agenda_item"


def find_meeting(viewer: Viewer, uuid: UUID, lock: bool) -> Place | None:
    meetings = Meeting.objects.visible_to(viewer).select_related("group")
    meeting: Meeting | None = meetings.filter(uuid=uuid).first()
    if meeting is None:
        return None
    meeting = locked(meeting) if lock else meeting
    return _place(MEETING, uuid, meeting, meeting.title, viewer, can_attach_to_meeting)


def find_agenda_item(viewer: Viewer, uuid: UUID, lock: bool) -> Place | None:
    item = AgendaItem.objects.filter(uuid=uuid).select_related("meeting").first()
    meetings = Meeting.objects.visible_to(viewer).select_related("group")
    meeting: Meeting | None = meetings.filter(pk=item.meeting_id).first() if item else None
    if item is None or meeting is None:
        return None
    if lock:
        meeting = locked(meeting)
        # Taken off the agenda meanwhile: nothing can hang on it.
        if not AgendaItem.objects.filter(pk=item.pk).exists():
            return None
    return _place(AGENDA_ITEM, uuid, meeting, item.title, viewer, can_edit_meeting)


def _place(
    kind: str,
    uuid: UUID,
    meeting: Meeting,
    title: str,
    viewer: Viewer,
    can_attach: Rule[[Viewer, Meeting]],
) -> Place:
    return Place(
        kind=kind,
        uuid=uuid,
        group=meeting.group,
        level=meeting.level,
        tab="meetings",
        title=f"{meeting.title}: {title}" if kind == AGENDA_ITEM else title,
        url=meeting.get_absolute_url(),
        can_attach=can_attach(viewer, meeting),
        can_remove_others=can_edit_meeting(viewer, meeting),
        refusal=can_attach.refusal(viewer, meeting),
        closed=_closed(meeting),
        recorded_of=meeting,
    )


def _closed(meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return _("This meeting is cancelled; its files stay as they are.")
    if meeting.is_approved:
        return _("The minutes are approved; the files of this meeting stay as they are.")
    return ""


def files_of(meeting: Meeting, agenda: Iterable[Any] | None = None) -> list[Attachment]:
    """What hangs on the meeting and on the items of its agenda; each of these with its `item`."""
    titles = {item.uuid: item.title for item in meeting.agenda.all() if agenda is None}
    titles |= {item.uuid: item.title for item in agenda or ()}
    things = {MEETING: [meeting.uuid], AGENDA_ITEM: list(titles)}
    found = queries.attached_to(meeting.group, things)
    for attachment in found:
        attachment.item = titles.get(attachment.thing_uuid, "")  # type: ignore[attr-defined]
    return found


def pictures_for(meeting: Meeting, *texts: str) -> dict[str, Picture]:
    """What these texts of the meeting can show; nothing is asked where none has a picture."""
    if not any(has_figures(text) for text in texts):
        return {}
    return queries.pictures_in(files_of(meeting))


def pictures_at(viewer: Viewer, arguments: Mapping[str, Any]) -> Mapping[str, Picture]:
    """What the notes can show that are written at an address with these arguments."""
    meetings = Meeting.objects.visible_to(viewer).select_related("group")
    meeting = meetings.filter(group__slug=arguments["slug"], number=arguments["number"]).first()
    return queries.pictures_in(files_of(meeting)) if meeting else {}


def address(meeting: Meeting) -> str:
    """The page of the meeting's own files."""
    return reverse("attachments", args=[meeting.group.slug, MEETING, meeting.uuid])


def register_places() -> None:
    """Called from `apps.ready`."""
    register(MEETING, find_meeting)
    register(AGENDA_ITEM, find_agenda_item)
