"""Files of meetings and of their agenda items: who can add them, and until when."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from common.access import Viewer
from common.access.rules import Rule
from common.text.figures import Picture, has_figures
from workinggroups.attachments import queries
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import Place, register
from workinggroups.meetings.actions.locking import lock_meeting
from workinggroups.meetings.models import AgendaItem, Meeting
from workinggroups.meetings.papers import AGENDA_ITEM
from workinggroups.meetings.permissions import can_attach_to_meeting, can_edit_meeting
from workinggroups.meetings.queries.minutes import is_final_by_rule

MEETING = "meeting"


def find_meeting(viewer: Viewer, uuid: UUID, lock: bool) -> Place | None:
    meetings = Meeting.objects.visible_to(viewer).select_related("group")
    meeting: Meeting | None = meetings.filter(uuid=uuid).first()
    if meeting is None:
        return None
    meeting = lock_meeting(meeting) if lock else meeting
    return _place(MEETING, uuid, meeting, meeting.title, viewer, can_attach_to_meeting)


def find_agenda_item(viewer: Viewer, uuid: UUID, lock: bool) -> Place | None:
    item = AgendaItem.objects.filter(uuid=uuid).select_related("meeting").first()
    meetings = Meeting.objects.visible_to(viewer).select_related("group")
    meeting: Meeting | None = meetings.filter(pk=item.meeting_id).first() if item else None
    if item is None or meeting is None:
        return None
    if lock:
        meeting = lock_meeting(meeting)
        # Removed from the agenda in the meantime: nothing can be attached.
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
        can_attach=can_attach.gives_right(viewer, meeting),
        can_remove_others=can_edit_meeting.gives_right(viewer, meeting),
        refusal=can_attach.refusal(viewer, meeting),
        closed=_closed(meeting),
        recorded_of=meeting,
    )


def _closed(meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return _("This meeting was cancelled, so its files can no longer change.")
    if meeting.is_approved or is_final_by_rule(meeting):
        return _(
            "The minutes have been approved, so the files of this meeting can no longer change."
        )
    return ""


def files_of(meeting: Meeting, agenda: Iterable[AgendaItem] | None = None) -> list[Attachment]:
    """Return the files of the meeting and of its agenda items, these with the item's title."""
    items = meeting.agenda.all() if agenda is None else agenda
    titles = {item.uuid: item.title for item in items}
    uuids_by_kind = {MEETING: [meeting.uuid], AGENDA_ITEM: list(titles)}
    files = queries.attached_to(meeting.group, uuids_by_kind)
    for attachment in files:
        vars(attachment)["item"] = titles.get(attachment.thing_uuid, "")
    return files


def pictures_for(meeting: Meeting, *texts: str) -> dict[str, Picture]:
    """Return the pictures that these texts of the meeting can show. No query if they show none."""
    if not any(has_figures(text) for text in texts):
        return {}
    return queries.pictures_in(files_of(meeting))


def pictures_at(viewer: Viewer, arguments: Mapping[str, str | int]) -> Mapping[str, Picture]:
    """Return the pictures of the meeting whose notes are edited at an address with these arguments."""
    meetings = Meeting.objects.visible_to(viewer).select_related("group")
    there = meetings.at_address(str(arguments["address"]))
    meeting = there.filter(group__slug=arguments["slug"]).first()
    return queries.pictures_in(files_of(meeting)) if meeting else {}


def address(meeting: Meeting) -> str:
    """Return the address of the page with the meeting's own files."""
    return reverse("attachments", args=[meeting.group.slug, MEETING, meeting.uuid])


def register_places() -> None:
    """Called from `apps.ready`."""
    register(MEETING, find_meeting)
    register(AGENDA_ITEM, find_agenda_item)
