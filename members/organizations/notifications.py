"""Notifications about organizations: membership, colleagues, representatives, legal names."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.organizations.choices import LegalNameState, MembershipStatus
from members.organizations.models import LegalNameRequest, Organization, Representation
from members.people.models import Person
from notifications.choices import Category
from notifications.recipients import all_staff
from notifications.registry import register
from notifications.targets import ModelNotification, PersonNotification
from notifications.types import NotificationContent

# What a membership's status means to its organization, in one sentence.
MEANING = {
    MembershipStatus.AWAITING: gettext_lazy("The agreements must be accepted first."),
    MembershipStatus.ACTIVE: gettext_lazy("Your people can join groups, meet and write."),
    MembershipStatus.GRACE: gettext_lazy("Your people can read everything but change nothing."),
    MembershipStatus.SUSPENDED: gettext_lazy("Your people have no access until it is restored."),
    MembershipStatus.ENDED: gettext_lazy("Your people no longer have access."),
}


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(ModelNotification[Organization]):
    name = "membership_changed"
    label = gettext_lazy("The membership changes")
    category = Category.ORGANIZATION
    mandatory = True
    target_field = "organization"

    organization: int
    status: str

    def recipients(self) -> QuerySet[Person]:
        return representatives_of(self.organization)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Organization]:
        return represented_by(viewer)

    def content(self, organization: Organization, viewer: Viewer) -> NotificationContent:
        status = MembershipStatus(self.status)
        return NotificationContent(
            title=_("%(organization)s: membership is now “%(status)s”")
            % {"organization": organization, "status": status.label},
            url=organization.get_absolute_url(),
            why=_("because you represent the organization"),
            detail=str(MEANING[status]),
        )


@dataclass(frozen=True, kw_only=True)
class ColleagueJoined(PersonNotification[Organization]):
    name = "colleague_joined"
    label = gettext_lazy("A colleague joins")
    category = Category.ORGANIZATION
    target_field = "organization"

    organization: int

    def recipients(self) -> QuerySet[Person]:
        return representatives_of(self.organization)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Organization]:
        return represented_by(viewer)

    def content(self, target: tuple[Organization, Person], viewer: Viewer) -> NotificationContent:
        organization, person = target
        return NotificationContent(
            title=_("%(person)s joined %(organization)s")
            % {"person": person, "organization": organization},
            url=people_url(organization),
            why=_("because you represent the organization"),
        )


@dataclass(frozen=True, kw_only=True)
class StaffNotification(ModelNotification[Organization]):
    """A notification to staff about an organization."""

    category = Category.ADMINISTRATION
    target_field = "organization"

    organization: int

    def recipients(self) -> QuerySet[Person]:
        return all_staff()

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Organization]:
        return Organization.objects.all() if viewer.is_staff else Organization.objects.none()


class RepresentativeMissing(StaffNotification):
    """A member lost its primary representative; its alternates still act for it."""

    name = "representative_missing"
    label = gettext_lazy("A member has no representative")

    def content(self, organization: Organization, viewer: Viewer) -> NotificationContent:
        return NotificationContent(
            title=_("%(organization)s has no representative") % {"organization": organization},
            url=people_url(organization),
            why=_("because you are staff"),
            detail=_("Appoint a new one."),
        )


class LegalNameRequested(StaffNotification):
    """A representative asks for another legal name."""

    name = "legal_name_asked"
    label = gettext_lazy("A member asks to change its legal name")

    def content(self, organization: Organization, viewer: Viewer) -> NotificationContent:
        return NotificationContent(
            title=_("%(organization)s asks to change its legal name")
            % {"organization": organization},
            url=reverse("organization-legal-name", args=[organization.slug]),
            why=_("because you are staff"),
            detail=_("The current name is shown until staff confirm the new one."),
        )


@dataclass(frozen=True, kw_only=True)
class LegalNameAnswered(ModelNotification[LegalNameRequest]):
    """Staff confirmed a new legal name, or declined it with a reason."""

    name = "legal_name_answered"
    label = gettext_lazy("Staff answer a request for a new legal name")
    category = Category.ORGANIZATION
    mandatory = True
    target_field = "request"

    organization: int
    request: int

    def recipients(self) -> QuerySet[Person]:
        return representatives_of(self.organization)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[LegalNameRequest]:
        """Return requests of the organizations that this viewer represents."""
        requests = LegalNameRequest.objects.filter(organization__in=viewer.represented_ids)
        return requests.select_related("organization")

    def content(self, request: LegalNameRequest, viewer: Viewer) -> NotificationContent:
        if request.state == LegalNameState.CONFIRMED:
            title = _("%(organization)s has a new legal name: %(name)s")
        else:
            title = _("%(organization)s: the legal name “%(name)s” was declined")
        return NotificationContent(
            title=title % {"organization": request.organization, "name": request.legal_name},
            url=request.organization.get_absolute_url(),
            why=_("because you represent the organization"),
            detail=request.reason,
        )


def representatives_of(organization_id: int) -> QuerySet[Person]:
    acting = Representation.objects.current().filter(
        person=OuterRef("pk"), organization_id=organization_id
    )
    return Person.objects.active().filter(Exists(acting))


def represented_by(viewer: Viewer) -> QuerySet[Organization]:
    """Return the organizations that this viewer represents."""
    return Organization.objects.filter(pk__in=viewer.represented_ids)


def people_url(organization: Organization) -> str:
    return reverse("organization-people", args=[organization.slug])


def register_notifications() -> None:
    register(
        MembershipChanged,
        ColleagueJoined,
        RepresentativeMissing,
        LegalNameRequested,
        LegalNameAnswered,
    )
