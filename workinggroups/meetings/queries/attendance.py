"""Who attended a meeting or is coming, and the quorum."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from common.prepared_statements import PreparedSql
from workinggroups.groups.choices import ParticipationLevel
from workinggroups.groups.models import Participation
from workinggroups.groups.queries import rules_at
from workinggroups.meetings.choices import (
    AttendanceState,
)
from workinggroups.meetings.models import (
    Attendance,
    Meeting,
)

SQUARES_SHOWN = 70


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
    has_begun: bool = True  # the meeting has

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
        """Tell whether it is known who is present, so that all others are absent, or not here yet."""
        recorded = {AttendanceState.PRESENT, AttendanceState.ABSENT}
        return self.has_begun and any(row.state in recorded for row in self.rows)

    @cached_property
    def here(self) -> list[Attendance]:
        """Return who is present; until that is known, who is coming or checked in early."""
        return self.present if self.is_recorded else [*self.present, *self.coming]

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

    def row_of(self, person_id: int | None) -> Attendance | None:
        """Return what this person answered or what was recorded for them, if anything."""
        return next((row for row in self.rows if row.person_id == person_id), None)


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
    rows = list(attendance.only("meeting_id", "person_id", "organization_id", "state", "how"))
    entered = {row.organization_id for row in rows if row.organization_id}
    seated = seated_or_entered(group=meeting.group_id, entered=entered)
    return Roll(rows, [Square(*row) for row in seated], meeting.has_begun)


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


def answers_of(person_id: int, meetings: Iterable[Meeting]) -> dict[int, str]:
    """Return this person's answer, or what was recorded for them, by meeting id."""
    pks = [meeting.pk for meeting in meetings]
    rows = Attendance.objects.filter(person=person_id, meeting__in=pks)
    return dict(rows.values_list("meeting_id", "state"))
