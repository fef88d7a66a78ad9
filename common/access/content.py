"""The one rule of who reads a row by its access key, a group and a level, as a filter."""

from typing import Protocol

from django.db.models import Q

from common.access.levels import Level
from common.access.viewer import Viewer


class HasAccessKey(Protocol):
    group_id: int
    level: int


def sees(viewer: Viewer, row: "HasAccessKey") -> bool:
    """The same rule, asked of one row that is at hand."""
    return row.level <= viewer.read_level(row.group_id)


def visible_content(viewer: Viewer) -> Q:
    """Over the columns `group_id` and `level`. Mirror: `readers_of` in the groups' queries."""
    seen = Q(level__lte=Level.ALLIANCE if viewer.in_alliance else Level.PUBLIC)
    if viewer.seats:
        seen |= Q(level__lte=Level.MEMBERS, group_id__in=viewer.group_ids)
    if viewer.chaired_ids:
        seen |= Q(level=Level.CHAIRS, group_id__in=viewer.chaired_ids)
    if viewer.break_glass_ids:
        seen |= Q(group_id__in=viewer.break_glass_ids)
    return seen
