"""The queries of the most visited pages that show several apps."""

from collections.abc import Collection

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from common.access import Level
from common.counting import CountOf
from common.prepared_statements import PreparedSql, prepared
from members.organizations.models import Organization
from members.people.models import Person
from notifications.choices import Channel
from notifications.models import Notification
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.groups.choices import MilestoneState
from workinggroups.groups.models import Group, Milestone, Office, Seat
from workinggroups.meetings.choices import AttendanceState, MeetingState
from workinggroups.meetings.models import AgendaItem, Attendance, Meeting

# How many of the last meetings count for the attendance of an organization.
LAST_MEETINGS = 3

# The unread notifications of a reader, and name and slug of their first organization.
ReaderRow = tuple[int, str | None, str | None]


@prepared
def reader_facts(person: int, own: Collection[int]) -> QuerySet[Person, ReaderRow]:
    """The reader's row in the rail of every page; `own` are the ids of their organizations."""
    unread = Notification.objects.filter(
        person=OuterRef("pk"), channel=Channel.INBOX, read_at__isnull=True
    )
    first = Organization.objects.filter(pk__any_of=own).order_by("sort_name", "pk")
    facts: QuerySet[Person, ReaderRow] = (
        Person.objects.filter(pk=person)
        .order_by()
        .values_list(
            CountOf(unread),
            Subquery(first.values("name")[:1]),
            Subquery(first.values("slug")[:1]),
        )
    )
    return facts


@prepared
def groups_by_name(groups: Collection[int]) -> QuerySet[Group]:
    rows = Group.objects.filter(pk__any_of=groups).select_related("focus_area")
    return rows.only("name", "slug", "focus_area__glyph").order_by("sort_name", "pk")


@prepared
def next_meeting(group: int, read_level: Level) -> QuerySet[Meeting]:
    # Once it begins, people who said they would come check in.
    expected = Q(state=AttendanceState.COMING) | Q(state=AttendanceState.PRESENT)
    coming = Attendance.objects.filter(expected, meeting=OuterRef("pk"))
    items = AgendaItem.objects.filter(meeting=OuterRef("pk"))
    meetings = Meeting.objects.within(group, read_level).select_related("series")
    # Also one that is running and whose attendance is recorded already.
    coming_meetings: QuerySet[Meeting] = meetings.coming().exclude(state=MeetingState.CANCELLED)
    return coming_meetings.annotate(coming=CountOf(coming), items=CountOf(items))[:1]


@prepared
def open_reviews(group: int, read_level: Level) -> QuerySet[Deliverable]:
    works = Deliverable.objects.within(group, read_level).filter(state=DeliverableState.REVIEW)
    return works.order_by("review_until", "number")[:5]


@prepared
def last_decisions(group: int, read_level: Level) -> QuerySet[Decision]:
    return Decision.objects.within(group, read_level).order_by("-decided_on", "-number")[:4]


@prepared
def last_publications(group: int) -> QuerySet[Publication]:
    latest = Publication.objects.standing().filter(deliverable__group=group, is_latest=True)
    return latest[:3]


@prepared
def last_milestones(group: int, read_level: Level) -> QuerySet[Milestone]:
    milestones = Milestone.objects.filter(group=group, level__lte=read_level)
    return milestones.exclude(state=MilestoneState.DROPPED).order_by("-due_on", "pk")[:6]


@prepared
def known_seats(group: int, own: Collection[int]) -> QuerySet[Seat]:
    """The seats of officers and of people of `own` organizations, each with its `offices`."""
    offices = Office.objects.current().filter(group=group)
    own_offices = offices.filter(person=OuterRef("person")).order_by("pk")
    return (
        Seat.objects.filter(group=group)
        .annotate(is_officer=Q(person__in=offices.values("person")))
        .filter(Q(is_officer=True) | Q(organization__pk__any_of=own))
        .select_related("person", "organization")
        .only("group_id", "person__name", "person__uuid", "person__sort_name", "organization__name")
        .annotate(offices=ArraySubquery(own_offices.values("office")))  # type: ignore[no-redef]
        .order_by("-is_officer", "person__sort_name")[:40]
    )


# Each organization for which people take part now: its kind and country, how many people, and at how
# many of the last meetings it was. SQL, so that attendance is read once, not for each organization.
roll_of_group = PreparedSql(
    "portal_roll_of_group",
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
