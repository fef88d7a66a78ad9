"""What pages of this and higher rooms ask of the register."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from common.prepared import Prepared, Slot
from workinggroups.decisions.models import Decision
from workinggroups.decisions.querysets import DecisionQuerySet
from workinggroups.groups.content import GROUP, REACH
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting

# A list that somebody chooses from stays short, however long the group has met.
MEETINGS_OFFERED = 60

taken_at_meeting = Prepared(
    "decisions_at_meeting",
    lambda: (
        Decision.objects.within(GROUP, REACH).filter(meeting=Slot("meeting")).order_by("number")
    ),
)


def in_register() -> DecisionQuerySet:
    """Every decision of a group within its reader's reach, whether it stands or not."""
    found: DecisionQuerySet = Decision.objects.within(GROUP, REACH)
    return found


def meetings_begun(group: Group) -> QuerySet[Meeting]:
    """The meetings at which a decision can have been taken: the last that have begun.

    One with notes has begun, whatever the clock says: its marked lines can be recorded.
    """
    is_begun = Q(starts_at__lte=timezone.now()) | Q(notes_count__gt=0)
    begun = Meeting.objects.filter(is_begun, group=group).order_by("-starts_at")
    last = list(begun.values_list("pk", flat=True)[:MEETINGS_OFFERED])
    offered: QuerySet[Meeting] = Meeting.objects.filter(pk__in=last).order_by("-starts_at")
    return offered
