"""The home of a group, composed of what each room knows: in one screen what it is for, what is
next, what is open, what it decided and published, and who is here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils.functional import Promise

from common.access import Viewer
from common.counting import CountOf
from common.prepared import Prepared, PreparedSql, Slot
from common.vocabulary.regions import Region, region_of
from members.organizations.choices import BANDS
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.groups.choices import MilestoneState, OfficeKind
from workinggroups.groups.content import GROUP, REACH
from workinggroups.groups.models import Group, Milestone, Office, Seat
from workinggroups.groups.permissions import can_read_content, can_see_people
from workinggroups.meetings.choices import AttendanceState, MeetingState
from workinggroups.meetings.models import AgendaItem, Attendance, Meeting

# An organization counts as present with two of the last three meetings, as the page says.
LAST_MEETINGS = 3
PRESENT_AT = 2


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of squares: organizations of a kind or region, and how many of them were present."""

    label: str | Promise
    present: int
    total: int


@dataclass(frozen=True, slots=True)
class Promised:
    """A milestone as the page shows it: the state's key, and the month it is due or was reached."""

    title: str
    state: str
    on: date


@dataclass(frozen=True, slots=True)
class Mirror:
    """Who takes part, by kind and by region: all that `groups/_mirror.html` shows."""

    kinds: tuple[Measure, ...]
    regions: tuple[Measure, ...]
    measures_attendance: bool


@dataclass(frozen=True, slots=True)
class GroupHome:
    meeting: Meeting | None
    reviews: list[Deliverable]
    decisions: list[Decision]
    publications: list[Publication]
    mirror: Mirror
    organization_count: int
    people_count: int
    officers: list[Seat]
    colleagues: list[Seat]
    milestones: list[Promised]


def group_home(viewer: Viewer, group: Group) -> GroupHome:
    """What this viewer may see of the group at this moment. Seven queries at most."""
    reads = {"group": group.pk, "reach": viewer.reach(group.pk)}
    sees_people = can_see_people(viewer, group)
    roll = roll_of_group(group=group.pk) if sees_people else []
    organizations = [_Met(kind, country or "", met) for kind, country, _, met in roll if kind]
    own = viewer.organization_ids if sees_people else frozenset()
    seats = known_seats(group=group.pk, own=viewer.organization_ids)
    return GroupHome(
        meeting=next(iter(_in(group, next_meeting(**reads))), None),
        reviews=_in(group, in_review(**reads)),
        decisions=_in(group, decided_last(**reads)),
        publications=published_last(group=group.pk),
        mirror=Mirror(
            kinds=tuple(_by_kind(organizations)),
            regions=tuple(_by_region(organizations)),
            measures_attendance=any(organization.met for organization in organizations),
        ),
        organization_count=len(organizations),
        people_count=sum(people for _, _, people, _ in roll),
        officers=sorted((seat for seat in seats if seat.offices), key=_office_rank),
        colleagues=[seat for seat in seats if seat.organization_id in own],
        milestones=_milestones(group, viewer) if can_read_content(viewer, group) else [],
    )


# --- the queries of the page, prepared: it is the one opened most -------------------------------

next_meeting = Prepared(
    "group_home_next_meeting",
    lambda: (
        Meeting.objects.within(GROUP, REACH)
        .upcoming()
        .annotate(
            coming=CountOf(
                Attendance.objects.filter(meeting=OuterRef("pk"), state=AttendanceState.COMING)
            ),
            items=CountOf(AgendaItem.objects.filter(meeting=OuterRef("pk"))),
        )[:1]
    ),
)
in_review = Prepared(
    "group_home_in_review",
    lambda: (
        Deliverable.objects.within(GROUP, REACH)
        .filter(state=DeliverableState.REVIEW)
        .order_by("review_until", "number")[:5]
    ),
)
decided_last = Prepared(
    "group_home_decided",
    lambda: Decision.objects.within(GROUP, REACH).order_by("-decided_on", "-number")[:4],
)
published_last = Prepared(
    "group_home_published",
    lambda: Publication.objects.standing().filter(deliverable__group=GROUP, is_latest=True)[:3],
)
last_milestones = Prepared(
    "group_home_milestones",
    lambda: (
        Milestone.objects.filter(group=GROUP, level__lte=REACH)
        .exclude(state=MilestoneState.DROPPED)
        .order_by("-due_on", "pk")[:6]
    ),
)


