"""What the pages of a meeting read from the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from common.access import Level, Viewer
from common.errors import Invalid
from common.prepared_statements import PreparedSql, prepared
from members.people.models import Person
from workinggroups.groups.choices import ParticipationLevel
from workinggroups.groups.models import ActionItem, Group, Participation
from workinggroups.groups.queries import members_of, rules_at
from workinggroups.meetings.assignment import Assignment, assignment
from workinggroups.meetings.choices import (
    FEED_COMING_DAYS,
    FEED_MAX_MEETINGS,
    FEED_PAST_DAYS,
    AttendanceState,
)
from workinggroups.meetings.markers import Marker, MarkerKind, markers_in
from workinggroups.meetings.models import AgendaItem, Attendance, Meeting, NotesRevision

SQUARES_SHOWN = 70


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


class Square(NamedTuple):
    """An organization in the list of attendance, and how many people it has in the group."""

    pk: int | None  # None for people without an organization
    name: str
    slug: str
    sort_name: str
    people: int


@dataclass(frozen=True)
class Roll:
    """Who attended a meeting or is coming, counted by organization."""

    rows: list[Attendance]
    seated: list[Square]  # organizations with people in the group now, and those that attended

    def _in(self, state: str) -> list[Attendance]:
        return [row for row in self.rows if row.state == state]

    @cached_property
    def present(self) -> list[Attendance]:
        return self._in(AttendanceState.PRESENT)

    @cached_property
    def coming(self) -> list[Attendance]:
        return self._in(AttendanceState.COMING)

    @cached_property
    def regrets(self) -> list[Attendance]:
        return self._in(AttendanceState.REGRETS)

    @cached_property
    def is_recorded(self) -> bool:
        """Tell whether attendance was recorded, so that people not present were absent."""
        recorded = {AttendanceState.PRESENT, AttendanceState.ABSENT}
        return any(row.state in recorded for row in self.rows)

    @cached_property
    def here(self) -> list[Attendance]:
        return self.present if self.is_recorded else self.coming

    @property
    def people_seated(self) -> int:
        """Return how many people take part in the group now."""
        return sum(square.people for square in self.seated)

    @cached_property
    def squares(self) -> list[tuple[Square, bool]]:
        """Return each organization once, and whether it is present or coming; those come first."""
        here = {row.organization_id for row in self.here}
        return sorted(
            ((one, one.pk in here) for one in self.seated if one.pk is not None),
            key=lambda square: (not square[1], square[0].sort_name),
        )

    @property
    def shown(self) -> list[tuple[Square, bool]]:
        """Return as many squares as a page can hold."""
        return self.squares[:SQUARES_SHOWN]

    @property
    def not_shown(self) -> int:
        return max(len(self.squares) - SQUARES_SHOWN, 0)

    @cached_property
    def organizations_here(self) -> int:
        return sum(is_here for _organization, is_here in self.squares)

    def answer_of(self, person_id: int | None) -> str:
        """Return what this person answered or what was recorded for them, or ""."""
        return next((row.state for row in self.rows if row.person_id == person_id), "")


seated_or_entered = PreparedSql(
    "meeting_organizations",
    """
WITH seated AS (
    SELECT organization_id, count(*) AS people FROM groups_seat WHERE group_id = %(group)s
     GROUP BY organization_id
)
SELECT o.id, COALESCE(o.name, ''), COALESCE(o.slug, ''), COALESCE(o.sort_name, ''), seated.people
  FROM seated LEFT JOIN organizations_organization o ON o.id = seated.organization_id
 UNION ALL
SELECT o.id, o.name, o.slug, o.sort_name, 0
  FROM organizations_organization o
 WHERE o.id = ANY(%(entered)s)
   AND NOT EXISTS (SELECT 1 FROM seated WHERE seated.organization_id = o.id)
""",
)


def roll_of(meeting: Meeting) -> Roll:
    """Return the attendance of a meeting by organization, without people's names. Two queries."""
    attendance = Attendance.objects.filter(meeting=meeting)
    rows = list(attendance.only("meeting_id", "person_id", "organization_id", "state"))
    entered = {row.organization_id for row in rows if row.organization_id}
    seated = seated_or_entered(group=meeting.group_id, entered=entered)
    return Roll(rows, [Square(*row) for row in seated])


@dataclass(frozen=True)
class QuorumCount:
    """How many organizations were present, take part, and are needed for a quorum.

    A participant without an organization counts as one; observers do not count.
    """

    present: int
    total: int
    needed: int

    @property
    def is_reached(self) -> bool:
        return self.present >= self.needed


