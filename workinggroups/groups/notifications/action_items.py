"""Notifications that action items are assigned to somebody; `due_items.py` has the reminders."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from common.ui.date_format import day_words
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.models import ActionItem, ActionItemOwner, Group
from workinggroups.groups.notifications.base import GroupPersonNotification, content_in
from workinggroups.groups.queries import members_of, readers_of


@dataclass(frozen=True, kw_only=True)
class ActionItemNotification(ModelNotification[ActionItem]):
    """For those to whom an open action item is assigned when the notification is sent."""

    category = Category.GROUPS
    target_field = "item"
    title: ClassVar[Promise]

    group: int
    item: int

    def recipients(self) -> QuerySet[Person]:
        item = ActionItem.objects.open().filter(pk=self.item).first()
        if item is None:
            return Person.objects.active().none()
        owners = ActionItemOwner.objects.filter(item=item).values("person")
        return readers_of(item.group_id, item.level).filter(pk__in=owners)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[ActionItem]:
        own = ActionItem.objects.visible_to(viewer).open().owned_by(viewer.person_id or 0)
        return own.select_related("group")

    def content(self, item: ActionItem, viewer: Viewer) -> NotificationContent:
        due = item.due_on and _("due %(day)s") % {"day": day_words(item.due_on, weekday=True)}
        return content_in(
            item.group,
            title=str(self.title) % {"text": item.text},
            url=reverse("action-item", args=[item.group.slug, item.number]),
            why=_("because it is assigned to you"),
            detail=due or "",
            thread_key=f"action_item:{item.uuid}",
            subject=item.text,
        )


@dataclass(frozen=True, kw_only=True)
class ActionItemAssigned(ActionItemNotification):
    """For the owner who was added; events of before there were several owners name none."""

    name = "action_item_assigned"
    label = gettext_lazy("An action item is assigned to you")
    title = gettext_lazy("Assigned to you: %(text)s")

    person: int = 0

    def recipients(self) -> QuerySet[Person]:
        owners = super().recipients()
        return owners.filter(pk=self.person) if self.person else owners


@dataclass(frozen=True, kw_only=True)
class ActionItemsHandedOver(GroupPersonNotification):
    """`person` gave their `count` open items in the group to the person `to`, more than one."""

    name = "action_items_handed_over"
    label = gettext_lazy("Action items are handed over to you")

    to: int
    count: int

    def recipients(self) -> QuerySet[Person]:
        return members_of(self.group).filter(pk=self.to)

    def content(self, target: tuple[Group, Person], viewer: Viewer) -> NotificationContent | None:
        group, person = target
        if viewer.person_id != self.to or not viewer.is_member(group.pk):
            return None
        return content_in(
            group,
            title=_("%(person)s handed %(count)d action items over to you")
            % {"person": person, "count": self.count},
            url=f"{reverse('group-actions', args=[group.slug])}?owner=me",
            why=_("because they are assigned to you"),
        )
