"""What this room announces to people it knows, and mails to addresses it does not know yet."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from common.mail import actions as mail
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.registry import register as register_mail
from common.mail.render import render_templates
from common.mail.spelling import spelled
from common.vocabulary.countries import country_name
from common.web.clock import moment_words
from members.onboarding.choices import (
    FOR_PERSONS,
    ApplicationState,
    InvitationRole,
)
from members.onboarding.models import AgreementVersion, Application, Invitation
from members.organizations.models import Insider, Organization, Representation
from members.people.models import Person
from members.people.sealing import Unreadable, seal, unseal
from notifications.about import lines_about
from notifications.actions import announce
from notifications.audiences import all_staff
from notifications.models import Event
from notifications.registry import Kind, Line, register

APPLICATION_RECEIVED = "application_received"
APPLICATION_SENT = "application_sent"
APPLICATION_DECIDED = "application_decided"
APPLICATION_COMPLETED = "application_completed"
AGREEMENT_CHANGED = "agreement_changed"

# Mails to an address that need no account yet.
INVITATION = "invitation"
AGREEMENT_READY = "agreement_ready"


def application_received(*, application: Application) -> None:
    """Tells staff that an application came in, and the applicant that it did.

    The receipt has no actor: it is for whoever sent the application, who would not hear of an act
    of their own.
    """
    announce(
        kind=APPLICATION_RECEIVED,
        dedupe_key=f"{APPLICATION_RECEIVED}:{application.uuid}",
        ref={"application": application.pk},
        actor=application.applicant,
    )
    announce(
        kind=APPLICATION_SENT,
        dedupe_key=f"{APPLICATION_SENT}:{application.uuid}",
        ref={"application": application.pk},
    )


def application_decided(*, application: Application, by: Person) -> None:
    """Tells the applicant what was decided, and why where it was declined."""
    announce(
        kind=APPLICATION_DECIDED,
        dedupe_key=f"{APPLICATION_DECIDED}:{application.uuid}",
        ref={"application": application.pk},
        actor=by,
    )


def application_completed(*, application: Application, by: Person) -> None:
    """Tells the applicant that the organization is a member now, unless they signed for it."""
    announce(
        kind=APPLICATION_COMPLETED,
        dedupe_key=f"{APPLICATION_COMPLETED}:{application.uuid}",
        ref={"application": application.pk},
        actor=by,
    )


def agreement_changed(*, version: AgreementVersion, by: Person) -> None:
    """Tells whom the new text binds that it is to be accepted."""
    announce(
        kind=AGREEMENT_CHANGED,
        dedupe_key=f"{AGREEMENT_CHANGED}:{version.uuid}",
        ref={"version": version.pk, "kind": version.kind},
        actor=by,
    )


def mail_invitation(*, invitation: Invitation, token: str) -> None:
    """The link is on its way to the invited address. The outbox holds its secret sealed."""
    is_signatory = invitation.role == InvitationRole.SIGNATORY
    mail.queue(
        dedupe_key=f"{INVITATION}:{invitation.token_sha256}",
        to_address=invitation.address,
        kind=AGREEMENT_READY if is_signatory else INVITATION,
        ref={"invitation": invitation.pk, "sealed": seal({"token": token})},
    )


def render_invitation(message: Message) -> Mail | None:
    """The words of an invitation; None once it was accepted, revoked, has run out or was resent."""
    invitation = (
        Invitation.objects.open()
        .select_related("organization", "invited_by")
        .filter(pk=message.ref["invitation"])
        .first()
    )
    if invitation is None or message.dedupe_key != f"{INVITATION}:{invitation.token_sha256}":
        return None
    try:
        token = unseal(message.ref["sealed"])["token"]
    except Unreadable:
        return None
    return render_templates(
        message.kind,
        {
            "organization": invitation.organization,
            "inviter": invitation.invited_by,
            "is_from_staff": invitation.invited_by.is_staff,
            "name": invitation.name,
            "role": invitation.get_role_display(),
            "until": moment_words(invitation.expires_at, _zone_of(invitation.address)),
            "url": settings.SITE_URL + reverse("invitation", args=[token]),
        },
    )


def _zone_of(address: str) -> str:
    """The zone of the account with this address; UTC for an address without one."""
    zones = Person.objects.filter(email__iexact=spelled(address)).values_list("zone", flat=True)
    return zones.first() or "UTC"


# --- audiences: who is told ----------------------------------------------------------------------


def applicant(event: Event) -> QuerySet[Person]:
    applications = Application.objects.filter(pk=event.ref["application"])
    return Person.objects.active().filter(pk__in=applications.values("applicant"))


def applicant_not_representing(event: Event) -> QuerySet[Person]:
    """The applicant, but not as a representative: these hear of each change of the membership."""
    application = Application.objects.filter(pk=event.ref["application"])
    acting = Representation.objects.current().filter(
        person=OuterRef("pk"), organization__in=application.values("organization")
    )
    return applicant(event).exclude(Exists(acting))


def bound(event: Event) -> QuerySet[Person]:
    """Whom an agreement binds: everybody inside, or those who represent a member."""
    if event.ref["kind"] in FOR_PERSONS:
        whom = Q(pk__in=Insider.objects.values("person_id"))
    else:
        whom = Q(pk__in=Representation.objects.current().values("person_id"))
    return Person.objects.active().filter(whom)


# --- words: what one reader is shown of it --------------------------------------------------------


def shown_to_staff(viewer: Viewer) -> QuerySet[Application]:
    """Applications that were sent, and so have a number."""
    sent = Application.objects.filter(number__isnull=False)
    return sent if viewer.is_staff else sent.none()


def own(viewer: Viewer) -> QuerySet[Application]:
    applications = Application.objects.filter(applicant=viewer.person_id)
    return applications.select_related("organization")


def binding(viewer: Viewer) -> QuerySet[AgreementVersion]:
    """The texts that bind this viewer: persons' as an insider, others' as a representative."""
    whom = Q(pk__in=[])
    if viewer.in_alliance:
        whom |= Q(kind__in=FOR_PERSONS)
    if viewer.represented_ids:
        whom |= ~Q(kind__in=FOR_PERSONS)
    return AgreementVersion.objects.filter(whom)


def _received(application: Application, event: Event, viewer: Viewer) -> Line:
    return Line(
        title=_("%(organization)s applies for membership") % {"organization": application.name},
        url=reverse("staff-application", args=[application.number]),
        why=_("because you are staff"),
        detail=f"{application.get_kind_display()}, {country_name(application.country)}",
    )


def _sent(application: Application, event: Event, viewer: Viewer) -> Line:
    return Line(
        title=_("We have the application of %(organization)s") % {"organization": application.name},
        url=application.get_absolute_url(),
        why=_("because you sent the application"),
        detail=_(
            "Its number is %(number)s. Staff check the facts; you hear by mail when it is decided."
        )
        % {"number": application.number},
    )


def _decided(application: Application, event: Event, viewer: Viewer) -> Line | None:
    words = {"organization": application.name, "member": application.organization}
    url = application.get_absolute_url()
    match ApplicationState(application.state):
        case ApplicationState.APPROVED:
            title = _("The application of %(organization)s is approved") % words
            detail = _waits_for(application, viewer)
        case ApplicationState.JOINED:
            title = _("You belong to %(member)s now") % words
            detail = _("%(organization)s is part of a member, so its people join it.") % words
        case ApplicationState.REJECTED:
            title = _("The application of %(organization)s was declined") % words
            detail = application.decision_reason
        case _other:
            return None
    return Line(title=title, url=url, why=_("because you sent the application"), detail=detail)


def signs(viewer: Viewer, organization: Organization) -> bool:
    """Whether the reader is the one who was named to sign for the organization."""
    if viewer.person_id is None:
        return False
    named = Invitation.objects.to_sign(viewer.person_id)
    return named.filter(organization=organization).exists()


def _waits_for(application: Application, viewer: Viewer) -> str:
    """Whose signature an approved application waits for, in a sentence to this reader."""
    if application.organization and signs(viewer, application.organization):
        return _("It is a member as soon as you have accepted the agreements for it.")
    return _(
        "The agreements went to %(name)s, %(address)s. It is a member as soon as they are accepted."
    ) % {"name": application.signatory_name, "address": application.signatory_email}


def _completed(application: Application, event: Event, viewer: Viewer) -> Line | None:
    organization = application.organization
    if organization is None:
        return None
    return Line(
        title=_("%(organization)s is a member now") % {"organization": organization},
        url=organization.get_absolute_url(),
        why=_("because you sent the application"),
        detail=_("The agreements are accepted. Its people can join groups, meet and write."),
    )


def _changed(version: AgreementVersion, event: Event, viewer: Viewer) -> Line:
    title = _("“%(title)s” has a new version") % {"title": version.title}
    if version.kind in FOR_PERSONS:
        return Line(
            title=title,
            url=reverse("own-agreements"),
            why=_("because it binds you"),
            detail=_("Read it and accept it; the old acceptance is kept."),
        )
    return Line(
        title=title,
        url=version.get_absolute_url(),
        why=_("because you represent a member"),
        detail=_("Your signatory accepts it on the organization's page."),
    )


def register_kinds() -> None:
    register(
        Kind(
            name=APPLICATION_RECEIVED,
            label=gettext_lazy("An application arrives"),
            topic=gettext_lazy("Administration"),
            audience=all_staff,
            lines=lines_about("application", shown_to_staff, _received),
        ),
        Kind(
            name=APPLICATION_SENT,
            label=gettext_lazy("Your application arrived"),
            topic=gettext_lazy("Your organization"),
            audience=applicant,
            lines=lines_about("application", own, _sent),
            mandatory=True,
        ),
        Kind(
            name=APPLICATION_DECIDED,
            label=gettext_lazy("Your application is decided"),
            topic=gettext_lazy("Your organization"),
            audience=applicant,
            lines=lines_about("application", own, _decided),
            mandatory=True,
        ),
        Kind(
            name=APPLICATION_COMPLETED,
            label=gettext_lazy("Your application led to a membership"),
            topic=gettext_lazy("Your organization"),
            audience=applicant_not_representing,
            lines=lines_about("application", own, _completed),
            mandatory=True,
        ),
        Kind(
            name=AGREEMENT_CHANGED,
            label=gettext_lazy("A text that binds you changes"),
            topic=gettext_lazy("Your organization"),
            audience=bound,
            lines=lines_about("version", binding, _changed),
            mandatory=True,
        ),
    )
    register_mail(INVITATION, render_invitation)
    register_mail(AGREEMENT_READY, render_invitation)
