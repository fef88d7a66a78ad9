"""What search shows about a group's content besides its own words."""

from common.access import Level
from workinggroups.groups.models import Group


def about(group: Group, level: int | Level) -> list[str]:
    """Return the group's focus area and name, if all readers of `level` can see the group."""
    if level < group.profile_level:
        return []
    return [group.focus_area.name, group.name]