def _known_seats() -> "QuerySet[Seat]":
    """The officers, whom the card names, and whoever is here from the reader's organizations."""
    offices = Office.objects.current().filter(group=GROUP)
    own_offices = offices.filter(person=OuterRef("person")).order_by("pk")
    return (
        Seat.objects.filter(group=GROUP)
        .annotate(is_officer=Q(person__in=offices.values("person")))
        .filter(Q(is_officer=True) | Q(organization__pk__among=Slot("own")))
        .select_related("person", "organization")
        .only("group_id", "person__name", "person__uuid", "person__sort_name", "organization__name")
        .annotate(offices=ArraySubquery(own_offices.values("office")))  # type: ignore[no-redef]
        .order_by("-is_officer", "person__sort_name")[:40]
    )


known_seats = Prepared("group_home_known_seats", _known_seats)


# On whose behalf people take part now: kind and country of the organization, how many people, and at
# how many of the last meetings it was. Written in SQL so that attendance is read once, not for each
# organization.
roll_of_group = PreparedSql(
    "group_home_roll",
    f"""
WITH seated AS (
    SELECT organization_id, count(*) AS people FROM groups_seat WHERE group_id = %(group)s
     GROUP BY organization_id
), last AS (
    SELECT id FROM meetings_meeting WHERE group_id = %(group)s AND state = '{MeetingState.HELD}'
     ORDER BY starts_at DESC LIMIT {LAST_MEETINGS}
), came AS (
    SELECT organization_id, count(DISTINCT meeting_id) AS times FROM meetings_attendance
     WHERE meeting_id IN (SELECT id FROM last) AND state = '{AttendanceState.PRESENT}'
     GROUP BY organization_id
)
SELECT o.kind, o.country, seated.people, COALESCE(came.times, 0)
  FROM seated
  LEFT JOIN organizations_organization o ON o.id = seated.organization_id
  LEFT JOIN came ON came.organization_id = seated.organization_id
""",  # noqa: S608
)


# --- what is made of them ---------------------------------------------------------------------


def _in(group: Group, rows: list[Any]) -> list[Any]:
    """The rows know their group, so that their addresses cost no query."""
    for row in rows:
        row.group = group
    return rows


def _milestones(group: Group, viewer: Viewer) -> list[Promised]:
    return [
        Promised(
            title=milestone.title,
            state="late" if milestone.is_late else milestone.state,
            on=milestone.reached_on or milestone.due_on,
        )
        for milestone in reversed(last_milestones(group=group.pk, reach=viewer.reach(group.pk)))
    ]


def _office_rank(seat: Seat) -> int:
    return min(list(OfficeKind).index(OfficeKind(office)) for office in seat.offices)


@dataclass(frozen=True, slots=True)
class _Met:
    kind: str
    country: str
    met: int


def _by_kind(organizations: Iterable[_Met]) -> list[Measure]:
    rows = [(organization.kind, organization.met) for organization in organizations]
    return [
        measure
        for band in BANDS
        if (
            measure := _measure(band.title, [met for kind, met in rows if kind in band.kinds])
        ).total
    ]


def _by_region(organizations: Iterable[_Met]) -> list[Measure]:
    rows = [(region_of(organization.country), organization.met) for organization in organizations]
    return [
        measure
        for region in Region
        if (measure := _measure(region.label, [met for of, met in rows if of == region])).total
    ]


def _measure(label: str | Promise, met: list[int]) -> Measure:
    counted = Counter(times >= PRESENT_AT for times in met)
    return Measure(label=label, present=counted[True], total=len(met))
