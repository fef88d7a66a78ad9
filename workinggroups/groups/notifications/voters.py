"""Notifications about who votes for an organization in a group."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.choices import VoterRole
from workinggroups.groups.models import Group, VoterRequest, VotingRepresentative
from workinggroups.groups.notifications.base import content_in, people_url, profile_readers
from workinggroups.groups.permissions import can_see_people
from workinggroups.groups.queries import chairs_of
from workinggroups.groups.voter_permissions import speaks_in
from workinggroups.groups.voters import namers


def voters_url(viewer: Viewer, row: VotingRepresentative | VoterRequest) -> str:
    """Return where this viewer reads who votes: in the group, or on the organization's page."""
    if can_see_people(viewer, row.group):
        return f"{people_url(row.group)}#voters"
    return reverse("organization-voters", args=[row.organization.slug])


def names_voters(viewer: Viewer, row: VotingRepresentative | VoterRequest) -> bool:
    """Whether the viewer is among `namers` of the row's organization in its group."""
    if row.group.is_secret:
        return speaks_in(viewer, row.group, row.organization)
    return row.organization_id in viewer.represented_ids


@dataclass(frozen=True, kw_only=True)
class VoterNotification(ModelNotification[VotingRepresentative]):
    """For the person, those who name the organization's voters, and the group's chairs."""

    category = Category.GROUPS
    mandatory = True
    target_field = "voter"

    group: int
    voter: int

    def recipients(self) -> QuerySet[Person]:
        row = VotingRepresentative.objects.select_related("group").get(pk=self.voter)
        naming, chairs = namers(row.group, row.organization_id), chairs_of(self.group)
        ids = naming.order_by().values("pk").union(chairs.order_by().values("pk"))
        return profile_readers(self.group).filter(Q(pk=row.person_id) | Q(pk__in=ids))

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[VotingRepresentative]:
        rows = VotingRepresentative.objects.filter(group__in=Group.objects.visible_to(viewer))
        return rows.select_related("group", "organization", "person")


class VoterNamed(VoterNotification):
    name = "voter_named"
    label = gettext_lazy("Someone is named to vote for an organization")

    def content(self, row: VotingRepresentative, viewer: Viewer) -> NotificationContent | None:
        is_alternate = row.role == VoterRole.ALTERNATE
        if row.person_id == viewer.person_id:
            title = (
                _("You are now an alternate of %(organization)s in %(group)s")
                if is_alternate
                else _("You now vote for %(organization)s in %(group)s")
            )
            return _content(row, viewer, title, _("because you were named"))
        title = (
            _("%(person)s is now an alternate of %(organization)s in %(group)s")
            if is_alternate
            else _("%(person)s now votes for %(organization)s in %(group)s")
        )
        return _content_for_others(row, viewer, title)


class VoterEnded(VoterNotification):
    name = "voter_ended"
    label = gettext_lazy("Someone no longer votes for an organization")

    def content(self, row: VotingRepresentative, viewer: Viewer) -> NotificationContent | None:
        if row.person_id == viewer.person_id:
            title = _("You no longer vote for %(organization)s in %(group)s")
            return _content(row, viewer, title, _("because you were named"))
        title = _("%(person)s no longer votes for %(organization)s in %(group)s")
        detail = _("Alternates move up in order. You can name someone else.")
        return _content_for_others(row, viewer, title, detail)


@dataclass(frozen=True, kw_only=True)
class VoterAsked(ModelNotification[VoterRequest]):
    """For those who can name the organization's voters."""

    name = "voter_asked"
    label = gettext_lazy("A group asks who votes for your organization")
    category = Category.ORGANIZATION
    target_field = "request"

    group: int
    request: int

    def recipients(self) -> QuerySet[Person]:
        request = VoterRequest.objects.select_related("group").get(pk=self.request)
        naming = namers(request.group, request.organization_id)
        return profile_readers(self.group).filter(pk__in=naming.order_by().values("pk"))

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[VoterRequest]:
        requests = VoterRequest.objects.filter(group__in=Group.objects.visible_to(viewer))
        return requests.select_related("group", "organization", "asked_by")

    def content(self, request: VoterRequest, viewer: Viewer) -> NotificationContent | None:
        if not names_voters(viewer, request):
            return None
        names = {"group": request.group, "organization": request.organization}
        return content_in(
            request.group,
            title=_("%(group)s asks who votes for %(organization)s") % names,
            why=_("because you can name who votes for the organization"),
            detail=_("%(person)s asks you to name someone.") % {"person": request.asked_by},
            url=voters_url(viewer, request),
        )


def _content(
    row: VotingRepresentative, viewer: Viewer, title: str, why: str, detail: str = ""
) -> NotificationContent:
    names = {"person": row.person, "organization": row.organization, "group": row.group}
    return content_in(
        row.group, title=title % names, why=why, detail=detail, url=voters_url(viewer, row)
    )


def _content_for_others(
    row: VotingRepresentative, viewer: Viewer, title: str, detail: str = ""
) -> NotificationContent | None:
    """Return the content for those who name voters and for the chairs; None for anybody else."""
    if names_voters(viewer, row):
        return _content(row, viewer, title, _("because you can name who votes"), detail)
    if row.group_id in viewer.chaired_ids:
        return _content(row, viewer, title, _("because you chair the group"))
    return None
