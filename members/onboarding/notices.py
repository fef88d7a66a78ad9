"""What this room announces to people it knows, and mails to addresses it does not know yet."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from common.mail import actions as mail
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.registry import register as register_mail
from common.mail.render import render_templates
from members.onboarding.choices import (
    FOR_PERSONS,
    ApplicationState,
    InvitationRole,
)
from members.onboarding.models import AgreementVersion, Application, Invitation
from members.organizations.models import Insider, Representation
from members.people.models import Person
from members.people.sealing import Unreadable, seal, unseal
from notifications.actions import announce
from notifications.models import Event
from notifications.registry import Kind, Line, register

APPLICATION_RECEIVED = "application_received"
APPLICATION_DECIDED = "application_decided"
AGREEMENT_CHANGED = "agreement_changed"

# Mails to an address that need no account yet.
INVITATION = "invitation"
AGREEMENT_READY = "agreement_ready"


def application_received(*, application: Application) -> None:
    """Tells staff that an application came in."""
    announce(
        kind=APPLICATION_RECEIVED,
        dedupe_key=f"{APPLICATION_RECEIVED}:{application.uuid}",
        ref={"application": application.pk},
        actor=application.applicant,
    )


def application_decided(*, application: Application, by: Person) -> None:
    """Tells the applicant what was decided, and why where it was declined."""
    announce(
        kind=APPLICATION_DECIDED,
        dedupe_key=f"{APPLICATION_DECIDED}:{application.uuid}",
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
            "expires_at": invitation.expires_at,
            "url": settings.SITE_URL + reverse("invitation", args=[token]),
        },
    )


# --- audiences and lines -----------------------------------------------------------------------


def staff(event: Event) -> QuerySet[Person]:
    people: QuerySet[Person] = Person.objects.active().filter(is_staff=True)
    return people


def applicant(event: Event) -> QuerySet[Person]:
    applications = Application.objects.filter(pk=event.ref["application"])
    people: QuerySet[Person] = Person.objects.active().filter(
        pk__in=applications.values("applicant")
    )
    return people


def bound(event: Event) -> QuerySet[Person]:
    """Whom an agreement binds: everybody inside, or those who represent a member."""
    if event.ref["kind"] in FOR_PERSONS:
        whom = Q(pk__in=Insider.objects.values("person_id"))
    else:
        whom = Q(pk__in=Representation.objects.current().values("person_id"))
    people: QuerySet[Person] = Person.objects.active().filter(whom)
    return people


def received_lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    if not viewer.is_staff:
        return {}
    return {
        event.pk: Line(
            title=_("%(organization)s applies for membership") % {"organization": application.name},
            url=reverse("staff-application", args=[application.number]),
            why=_("because you are staff"),
            detail=f"{application.get_kind_display()}, {application.country}",
        )
        for event, application in _with_applications(events)
        if application.number
    }


def decided_lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    return {
        event.pk: _decided_line(application)
        for event, application in _with_applications(events)
        if application.applicant_id == viewer.person_id
    }


def _decided_line(application: Application) -> Line:
    words = {"organization": application.name, "member": application.organization}
    titles = {
        ApplicationState.APPROVED: _("%(organization)s is admitted"),
        ApplicationState.JOINED: _("You belong to %(member)s now"),
        ApplicationState.REJECTED: _("The application of %(organization)s was declined"),
    }
    details = {
        ApplicationState.APPROVED: _("It is a member as soon as it has accepted the agreements."),
        ApplicationState.JOINED: _("%(organization)s is part of a member, so its people join it."),
        ApplicationState.REJECTED: application.decision_reason.replace("%", "%%"),
    }
    state = ApplicationState(application.state)
    return Line(
        title=titles[state] % words,
        url=application.get_absolute_url(),
        why=_("because you sent the application"),
        detail=details[state] % words,
    )


def changed_lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    events = list(events)
    versions = AgreementVersion.objects.in_bulk([event.ref["version"] for event in events])
    lines = {}
    for event in events:
        version = versions[event.ref["version"]]
        for_persons = version.kind in FOR_PERSONS
        if for_persons and not viewer.in_alliance:
            continue
        if not for_persons and not viewer.represented_ids:
            continue
        lines[event.pk] = Line(
            title=_("“%(title)s” has a new version") % {"title": version.title},
            url=reverse("own-agreements") if for_persons else version.get_absolute_url(),
            why=_("because it binds you") if for_persons else _("because you represent a member"),
            detail=_("Read it and accept it; the old acceptance is kept.")
            if for_persons
            else _("Your signatory accepts it on the organization's page."),
        )
    return lines


def _with_applications(events: Iterable[Event]) -> list[tuple[Event, Application]]:
    events = list(events)
    found = Application.objects.select_related("organization").in_bulk(
        [event.ref["application"] for event in events]
    )
    return [(event, found[event.ref["application"]]) for event in events]


def register_kinds() -> None:
    register(
        Kind(
            name=APPLICATION_RECEIVED,
            label=gettext_lazy("An application arrives"),
            topic=gettext_lazy("Administration"),
            audience=staff,
            lines=received_lines,
        ),
        Kind(
            name=APPLICATION_DECIDED,
            label=gettext_lazy("Your application is decided"),
            topic=gettext_lazy("Your organization"),
            audience=applicant,
            lines=decided_lines,
            mandatory=True,
        ),
        Kind(
            name=AGREEMENT_CHANGED,
            label=gettext_lazy("A text that binds you changes"),
            topic=gettext_lazy("Your organization"),
            audience=bound,
            lines=changed_lines,
            mandatory=True,
        ),
    )
    register_mail(INVITATION, render_invitation)
    register_mail(AGREEMENT_READY, render_invitation)
