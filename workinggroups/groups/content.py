"""The access key that every row written inside a group has: its group and its level."""

from typing import ClassVar, Self, TypeVar

from django.apps import apps
from django.db import models

from common.access import Level, Viewer
from common.access.content import GrantedBy, granted_by, visible_content

Row = TypeVar("Row", bound="GroupContent")


class GroupContentQuerySet(models.QuerySet[Row]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Rows that this viewer can read now, by level or by a grant."""
        return self.filter(visible_content(viewer, granted_by(self.model)))

    def within(self, group: int, read_level: Level) -> Self:
        """Rows of one group from the widest level to `read_level`.

        With `viewer.read_level(group.pk)` these are the rows that the viewer can read by level: the
        lists of the group and their counts. Rows that a grant opens are not among them.
        """
        return self.filter(group=group, level__lte=read_level)

    def next_number(self, group: models.Model) -> int:
        """Return the number of the group's next row; the caller holds the lock of the group."""
        last: int | None = self.filter(group=group).aggregate(last=models.Max("number"))["last"]
        return (last or 0) + 1


class GroupContent(models.Model):
    """Abstract: a row that belongs to a group, for the readers of its level.

    Each table has an index of the group and then the order of its list. With an index of the group
    alone the database, which expects small groups, would read a large group whole.
    """

    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEMBERS)

    # The kinds of grants that let a person read a row without a seat.
    granted_by: ClassVar[tuple[GrantedBy, ...]] = ()

    class Meta:
        abstract = True


def content_models() -> list[type[GroupContent]]:
    """Return the models of all apps whose rows have a group's access key."""
    return [model for model in apps.get_models() if issubclass(model, GroupContent)]
