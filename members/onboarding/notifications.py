"""Notifications about applications, and about new versions of agreements."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from common.vocabulary.countries import country_name
from members.onboarding.choices import FOR_PERSONS, ApplicationState
from members.onboarding.models import AgreementVersion, Application
from members.onboarding.permissions import can_sign
from members.organizations.models import Insider, Representation
from members.people.models import Person
from notifications.choices import Category
from notifications.recipients import all_staff
from notifications.registry import register
from notifications.targets import ModelNotification
from notifications.types import NotificationContent


@dataclass(frozen=True, kw_only=True)
class ApplicationReceived(ModelNotification[Application]):
    """Notifies staff."""

    name = "application_received"
    label = gettext_lazy("A new application")
    category = Category.ADMINISTRATION
    target_field = "application"

    application: int

    def recipients(self) -> QuerySet[Person]:
        return all_staff()

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Application]:
        """Applications that were sent, and so have a number."""
        sent = Application.objects.filter(number__isnull=False)
        return sent if viewer.is_staff else sent.none()

    def content(self, application: Application, viewer: Viewer) -> NotificationContent:
        return NotificationContent(
            title=_("%(organization)s applies for membership") % {"organization": application.name},
            url=reverse("staff-application", args=[application.number]),
            why=_("because you are staff"),
            detail=f"{application.get_kind_display()}, {country_name(application.country)}",
        )


@dataclass(frozen=True, kw_only=True)
class OwnApplicationNotification(ModelNotification[Application]):
    """Notifies the applicant about their own application."""

    category = Category.ORGANIZATION
    mandatory = True
    target_field = "application"

    application: int

    def recipients(self) -> QuerySet[Person]:
        applications = Application.objects.filter(pk=self.application)
        return Person.objects.active().filter(pk__in=applications.values("applicant"))

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[Application]:
        applications = Application.objects.filter(applicant=viewer.person_id)
        return applications.select_related("organization")


class ApplicationSent(OwnApplicationNotification):
    """The applicant's receipt. It has no actor, since the actor of an event is not notified."""

    name = "application_sent"
    label = gettext_lazy("Your application has arrived")

    def content(self, application: Application, viewer: Viewer) -> NotificationContent:
        return NotificationContent(
            title=_("We have received the application of %(organization)s")
            % {"organization": application.name},
            url=application.get_absolute_url(),
            why=_("because you sent the application"),
            detail=_(
                "Its number is %(number)s. Staff are checking the details. We will e-mail you when "
                "there is a decision."
            )
            % {"number": application.number},
        )


class ApplicationDecided(OwnApplicationNotification):
    """What was decided, and the reason if the application was declined."""

    name = "application_decided"
    label = gettext_lazy("Your application has been decided")

    def content(self, application: Application, viewer: Viewer) -> NotificationContent | None:
        names = {"organization": application.name, "member": application.organization}
        match ApplicationState(application.state):
            case ApplicationState.APPROVED:
                title = _("The application of %(organization)s has been approved") % names
                detail = awaited_signature(application, viewer)
            case ApplicationState.JOINED:
                title = _("You now belong to %(member)s") % names
                detail = _(
                    "%(organization)s is part of a member, so its people take part under that "
                    "membership."
                )
                detail %= names
            case ApplicationState.REJECTED:
                title = _("The application of %(organization)s was declined") % names
                detail = application.decision_reason
            case _other:
                return None
        return NotificationContent(
            title=title,
            url=application.get_absolute_url(),
            why=_("because you sent the application"),
            detail=detail,
        )


class ApplicationCompleted(OwnApplicationNotification):
    """The organization is a member now."""

    name = "application_completed"
    label = gettext_lazy("Your application led to a membership")

    def recipients(self) -> QuerySet[Person]:
        """Leave out representatives, who are notified of each change of the membership anyway."""
        application = Application.objects.filter(pk=self.application)
        acting = Representation.objects.current().filter(
            person=OuterRef("pk"), organization__in=application.values("organization")
        )
        return super().recipients().exclude(Exists(acting))

    def content(self, application: Application, viewer: Viewer) -> NotificationContent | None:
        organization = application.organization
        if organization is None:
            return None
        return NotificationContent(
            title=_("%(organization)s is now a member") % {"organization": organization},
            url=organization.get_absolute_url(),
            why=_("because you sent the application"),
            detail=_("The agreements have been accepted. Its people can now join groups."),
        )


@dataclass(frozen=True, kw_only=True)
class AgreementChanged(ModelNotification[AgreementVersion]):
    """Asks the people whom an agreement binds to accept its new version."""

    name = "agreement_changed"
    label = gettext_lazy("An agreement that binds you has a new version")
    category = Category.ORGANIZATION
    mandatory = True
    target_field = "version"

    version: int
    kind: str  # of the agreement

    def recipients(self) -> QuerySet[Person]:
        """Everyone inside the alliance, or the representatives of its members."""
        if self.kind in FOR_PERSONS:
            bound = Q(pk__in=Insider.objects.values("person_id"))
        else:
            bound = Q(pk__in=Representation.objects.current().values("person_id"))
        return Person.objects.active().filter(bound)

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[AgreementVersion]:
        """Texts for persons bind insiders; texts for organizations concern representatives."""
        binding = Q(pk__in=[])
        if viewer.in_alliance:
            binding |= Q(kind__in=FOR_PERSONS)
        if viewer.represented_ids:
            binding |= ~Q(kind__in=FOR_PERSONS)
        return AgreementVersion.objects.filter(binding)

    def content(self, version: AgreementVersion, viewer: Viewer) -> NotificationContent:
        title = _("“%(title)s” has a new version") % {"title": version.title}
        if version.kind in FOR_PERSONS:
            return NotificationContent(
                title=title,
                url=reverse("own-agreements"),
                why=_("because it binds you"),
                detail=_("Read and accept it. Your earlier acceptance stays on record."),
            )
        return NotificationContent(
            title=title,
            url=version.get_absolute_url(),
            why=_("because you represent a member"),
            detail=_("Your signatory can accept it on the organization's page."),
        )


def awaited_signature(application: Application, viewer: Viewer) -> str:
    """Say to this viewer whose signature an approved application waits for."""
    if application.organization and can_sign(viewer, application.organization):
        return _("It becomes a member as soon as you accept the agreements for it.")
    return _(
        "We sent the agreements to %(name)s, %(address)s. It becomes a member as soon as they are accepted."
    ) % {"name": application.signatory_name, "address": application.signatory_email}


def register_notifications() -> None:
    register(
        ApplicationReceived,
        ApplicationSent,
        ApplicationDecided,
        ApplicationCompleted,
        AgreementChanged,
    )
