"""The action items of a group."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import days
from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.groups.choices import ActionItemState
from workinggroups.groups.content import GroupContent, GroupContentQuerySet


class ActionItemQuerySet(GroupContentQuerySet["ActionItem"]):
    def open(self) -> Self:
        """Items still to do."""
        return self.filter(state=ActionItemState.OPEN)

    def owned_by(self, person_id: int) -> Self:
        return self.filter(owner_id=person_id)


class ActionItem(GroupContent):
    """Something a member of the group does by a day; it may come from a line of the minutes."""

    # Set by views for the template: whether the viewer can change it.
    can_change: bool

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    text = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="action_items"
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(
        max_length=16, choices=ActionItemState.choices, default=ActionItemState.OPEN
    )
    source_kind = models.CharField(max_length=32, blank=True)
    source_uuid = models.UUIDField(null=True, blank=True)
    source_line = models.CharField(max_length=32, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="action_item_number_once"),
            models.UniqueConstraint(
                fields=["source_uuid", "source_line"],
                condition=Q(source_uuid__isnull=False),
                name="action_item_once_per_line",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="action_item_owner"),
            models.Index(fields=["group", "state", "due_on"], name="action_item_group"),
        ]

    def __str__(self) -> str:
        return f"A-{self.number} {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("action-item", args=[self.group.slug, self.number])

    @property
    def is_late(self) -> bool:
        """Whether it is open and was due on a day that is over everywhere."""
        return self.state == ActionItemState.OPEN and days.is_over(self.due_on)
