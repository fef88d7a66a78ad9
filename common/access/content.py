"""Who can read a row by its access key, a group and a level: as a filter and for one row."""

from typing import Protocol

from django.db.models import Q

from common.access.levels import Level
from common.access.viewer import Viewer


class HasAccessKey(Protocol):
    group_id: int
    level: int


def sees(viewer: Viewer, row: HasAccessKey) -> bool:
    """Whether the viewer can read this row: the rule of `visible_content`."""
    return row.level <= viewer.read_level(row.group_id)


def visible_content(viewer: Viewer) -> Q:
    """Filter rows by their columns `group_id` and `level`.

    `readers_of` in the queries of `groups` is the inverse: the people who can read a row.
    """
    visible = Q(level__lte=Level.ALLIANCE if viewer.in_alliance else Level.PUBLIC)
    if viewer.seats:
        visible |= Q(level__lte=Level.MEMBERS, group_id__in=viewer.group_ids)
    if viewer.chaired_ids:
        visible |= Q(level=Level.CHAIRS, group_id__in=viewer.chaired_ids)
    if viewer.break_glass_ids:
        visible |= Q(group_id__in=viewer.break_glass_ids)
    return visible
