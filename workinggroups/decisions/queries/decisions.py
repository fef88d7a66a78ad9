"""What pages of this app and the layers above read from the register."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from common.access import Level
from common.days import today_in
from common.prepared_statements import prepared
from members.people.models import Person
from workinggroups.decisions.choices import Unit
from workinggroups.decisions.models import Decision, DecisionQuerySet
from workinggroups.groups.models import Group
from workinggroups.groups.queries import GroupReader
from workinggroups.meetings.addresses import is_meeting_address
from workinggroups.meetings.choices import MeetingState
from workinggroups.meetings.models import Meeting

# A list to choose from stays short, however long the group has met.
MEETINGS_OFFERED = 60


@prepared
def taken_at_meeting(group: int, read_level: Level, meeting: int) -> QuerySet[Decision]:
    return Decision.objects.within(group, read_level).filter(meeting=meeting).order_by("number")


def in_register(reader: GroupReader) -> DecisionQuerySet:
    """Return every decision of a group that its reader can read, replaced ones included."""
    return Decision.objects.within(reader.group, reader.read_level)


def meetings_begun(group: Group, *, named: str = "") -> QuerySet[Meeting]:
    """Return the latest meetings that were held or are running: a decision was taken at one of them.

    The meeting at the address `named` is offered too if it has notes, since notes can be written, and
    a decision in them recorded, before the meeting begins.
    """
    meetings = Meeting.objects.filter(group=group).exclude(state=MeetingState.CANCELLED)
    begun = meetings.filter(starts_at__lte=timezone.now()).order_by("-starts_at")
    offered = list(begun.values_list("pk", flat=True)[:MEETINGS_OFFERED])
    if is_meeting_address(named):
        offered += meetings.at_address(named).filter(notes_count__gt=0).values_list("pk", flat=True)
    return meetings.filter(pk__in=offered).order_by("-starts_at")


def usual_unit(group: Group) -> str:
    """Return what the group's last counts counted; organizations where it has none that say so."""
    counted = Decision.objects.filter(group=group).exclude(unit="").order_by("-number")
    return counted.values_list("unit", flat=True).first() or Unit.ORGANIZATIONS.value


def latest_day(person: Person, meeting: Meeting | None = None, now: datetime | None = None) -> date:
    """Return the latest day of a decision: today for this person or in the meeting's zone."""
    zones = {person.zone, meeting.zone} if meeting else {person.zone}
    return max(today_in(zone, now) for zone in zones)
