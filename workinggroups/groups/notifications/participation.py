"""Notifications that a person asks to join, joins, is added, leaves, or changes level."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.choices import Category, Frequency
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.choices import ParticipationLevel, RequestState
from workinggroups.groups.models import AdmissionRequest, Group
from workinggroups.groups.notifications.base import (
    GroupPersonNotification,
    chairs_or_all,
    content_for_chairs,
    content_in,
    people_url,
    profile_readers,
    why_in,
)
from workinggroups.groups.permissions import can_see_people
from workinggroups.groups.queries import chairs_of


@dataclass(frozen=True, kw_only=True)
class AdmissionRequested(ModelNotification[AdmissionRequest]):
    """For the chairs, while the request waits for an answer."""

    name = "admission_requested"
    label = gettext_lazy("Someone asks to join")
    category = Category.CHAIRED_GROUPS
    target_field = "request"

    group: int
    request: int

    def recipients(self) -> QuerySet[Person]:
        return chairs_of(self.group)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[AdmissionRequest]:
        waiting = AdmissionRequest.objects.waiting().filter(group__in=viewer.chaired_ids)
        return waiting.select_related("group", "person", "organization")

    def content(self, request: AdmissionRequest, viewer: Viewer) -> NotificationContent:
        return content_in(
            request.group,
            title=_("%(person)s asks to join %(group)s")
            % {"person": request.person, "group": request.group},
            why=_("because you chair the group"),
            url=people_url(request.group),
            detail=str(request.organization or ""),
        )


@dataclass(frozen=True, kw_only=True)
class AdmissionDecided(ModelNotification[AdmissionRequest]):
    """For the person who asked, as long as they can see the group."""

    name = "admission_decided"
    label = gettext_lazy("Your request to join is answered")
    category = Category.GROUPS
    mandatory = True
    target_field = "request"

    group: int
    request: int
    person: int

    def recipients(self) -> QuerySet[Person]:
        return profile_readers(self.group).filter(pk=self.person)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[AdmissionRequest]:
        own = AdmissionRequest.objects.filter(person=viewer.person_id).select_related("group")
        return own.filter(group__in=Group.objects.visible_to(viewer))

    def content(self, request: AdmissionRequest, viewer: Viewer) -> NotificationContent:
        title = (
            _("%(group)s approved your request to join")
            if request.state == RequestState.APPROVED
            else _("%(group)s declined your request to join")
        )
        return content_in(
            request.group,
            title=title % {"group": request.group},
            why=_("because you asked to join"),
            detail=request.reason,
        )


class ChairsNotification(GroupPersonNotification):
    """For the chairs: who comes and who goes."""

    category = Category.CHAIRED_GROUPS
    default_frequency = Frequency.DIGEST
    title: ClassVar[Promise]

    def recipients(self) -> QuerySet[Person]:
        return chairs_of(self.group)

    def content(self, target: tuple[Group, Person], viewer: Viewer) -> NotificationContent | None:
        group, person = target
        if not can_see_people(viewer, group):
            return None
        return content_in(
            group,
            title=str(self.title) % {"person": person, "group": group},
            why=_("because you chair the group"),
            url=people_url(group),
        )


class MemberJoined(ChairsNotification):
    name = "member_joined"
    label = gettext_lazy("Someone joins")
    title = gettext_lazy("%(person)s joined %(group)s")


class MemberLeft(ChairsNotification):
    name = "member_left"
    label = gettext_lazy("Someone leaves or is removed")
    title = gettext_lazy("%(person)s is no longer in %(group)s")


@dataclass(frozen=True, kw_only=True)
class MemberAdded(GroupPersonNotification):
    name = "member_added"
    label = gettext_lazy("Someone is added")

    all_members: int = 0  # 1: not only the person and the chairs are notified

    def recipients(self) -> QuerySet[Person]:
        return self.person_and(chairs_or_all(self.group, self.all_members))

    def content(self, target: tuple[Group, Person], viewer: Viewer) -> NotificationContent | None:
        group, person = target
        if person.pk == viewer.person_id:
            title = _("You were added to %(group)s") % {"group": group}
            why = _("because you now take part in the group")
        elif can_see_people(viewer, group):
            title = _("%(person)s was added to %(group)s") % {"person": person, "group": group}
            why = why_in(group, viewer)
        else:
            return None
        return content_in(group, title=title, why=why, url=people_url(group))


@dataclass(frozen=True, kw_only=True)
class LevelChanged(GroupPersonNotification):
    name = "level_changed"
    label = gettext_lazy("A participant becomes an observer, or the other way round")
    mandatory = True

    level: str

    def recipients(self) -> QuerySet[Person]:
        return self.person_and(chairs_of(self.group))

    def content(self, target: tuple[Group, Person], viewer: Viewer) -> NotificationContent | None:
        group, person = target
        names = {"person": person, "group": group}
        if self.level == ParticipationLevel.OBSERVER:
            to_person = _("You are now an observer in %(group)s")
            to_chairs = _("%(person)s is now an observer in %(group)s")
            detail = _(
                "You can still read everything in the group, but you can no longer write in it."
            )
        else:
            to_person = _("You are now a participant in %(group)s")
            to_chairs = _("%(person)s is now a participant in %(group)s")
            detail = _("You can now also write in the group.")
        if person.pk == viewer.person_id:
            return content_in(group, title=to_person % names, detail=detail)
        return content_for_chairs(group, viewer, title=to_chairs % names)
