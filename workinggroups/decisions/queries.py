"""What other pages ask of the register."""

from common.prepared import Prepared, Slot
from workinggroups.decisions.models import Decision
from workinggroups.decisions.querysets import DecisionQuerySet
from workinggroups.groups.content import GROUP, REACH

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
