"""What search says about a group's things besides their own words."""

from common.access import Level
from workinggroups.groups.models import Group


def about(group: Group, level: int | Level) -> list[str]:
    """Return focus area and name of the group, where all who read things of `level` know of it."""
    if level < group.profile_level:
        return []
    return [group.focus_area.name, group.name]
