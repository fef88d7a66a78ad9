"""The home of a group, composed from several apps: meeting, reviews, decisions, people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from django.utils.functional import Promise

from alliance.portal.queries import (
    known_seats,
    last_decisions,
    last_milestones,
    last_publications,
    next_meeting,
    open_reviews,
    roll_of_group,
)
from common.access import Viewer
from common.vocabulary.regions import Region, region_of
from members.organizations.choices import BANDS
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.groups.choices import OfficeKind
from workinggroups.groups.models import Group, Seat
from workinggroups.groups.permissions import can_read_content, can_see_people
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.phases import is_live_page_linked

# An organization counts as present with two of the last meetings, as the page says.
PRESENT_AT = 2

GroupRow = TypeVar("GroupRow", Meeting, Deliverable, Decision)


class Participation(NamedTuple):
    """A row of `roll_of_group`: an organization, or all people without one, whose kind is None."""

    kind: str | None
    country: str | None
    people: int
    met_count: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of squares: the organizations of a kind or region, and how many were present."""

    label: str | Promise
    present: int
    total: int


@dataclass(frozen=True, slots=True)
class ShownMilestone:
    """A milestone as the page shows it: `state` or "late", and the day it is due or was reached."""

    title: str
    state: str
    on: date


@dataclass(frozen=True, slots=True)
class ParticipationBreakdown:
    """Who takes part, by kind and by region, as `groups/_breakdown.html` shows it."""

    kinds: tuple[Measure, ...]
    regions: tuple[Measure, ...]
    measures_attendance: bool


@dataclass(frozen=True, slots=True)
class GroupHome:
    meeting: Meeting | None
    is_live_page_linked: bool
    reviews: list[Deliverable]
    decisions: list[Decision]
    publications: list[Publication]
    breakdown: ParticipationBreakdown
    organization_count: int
    people_count: int
    officers: list[Seat]
    colleagues: list[Seat]
    milestones: list[ShownMilestone]


def group_home(viewer: Viewer, group: Group) -> GroupHome:
    """Return what this viewer can see of the group now; seven queries at most."""
    reads = (group.pk, viewer.read_level(group.pk))
    sees_people = can_see_people(viewer, group)
    roll = [Participation(*row) for row in roll_of_group(group=group.pk)] if sees_people else []
    organizations = [row for row in roll if row.kind]
    own = viewer.organization_ids if sees_people else frozenset()
    seats = known_seats(group.pk, viewer.organization_ids)
    meeting = next(iter(_in(group, next_meeting(*reads))), None)
    return GroupHome(
        meeting=meeting,
        is_live_page_linked=not viewer.is_anonymous
        and meeting is not None
        and is_live_page_linked(meeting),
        reviews=_in(group, open_reviews(*reads)),
        decisions=_in(group, last_decisions(*reads)),
        publications=last_publications(group.pk),
        breakdown=ParticipationBreakdown(
            kinds=tuple(_by_kind(organizations)),
            regions=tuple(_by_region(organizations)),
            measures_attendance=any(row.met_count for row in organizations),
        ),
        organization_count=len(organizations),
        people_count=sum(row.people for row in roll),
        officers=sorted((seat for seat in seats if seat.offices), key=_office_rank),
        colleagues=[seat for seat in seats if seat.organization_id in own],
        milestones=_milestones(group, viewer) if can_read_content(viewer, group) else [],
    )


def _in(group: Group, rows: list[GroupRow]) -> list[GroupRow]:
    """Set the group of these rows, so that their addresses need no query; return the rows."""
    for row in rows:
        row.group = group
    return rows


def _milestones(group: Group, viewer: Viewer) -> list[ShownMilestone]:
    return [
        ShownMilestone(
            title=milestone.title,
            state="late" if milestone.is_late else milestone.state,
            on=milestone.reached_on or milestone.due_on,
        )
        for milestone in reversed(last_milestones(group.pk, viewer.read_level(group.pk)))
    ]


def _office_rank(seat: Seat) -> int:
    return min(list(OfficeKind).index(OfficeKind(office)) for office in seat.offices)


def _by_kind(organizations: Iterable[Participation]) -> list[Measure]:
    by_kind = [(row.kind, row.met_count) for row in organizations]
    measures = [
        _measure(band.title, [count for kind, count in by_kind if kind in band.kinds])
        for band in BANDS
    ]
    return [measure for measure in measures if measure.total]


def _by_region(organizations: Iterable[Participation]) -> list[Measure]:
    by_region = [(region_of(row.country or ""), row.met_count) for row in organizations]
    measures = [
        _measure(region.label, [count for of, count in by_region if of == region])
        for region in Region
    ]
    return [measure for measure in measures if measure.total]


def _measure(label: str | Promise, met_counts: list[int]) -> Measure:
    present = sum(count >= PRESENT_AT for count in met_counts)
    return Measure(label=label, present=present, total=len(met_counts))