def quorum_of(meeting: Meeting) -> QuorumCount | None:
    """Return the quorum of a meeting by the charter in force at its start; None if it asks for none.

    Who takes part is counted over the time of the meeting.
    """
    rules = rules_at(meeting.group_id, meeting.starts_at)
    if not rules.has_quorum:
        return None
    counting = Participation.objects.filter(
        group=meeting.group_id, during__overlap=(meeting.starts_at, meeting.ends_at)
    ).exclude(level=ParticipationLevel.OBSERVER)
    # Two ids of an organization or of a person are never equal as pairs.
    parties = {
        person: (organization, None if organization else person)
        for person, organization in counting.values_list("person_id", "organization_id")
    }
    present = Attendance.objects.present().filter(meeting=meeting, person_id__in=list(parties))
    here = {parties[person] for person in present.values_list("person_id", flat=True)}
    total = len(set(parties.values()))
    return QuorumCount(len(here), total, rules.organizations_needed(total))


def unassigned_markers(revision: NotesRevision | None) -> list[Marker]:
    """Return the action markers that have no item yet, in order. No query."""
    actions = (one for one in _markers_of(revision) if one.kind == MarkerKind.ACTION)
    return [marker for marker in actions if not marker.reference]


# Each has a form of its own, and a text can hold tens of thousands.
WAITING_SHOWN = 50


@dataclass(frozen=True)
class MarkerInDoubt:
    """An action marker that has no item yet, and what could be read in it."""

    marker: Marker
    assignment: Assignment[Person]


def markers_in_doubt(meeting: Meeting, revision: NotesRevision | None) -> list[MarkerInDoubt]:
    """Return the first action markers whose owner or date a person has to choose.

    The next ones follow once these have items. At most one query.
    """
    new = unassigned_markers(revision)[:WAITING_SHOWN]
    if not new:
        return []
    people = list(members_of(meeting.group_id))
    return [MarkerInDoubt(one, assignment(one, people, meeting.local_date)) for one in new]


def decision_markers(revision: NotesRevision) -> list[Marker]:
    """Return the decision markers; one without a `reference` has no recorded decision yet."""
    return [marker for marker in _markers_of(revision) if marker.kind == MarkerKind.DECISION]


def _markers_of(revision: NotesRevision | None) -> list[Marker]:
    """Return the markers of a stored text; none if the text would be refused today."""
    try:
        return markers_in(revision.source) if revision else []
    except Invalid:
        return []


@prepared
def notes_of(meeting: int) -> QuerySet[NotesRevision]:
    rows = NotesRevision.objects.filter(meeting=meeting).select_related("author")
    return rows.order_by("-number")[:1]


@prepared
def agenda_of(meeting: int) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(meeting=meeting).select_related("presenter")


@prepared
def items_from(group: int, read_level: Level, meeting: UUID) -> QuerySet[ActionItem]:
    items = ActionItem.objects.within(group, read_level).filter(source_uuid=meeting)
    return items.select_related("owner").order_by("number")


@prepared
def meeting_by_address(slug: str, number: int) -> QuerySet[Meeting]:
    """Return the meeting at an address with its group and the group's focus area."""
    meetings = Meeting.objects.select_related("group__focus_area")
    return meetings.filter(group__slug=slug, number=number)


class AgendaRow(NamedTuple):
    """All that the agenda shows of an item to its readers."""

    position: int
    title: str
    goal: str
    presenter: str
    minutes: int | None
    text: str


def agenda_rows(agenda: Iterable[AgendaItem]) -> tuple[AgendaRow, ...]:
    """Return the agenda as `meetings/_agenda.html` shows it."""
    return tuple(
        AgendaRow(
            item.position,
            item.title,
            item.goal_label,
            item.presenter.name if item.presenter else "",
            item.minutes,
            item.text,
        )
        for item in agenda
    )


def latest_notes(meeting: Meeting) -> NotesRevision | None:
    return notes_of.first(meeting.pk)


def items_of(meeting: Meeting, viewer: Viewer) -> list[ActionItem]:
    """Return the action items from the meeting that this viewer can read."""
    read_level = viewer.read_level(meeting.group_id)
    return items_from(group=meeting.group_id, read_level=read_level, meeting=meeting.uuid)


def feed_meetings(viewer: Viewer, group: Group | None = None) -> QuerySet[Meeting]:
    """Return the meetings of this viewer's feed: a quarter back, a year ahead, and a maximum."""
    now = timezone.now()
    meetings = Meeting.objects.of_seats(viewer)
    if group is not None:
        meetings = meetings.filter(group=group)
    return meetings.filter(
        starts_at__gte=now - timedelta(days=FEED_PAST_DAYS),
        starts_at__lte=now + timedelta(days=FEED_COMING_DAYS),
    ).order_by("starts_at", "pk")[:FEED_MAX_MEETINGS]


def answers_of(person_id: int, meetings: Iterable[Meeting]) -> dict[int, str]:
    """Return this person's answer, or what was recorded for them, by meeting id."""
    pks = [meeting.pk for meeting in meetings]
    rows = Attendance.objects.filter(person=person_id, meeting__in=pks)
    return dict(rows.values_list("meeting_id", "state"))
