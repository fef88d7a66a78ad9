"""Notifications that an action item is assigned, or due."""

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
from workinggroups.groups.models import ActionItem
from workinggroups.groups.notifications.base import content_in
from workinggroups.groups.queries import readers_of


@dataclass(frozen=True, kw_only=True)
class ActionItemNotification(ModelNotification[ActionItem]):
    """For the person to whom an open action item is assigned when the notification is sent."""

    category = Category.GROUPS
    target_field = "item"
    title: ClassVar[Promise]

    group: int
    item: int

    def recipients(self) -> QuerySet[Person]:
        item = ActionItem.objects.open().filter(pk=self.item).first()
        if item is None or item.owner_id is None:
            return Person.objects.active().none()
        return readers_of(item.group_id, item.level).filter(pk=item.owner_id)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[ActionItem]:
        own = ActionItem.objects.visible_to(viewer).open().filter(owner=viewer.person_id)
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


class ActionItemAssigned(ActionItemNotification):
    name = "action_item_assigned"
    label = gettext_lazy("An action item is assigned to you")
    title = gettext_lazy("Assigned to you: %(text)s")


class ActionItemDue(ActionItemNotification):
    name = "action_item_due"
    label = gettext_lazy("An action item is due")
    title = gettext_lazy("Due soon: %(text)s")
