"""What pages of this app and the layers above read from the register."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from common.access import Level
from common.days import today_in
from common.prepared_statements import prepared
from members.people.models import Person
from workinggroups.decisions.models import Decision, DecisionQuerySet
from workinggroups.groups.models import Group
from workinggroups.groups.queries import GroupReader
from workinggroups.meetings.models import Meeting

# A list to choose from stays short, however long the group has met.
MEETINGS_OFFERED = 60


@prepared
def taken_at_meeting(group: int, read_level: Level, meeting: int) -> QuerySet[Decision]:
    return Decision.objects.within(group, read_level).filter(meeting=meeting).order_by("number")


def in_register(reader: GroupReader) -> DecisionQuerySet:
    """Return every decision of a group that its reader can read, replaced ones included."""
    return Decision.objects.within(reader.group, reader.read_level)


def meetings_begun(group: Group) -> QuerySet[Meeting]:
    """Return the latest meetings that have begun, at which a decision can have been taken.

    A meeting with notes counts as begun, so that the decisions in its notes can be recorded.
    """
    is_begun = Q(starts_at__lte=timezone.now()) | Q(notes_count__gt=0)
    begun = Meeting.objects.filter(is_begun, group=group).order_by("-starts_at")
    last = list(begun.values_list("pk", flat=True)[:MEETINGS_OFFERED])
    offered: QuerySet[Meeting] = Meeting.objects.filter(pk__in=last).order_by("-starts_at")
    return offered


def latest_day(person: Person, meeting: Meeting | None = None, now: datetime | None = None) -> date:
    """Return the latest day of a decision: today for this person or in the meeting's zone."""
    zones = {person.zone, meeting.zone} if meeting else {person.zone}
    return max(today_in(zone, now) for zone in zones)
