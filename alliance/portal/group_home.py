"""The home of a group, composed of what each room knows: in one screen what it is for, what is
next, what is open, what it decided and published, and who is here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from alliance.portal.queries import (
    decided_last,
    in_review,
    known_seats,
    last_milestones,
    next_meeting,
    published_last,
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

# An organization counts as present with two of the last meetings, as the page says.
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
class ParticipationBreakdown:
    """Who takes part, by kind and by region: all that `groups/_breakdown.html` shows."""

    kinds: tuple[Measure, ...]
    regions: tuple[Measure, ...]
    measures_attendance: bool


@dataclass(frozen=True, slots=True)
class GroupHome:
    meeting: Meeting | None
    reviews: list[Deliverable]
    decisions: list[Decision]
    publications: list[Publication]
    breakdown: ParticipationBreakdown
    organization_count: int
    people_count: int
    officers: list[Seat]
    colleagues: list[Seat]
    milestones: list[Promised]


def group_home(viewer: Viewer, group: Group) -> GroupHome:
    """What this viewer may see of the group at this moment. Seven queries at most."""
    reads = (group.pk, viewer.read_level(group.pk))
    sees_people = can_see_people(viewer, group)
    roll = roll_of_group(group=group.pk) if sees_people else []
    organizations = [_Met(kind, country or "", met) for kind, country, _, met in roll if kind]
    own = viewer.organization_ids if sees_people else frozenset()
    seats = known_seats(group.pk, viewer.organization_ids)
    return GroupHome(
        meeting=next(iter(_in(group, next_meeting(*reads))), None),
        reviews=_in(group, in_review(*reads)),
        decisions=_in(group, decided_last(*reads)),
        publications=published_last(group.pk),
        breakdown=ParticipationBreakdown(
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
        for milestone in reversed(last_milestones(group.pk, viewer.read_level(group.pk)))
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
