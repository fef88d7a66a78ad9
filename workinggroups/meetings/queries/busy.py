"""How many people of a group already have another meeting at a time, as far as the planner can see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from common.access import Viewer
from workinggroups.groups.models import Group, Seat
from workinggroups.meetings.choices import AttendanceState, MeetingState
from workinggroups.meetings.models import Attendance, Meeting
from workinggroups.meetings.models.meetings import LONGEST


class Span(NamedTuple):
    """The time of a meeting that is being planned; the end is not part of it."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Busy:
    """How many people take part in a group, and for each span how many of them are busy then."""

    people: int
    counts: Sequence[tuple[Span, int]]

    @property
    def most(self) -> tuple[Span, int] | None:
        """Return the first of the spans in which most people are busy; None if nobody ever is."""
        worst = max(self.counts, key=lambda each: each[1], default=None)
        return worst if worst and worst[1] else None


def busy_people(
    group: Group, viewer: Viewer, spans: Sequence[Span], *, besides: Iterable[int] = ()
) -> Busy:
    """Count for each span the people of the group who have another meeting then. Four queries.

    A person has the planned meetings of all groups in which they have a seat, this one included,
    except those they said they cannot come to. Only meetings that the viewer can see count, so that
    the number says nothing of hidden groups. `besides` are ids of meetings that do not count, since
    it is they that would move.
    """
    people = set(Seat.objects.filter(group=group).values_list("person_id", flat=True))
    others = _meetings_in(spans, people, viewer, besides)
    seats = Seat.objects.filter(
        person__in=people, group__in={group_id for _pk, group_id, *_ in others}
    )
    by_group: dict[int, set[int]] = {}
    for group_id, person_id in seats.values_list("group_id", "person_id"):
        by_group.setdefault(group_id, set()).add(person_id)
    regrets: dict[int, set[int]] = {}
    declined = Attendance.objects.filter(
        meeting__in=[pk for pk, *_ in others], person__in=people, state=AttendanceState.REGRETS
    )
    for meeting_id, person_id in declined.values_list("meeting_id", "person_id"):
        regrets.setdefault(meeting_id, set()).add(person_id)
    having = [
        (Span(starts_at, ends_at), by_group.get(group_id, set()) - regrets.get(pk, set()))
        for pk, group_id, starts_at, ends_at in others
    ]
    return Busy(len(people), [(span, _count(span, having)) for span in spans])


def _meetings_in(
    spans: Sequence[Span], people: set[int], viewer: Viewer, besides: Iterable[int]
) -> list[tuple[int, int, datetime, datetime]]:
    """Return id, group and time of the meetings of these people that overlap one of the spans."""
    overlaps = Q(pk__in=[])
    for span in spans:
        # The first condition is redundant, but the index can start from it.
        overlaps |= Q(
            starts_at__gt=span.starts_at - LONGEST,
            starts_at__lt=span.ends_at,
            ends_at__gt=span.starts_at,
        )
    groups = Seat.objects.filter(person__in=people).values("group")
    meetings = Meeting.objects.visible_to(viewer).filter(overlaps, group__in=groups)
    planned = meetings.filter(state=MeetingState.PLANNED).exclude(pk__in=besides)
    return list(planned.values_list("pk", "group_id", "starts_at", "ends_at"))


def _count(span: Span, having: Iterable[tuple[Span, set[int]]]) -> int:
    busy: set[int] = set()
    for other, people in having:
        if other.starts_at < span.ends_at and other.ends_at > span.starts_at:
            busy |= people
    return len(busy)
