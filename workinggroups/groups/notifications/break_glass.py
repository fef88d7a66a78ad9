"""Notification that staff opened the private content of a group."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.models import BreakGlass
from workinggroups.groups.notifications.base import content_in
from workinggroups.groups.queries import chairs_of


@dataclass(frozen=True, kw_only=True)
class BreakGlassOpened(ModelNotification[BreakGlass]):
    name = "break_glass_opened"
    label = gettext_lazy("Staff open your group")
    category = Category.CHAIRED_GROUPS
    mandatory = True
    target_field = "opening"

    group: int
    opening: int

    def recipients(self) -> QuerySet[Person]:
        return chairs_of(self.group)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[BreakGlass]:
        openings: QuerySet[BreakGlass] = BreakGlass.objects.filter(group__in=viewer.chaired_ids)
        return openings.select_related("group", "person")

    def content(self, opening: BreakGlass, viewer: Viewer) -> NotificationContent:
        return content_in(
            opening.group,
            title=_("%(person)s (staff) opened %(group)s")
            % {"person": opening.person, "group": opening.group},
            why=_("because you chair the group"),
            url=reverse("group-openings", args=[opening.group.slug]),
            detail=opening.reason,
        )
