"""The one rule of who reads a row by its access key, a group and a level, as a filter."""

from django.db.models import Q

from common.access.levels import Level
from common.access.viewer import Viewer


def visible_content(viewer: Viewer) -> Q:
    """Over the columns `group_id` and `level`. Mirror: `readers_of` in the groups' queries."""
    seen = Q(level=Level.PUBLIC)
    if viewer.in_alliance:
        seen |= Q(level=Level.ALLIANCE)
    if viewer.seats:
        seen |= Q(level__lte=Level.MEMBERS, group_id__in=viewer.group_ids)
    if viewer.chaired_ids:
        seen |= Q(level=Level.CHAIRS, group_id__in=viewer.chaired_ids)
    if viewer.break_glass_ids:
        seen |= Q(group_id__in=viewer.break_glass_ids)
    return seen
