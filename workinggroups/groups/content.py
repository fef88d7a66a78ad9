"""What every row written inside a group carries: its group and its level, the access key."""

from typing import Self, TypeVar

from django.apps import apps
from django.db import models

from common.access import Level, Viewer
from common.access.content import visible_content

Row = TypeVar("Row", bound="GroupContent")


class GroupContentQuerySet(models.QuerySet[Row]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Rows this viewer may read now."""
        return self.filter(visible_content(viewer))

    def within(self, group: int, read_level: Level) -> Self:
        """Rows of one group from the widest level to `read_level`.

        With `viewer.read_level(group.pk)` these are what the viewer may read of the group.
        """
        return self.filter(group=group, level__lte=read_level)


class GroupContent(models.Model):
    """Abstract: a row that belongs to a group and is for the readers its level names.

    Each table has an index that begins with the group and goes on in the order of its list. The
    database would prefer an index of the group alone, since most groups are small, and read a
    large group whole.
    """

    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEMBERS)

    class Meta:
        abstract = True


def content_models() -> list[type[GroupContent]]:
    """The models of all apps whose rows carry a group's access key."""
    return [model for model in apps.get_models() if issubclass(model, GroupContent)]
