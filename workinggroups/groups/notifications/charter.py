"""Notification that a charter was adopted."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.types import NotificationContent
from workinggroups.groups.models import Group
from workinggroups.groups.notifications.base import GroupNotification, content_in
from workinggroups.groups.queries import members_of


@dataclass(frozen=True, kw_only=True)
class CharterAdopted(GroupNotification):
    name = "charter_adopted"
    label = gettext_lazy("A charter is adopted")

    number: int  # of the version

    def recipients(self) -> QuerySet[Person]:
        return members_of(self.group)

    def content(self, group: Group, viewer: Viewer) -> NotificationContent:
        return content_in(
            group,
            title=_("%(group)s adopted version %(number)s of its charter")
            % {"group": group, "number": self.number},
            why=_("because you take part in the group"),
            url=reverse("group-charter", args=[group.slug]),
        )
