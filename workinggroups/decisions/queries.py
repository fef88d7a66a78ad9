"""What other pages show of the register: each answers a query set of what the viewer may read."""

from datetime import datetime

from common.access import Viewer
from workinggroups.decisions.models import Decision
from workinggroups.decisions.querysets import DecisionQuerySet
from workinggroups.groups.models import Group


def latest_decisions(viewer: Viewer, group: Group) -> DecisionQuerySet:
    """The group's decisions, the latest first, for its overview."""
    return Decision.objects.visible_to(viewer).filter(group=group).latest_first()


def decided_since(viewer: Viewer, since: datetime) -> DecisionQuerySet:
    """What the viewer's own groups decided since then, for the desk."""
    mine = Decision.objects.visible_to(viewer).filter(group_id__in=viewer.group_ids)
    return mine.filter(recorded_at__gte=since).select_related("group").latest_first()
