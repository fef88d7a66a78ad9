"""Meetings by their address, and their neighbours."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from common.access import Level, Viewer
from common.prepared_statements import prepared
from workinggroups.meetings.models import (
    Meeting,
)


@dataclass(frozen=True)
class Neighbours:
    """The meetings before and after a meeting in the calendar of its group."""

    before: Meeting | None = None
    after: Meeting | None = None


@prepared
def before_and_after(
    group: int, read_level: Level, starts_at: datetime, pk: int
) -> QuerySet[Meeting]:
    """Return the meetings of the group before and after this place in its calendar."""
    of_group = Meeting.objects.within(group, read_level).only(
        "number", "title", "starts_at", "group_id"
    )
    earlier = of_group.before(starts_at, pk).order_by("-starts_at", "-pk")[:1]
    later = of_group.after(starts_at, pk).order_by("starts_at", "pk")[:1]
    return earlier.union(later)


def neighbours_of(meeting: Meeting, viewer: Viewer) -> Neighbours:
    """Return the meetings before and after this one that the viewer can read. One query."""
    place = (meeting.starts_at, meeting.pk)
    neighbours = before_and_after(
        group=meeting.group_id,
        read_level=viewer.read_level(meeting.group_id),
        starts_at=meeting.starts_at,
        pk=meeting.pk,
    )
    return Neighbours(
        before=next((one for one in neighbours if (one.starts_at, one.pk) < place), None),
        after=next((one for one in neighbours if (one.starts_at, one.pk) > place), None),
    )


@prepared
def meeting_by_number(slug: str, number: int) -> QuerySet[Meeting]:
    """Return the meeting with its series, its group and the group's focus area."""
    meetings = Meeting.objects.select_related("group__focus_area", "series")
    return meetings.filter(group__slug=slug, number=number)


@prepared
def meeting_by_day(slug: str, day_key: str) -> QuerySet[Meeting]:
    """Return the meeting of a series that was planned for this day, likewise."""
    meetings = Meeting.objects.select_related("group__focus_area", "series")
    return meetings.filter(group__slug=slug, day_key=day_key)
