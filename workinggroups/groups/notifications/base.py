"""What notifications about a group, and about its content, have in common."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from common.access import Viewer
from members.people.models import Person
from notifications.actions import notify
from notifications.choices import Category
from notifications.targets import ModelNotification, PersonNotification
from notifications.types import AnyPayload, NotificationContent
from workinggroups.groups.models import Group
from workinggroups.groups.queries import chairs_of, members_of, readers_of


def notify_in(
    group: Group, actor: Person | None, notification: AnyPayload, *, cause: UUID | str | int
) -> None:
    """Call `notify` with the group as the scope for which people can choose their mail."""
    notify(notification, cause=str(cause), actor=actor, scope_uuid=group.uuid)


@dataclass(frozen=True, kw_only=True)
class GroupNotification(ModelNotification[Group]):
    """About a group, for people who see its profile."""

    category = Category.GROUPS
    target_field = "group"

    group: int

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Group]:
        return Group.objects.visible_to(viewer)


@dataclass(frozen=True, kw_only=True)
class GroupPersonNotification(PersonNotification[Group]):
    """About a person in a group, for people who see the group's profile."""

    category = Category.GROUPS
    target_field = "group"

    group: int

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Group]:
        return Group.objects.visible_to(viewer)

    def person_and(self, others: QuerySet[Person]) -> QuerySet[Person]:
        """Return the person it is about and these others, if they see the group's profile."""
        return profile_readers(self.group).filter(Q(pk=self.person) | Q(pk__in=others.values("pk")))


def profile_readers(group_id: int) -> QuerySet[Person]:
    """Return the people who see the group's profile."""
    return readers_of(group_id, Group.objects.get(pk=group_id).profile_level)


def chairs_or_all(group_id: int, all_members: int) -> QuerySet[Person]:
    """Return the chairs of the group, or all its members if `all_members` is 1."""
    return members_of(group_id) if all_members else chairs_of(group_id)


def why_in(group: Group, viewer: Viewer) -> str:
    """Return why a person in the group is notified: as its chair, or because they take part."""
    if group.pk in viewer.chaired_ids:
        return _("because you chair the group")
    return _("because you take part in the group")


def people_url(group: Group) -> str:
    return reverse("group-people", args=[group.slug])


def content_in(
    group: Group,
    *,
    title: str,
    url: str = "",
    why: str = "",
    detail: str = "",
    thread_key: str = "",
    subject: str = "",
    question: str = "",
) -> NotificationContent:
    """Return a notification's content about something in the group, by default for its people."""
    return NotificationContent(
        title=title,
        url=url or group.get_absolute_url(),
        why=why or _("because you are in %(group)s") % {"group": group.name},
        detail=detail,
        group_name=group.name,
        group_slug=group.list_name,
        thread_key=thread_key,
        subject=subject,
        question=question,
    )


def content_for_chairs(group: Group, viewer: Viewer, *, title: str) -> NotificationContent | None:
    """Return content about the people of the group; None for a viewer who does not chair it now."""
    if group.pk not in viewer.chaired_ids:
        return None
    return content_in(
        group, title=title, why=_("because you chair the group"), url=people_url(group)
    )
