"""Notifications of comments on action items."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text.markdown import plain
from members.people.models import Person
from notifications.choices import Category, Frequency
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.groups.models import ActionItemComment, ActionItemOwner
from workinggroups.groups.notifications.base import content_in
from workinggroups.groups.queries import members_reading

EXCERPT_CHARACTERS = 280


@dataclass(frozen=True, kw_only=True)
class ActionItemCommented(SharedNotification[ActionItemComment]):
    """For the owners of the item and those who commented on it before, as far as they read it."""

    name = "action_item_commented"
    label = gettext_lazy("A comment on an action item of yours")
    category = Category.GROUPS
    default_frequency = Frequency.DIGEST
    target_field, target_lookup = "comment", "uuid"

    group: int
    comment: str

    def recipients(self) -> QuerySet[Person]:
        comment = ActionItemComment.objects.shown().filter(uuid=self.comment).first()
        if comment is None:
            return members_reading(None)
        owners = ActionItemOwner.objects.filter(item=comment.item_id)
        earlier = ActionItemComment.objects.filter(item=comment.item_id, number__lt=comment.number)
        people = owners.order_by().values("person").union(earlier.order_by().values("author"))
        ids = [row["person"] for row in people]
        return members_reading(comment).filter(Q(pk__in=ids))

    @classmethod
    def rows(cls) -> QuerySet[ActionItemComment]:
        """Return the comments without hidden ones, of which nobody is notified."""
        return ActionItemComment.objects.shown().with_names()

    def shared_content(self, comment: ActionItemComment, zone: str) -> NotificationContent:
        item = comment.item
        return content_in(
            item.group,
            title=f"{comment.author}: {item.text}",
            url=comment.get_absolute_url(),
            why=_("because you are assigned to this action item or commented on it"),
            detail=plain(comment.html, EXCERPT_CHARACTERS),
            thread_key=f"action_item:{item.uuid}",
            subject=item.text,
        )
