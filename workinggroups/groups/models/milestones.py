"""The milestones of a group."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import days
from common.access import Level
from common.identifiers import new_uuid
from workinggroups.groups.choices import MilestoneState
from workinggroups.groups.models.groups import Group


class Milestone(models.Model):
    """A result that the group aims to reach by a day."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="milestones")
    # The level of the group's content when the milestone was planned.
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEMBERS)
    title = models.CharField(_("title"), max_length=160)
    due_on = models.DateField(_("due"))
    state = models.CharField(
        max_length=16, choices=MilestoneState.choices, default=MilestoneState.PLANNED
    )
    reached_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        """Whether it is planned for a day that is over everywhere."""
        return self.state == MilestoneState.PLANNED and days.is_over(self.due_on)
