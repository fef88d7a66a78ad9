"""The action items of a group, and who does them."""

from typing import Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Prefetch, Q
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
        """Items of which this person is an owner, alone or with others."""
        return self.filter(ownerships__person=person_id)

    def with_owners(self) -> Self:
        """Items with their owners: one more query, however many there are."""
        return self.prefetch_related(_owners())

    def with_owner_names(self) -> Self:
        """Items with `owner_names` and `owner_uuids`, in order, in the same query."""
        owners = ActionItemOwner.objects.filter(item=OuterRef("pk")).order_by("position")
        return self.annotate(
            owner_names=ArraySubquery(owners.values("person__name")),
            owner_uuids=ArraySubquery(owners.values("person__uuid")),
        )


class ActionItem(GroupContent):
    """Something that members of the group do by a day; it may come from a line of the minutes.

    `ownerships` says who does it. `owner` is the first of them, for lists and the API: triggers keep
    the two equal, so that neither can be changed without the other.
    """

    # Both annotated by `with_owner_names`.
    owner_names: list[str]
    owner_uuids: list[UUID]

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
            models.Index(fields=["group", "state", "due_on"], name="action_item_group"),
        ]

    def __str__(self) -> str:
        return f"A-{self.number} {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("action-item", args=[self.group.slug, self.number])

    @property
    def owners(self) -> list[Person]:
        """The people who do it, the first one first. One query, or none after `with_owners`."""
        return [ownership.person for ownership in self.ownerships.all()]

    @property
    def owner_ids(self) -> frozenset[int]:
        return frozenset(ownership.person_id for ownership in self.ownerships.all())

    @property
    def is_late(self) -> bool:
        """Whether it is open and was due on a day that is over everywhere."""
        return self.state == ActionItemState.OPEN and days.is_over(self.due_on)


class ActionItemEdit(models.Model):
    """The text of an action item before a change. All other changes are in the record."""

    item = models.ForeignKey(ActionItem, models.PROTECT, related_name="edits", db_index=False)
    # The version that had this text.
    version = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="action_item_edit_once")
        ]

    def __str__(self) -> str:
        return f"{self.item}, version {self.version}"


class ActionItemOwner(models.Model):
    """A person is one of those who do an action item; the one at the lowest position leads."""

    item = models.ForeignKey(ActionItem, models.PROTECT, related_name="ownerships", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="action_item_owner_once"),
            # Deferred, since a new order gives each owner the place of another.
            models.UniqueConstraint(
                fields=["item", "position"],
                name="action_item_owner_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.item}"


def _owners() -> "Prefetch[str]":
    return Prefetch("ownerships", ActionItemOwner.objects.select_related("person"))
