"""Notifications that a person was appointed to an office of a group, or no longer holds it."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.types import NotificationContent
from workinggroups.groups.choices import OfficeKind
from workinggroups.groups.models import Group
from workinggroups.groups.notifications.base import (
    GroupPersonNotification,
    content_for_chairs,
    content_in,
    people_url,
)
from workinggroups.groups.queries import chairs_of, members_of


@dataclass(frozen=True, kw_only=True)
class OfficeNotification(GroupPersonNotification):
    """For the person and the chairs, each with their own title."""

    mandatory = True
    title_for_person: ClassVar[Promise]
    title_for_chairs: ClassVar[Promise]
    why: ClassVar[str | Promise] = ""

    office: str

    def recipients(self) -> QuerySet[Person]:
        return self.person_and(chairs_of(self.group))

    def content(self, target: tuple[Group, Person], viewer: Viewer) -> NotificationContent | None:
        group, person = target
        office = OfficeKind(self.office).label.lower()
        words = {"person": person, "office": office, "group": group}
        if person.pk == viewer.person_id:
            return content_in(group, title=str(self.title_for_person) % words, why=str(self.why))
        return content_for_chairs(group, viewer, title=str(self.title_for_chairs) % words)


class OfficeGiven(OfficeNotification):
    name = "office_given"
    label = gettext_lazy("You are appointed to an office")
    title_for_person = gettext_lazy("You are now %(office)s of %(group)s")
    title_for_chairs = gettext_lazy("%(person)s is now %(office)s of %(group)s")
    why = gettext_lazy("because you were appointed to this office")


class OfficeEnded(OfficeNotification):
    name = "office_ended"
    label = gettext_lazy("Someone leaves an office")
    title_for_person = gettext_lazy("You are no longer %(office)s of %(group)s")
    title_for_chairs = gettext_lazy("%(person)s is no longer %(office)s of %(group)s")


class ChairHandedOver(GroupPersonNotification):
    name = "chair_handed_over"
    label = gettext_lazy("The chair changes")

    def recipients(self) -> QuerySet[Person]:
        return members_of(self.group)

    def content(self, target: tuple[Group, Person], viewer: Viewer) -> NotificationContent:
        group, person = target
        return content_in(
            group,
            title=_("%(person)s now chairs %(group)s") % {"person": person, "group": group},
            why=_("because you take part in the group"),
            url=people_url(group),
        )
