"""What other pages ask of the register."""

from common.access import Viewer
from workinggroups.decisions.models import Decision
from workinggroups.decisions.querysets import DecisionQuerySet
from workinggroups.groups.models import Group


def in_register(viewer: Viewer, group: Group) -> DecisionQuerySet:
    """Every decision of the group that this viewer may read, whether it stands or not."""
    found: DecisionQuerySet = Decision.objects.visible_to(viewer).filter(group=group)
    return found
