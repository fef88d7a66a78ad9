"""The home of a group, composed of what each room knows: in one screen what it is for, what is
next, what is open, what it decided and published, and who is here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.vocabulary.regions import Region, region_of
from members.organizations.choices import Kind
from members.organizations.models import Organization
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.groups.choices import MilestoneState, OfficeKind
from workinggroups.groups.models import Group, Milestone, Office, Seat
from workinggroups.groups.permissions import can_read_content, can_see_people
from workinggroups.meetings.choices import AttendanceState, MeetingState
from workinggroups.meetings.models import Attendance, Meeting

# An organization counts as present with two of the last three meetings, as the page says.
LAST_MEETINGS = 3
PRESENT_AT = 2

BANDS: dict[str | Promise, tuple[Kind, ...]] = {
    _("Companies"): (Kind.COMPANY,),
    _("Universities"): (Kind.UNIVERSITY,),
    _("Research and public bodies"): (Kind.RESEARCH, Kind.PUBLIC),
    _("Non-profit"): (Kind.NONPROFIT,),
}


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
class GroupHome:
    meeting: Meeting | None
    reviews: list[Deliverable]
    decisions: list[Decision]
    publications: list[Publication]
    kinds: list[Measure]
    regions: list[Measure]
    measures_attendance: bool
    organization_count: int
    officers: list[Seat]
    colleagues: list[Seat]
    milestones: list[Promised]


def group_home(viewer: Viewer, group: Group) -> GroupHome:
    """What this viewer may see of the group at this moment. Seven queries at most."""
    organizations = _organizations(group) if can_see_people(viewer, group) else []
    met = any(organization.met for organization in organizations)
    seats = _known_seats(viewer, group)
    own = viewer.organization_ids if can_see_people(viewer, group) else frozenset()
    return GroupHome(
        meeting=_next_meeting(viewer, group),
        reviews=_reviews(viewer, group),
        decisions=list(
            Decision.objects.visible_to(viewer)
            .filter(group=group)
            .select_related("group")
            .order_by("-decided_at", "-number")[:4]
        ),
        publications=list(
            Publication.objects.standing().filter(deliverable__group=group, is_latest=True)[:3]
        ),
        kinds=_by_kind(organizations),
        regions=_by_region(organizations),
        measures_attendance=met,
        organization_count=len(organizations),
        officers=sorted((seat for seat in seats if seat.offices), key=_office_rank),
        colleagues=[seat for seat in seats if seat.organization_id in own],
        milestones=_milestones(viewer, group),
    )


def _next_meeting(viewer: Viewer, group: Group) -> Meeting | None:
    coming = Q(attendance__state=AttendanceState.COMING)
    next_one: Meeting | None = (
        Meeting.objects.visible_to(viewer)
        .upcoming()
        .filter(group=group)
        .select_related("group")
        .annotate(
            coming=Count("attendance", filter=coming, distinct=True),
            items=Count("agenda", distinct=True),
        )
        .first()
    )
    return next_one


def _reviews(viewer: Viewer, group: Group) -> list[Deliverable]:
    return list(
        Deliverable.objects.visible_to(viewer)
        .filter(group=group, state=DeliverableState.REVIEW)
        .select_related("group")
        .order_by("review_until", "number")[:5]
    )


def _milestones(viewer: Viewer, group: Group) -> list[Promised]:
    if not can_read_content(viewer, group):
        return []
    today = timezone.localdate()
    shown: QuerySet[Milestone] = group.milestones.exclude(state=MilestoneState.DROPPED)
    return [
        Promised(
            title=milestone.title,
            state="late"
            if milestone.state == MilestoneState.PLANNED and milestone.due_on < today
            else milestone.state,
            on=milestone.reached_on or milestone.due_on,
        )
        for milestone in shown.order_by("-due_on", "pk")[:6][::-1]
    ]


def _known_seats(viewer: Viewer, group: Group) -> list[Seat]:
    """The officers, whom the card names, and whoever is here from the viewer's organizations."""
    offices = Office.objects.current().filter(group=OuterRef("group"), person=OuterRef("person"))
    return list(
        Seat.objects.filter(group=group)
        .filter(Exists(offices) | Q(organization__in=viewer.organization_ids))
        .select_related("person", "organization")
        .annotate(  # type: ignore[no-redef]
            offices=ArraySubquery(offices.order_by("pk").values("office")),
        )
        .order_by("-is_chair", "person__sort_name")[:40]
    )


def _office_rank(seat: Seat) -> int:
    return min(list(OfficeKind).index(OfficeKind(office)) for office in seat.offices)


def _organizations(group: Group) -> "list[_Met]":
    """Organizations in the group now, each with `met`: at how many of the last meetings it was."""
    last = (
        Meeting.objects.filter(group=group, state=MeetingState.HELD)
        .order_by("-starts_at")
        .values("pk")[:LAST_MEETINGS]
    )
    seated = Seat.objects.filter(group=group, organization=OuterRef("pk"))
    present = (
        Attendance.objects.filter(
            meeting__in=last, organization=OuterRef("pk"), state=AttendanceState.PRESENT
        )
        .order_by()
        .values("meeting")
        .distinct()
    )
    rows = (
        Organization.objects.filter(Exists(seated))
        .annotate(met_at=ArraySubquery(present))
        .order_by("sort_name")
        .values_list("kind", "country", "met_at")
    )
    return [_Met(kind, country, len(met_at)) for kind, country, met_at in rows]


@dataclass(frozen=True, slots=True)
class _Met:
    kind: str
    country: str
    met: int


def _by_kind(organizations: Iterable[_Met]) -> list[Measure]:
    rows = [(organization.kind, organization.met) for organization in organizations]
    return [
        measure
        for label, kinds in BANDS.items()
        if (measure := _measure(label, [met for kind, met in rows if kind in kinds])).total
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
