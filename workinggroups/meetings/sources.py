"""The lines of notes from which action items come, as their pages link to them."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from common.access import Viewer
from workinggroups.groups.models import ActionItem
from workinggroups.groups.sources import Source, SourceKind
from workinggroups.meetings.models import Meeting


class NotesLines(SourceKind):
    """A line in the notes of a meeting, for the readers of the meeting."""

    def find(self, items: Sequence[ActionItem], viewer: Viewer) -> Mapping[int, Source]:
        meetings = Meeting.objects.visible_to(viewer).select_related("group")
        by_uuid = {
            meeting.uuid: meeting
            for meeting in meetings.filter(uuid__in={item.source_uuid for item in items})
        }
        return {
            item.pk: _current(item, by_uuid[item.source_uuid])
            for item in items
            if item.source_uuid in by_uuid
        }

    def locate(self, item: ActionItem, viewer: Viewer) -> Source | None:
        """Return the line in the latest notes, else in the revision in which the item was created."""
        meetings = Meeting.objects.visible_to(viewer).select_related("group")
        meeting = meetings.filter(uuid__in=[item.source_uuid]).first()
        if meeting is None:
            return None
        first = item.source_line.partition(".")[0]
        # Each marker with a number is a box with this id (`rendering.py`).
        with_line = meeting.notes.filter(html__contains=f'id="{_anchor(item)}"')
        numbers = with_line.filter(
            number__in={meeting.notes_count, int(first) if first.isdigit() else 0}
        )
        revision = numbers.order_by("-number").values_list("number", flat=True).first()
        if revision == meeting.notes_count:
            return _current(item, meeting)
        if revision is None:
            return Source(
                meeting.name_and_day, f"{meeting.get_absolute_url()}#notes", is_former=True
            )
        url = reverse("notes-revision", args=[meeting.group.slug, meeting.address, revision])
        return Source(meeting.name_and_day, f"{url}#{_anchor(item)}", is_former=True)


def _current(item: ActionItem, meeting: Meeting) -> Source:
    return Source(meeting.name_and_day, f"{meeting.get_absolute_url()}#{_anchor(item)}")


def _anchor(item: ActionItem) -> str:
    return f"A-{item.number}"
