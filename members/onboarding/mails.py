"""Mails to addresses that need no account yet."""

from django.conf import settings
from django.urls import reverse

from common.mail import actions as mail
from common.mail.models import Message
from common.mail.registry import Mail, register
from common.mail.render import render_templates
from common.mail.spelling import spelled
from common.ui.date_format import moment_words
from members.onboarding.choices import InvitationRole
from members.onboarding.models import Invitation
from members.people.models import Person
from members.people.sealing import Unreadable, seal, unseal

INVITATION = "invitation"
AGREEMENT_READY = "agreement_ready"


def mail_invitation(*, invitation: Invitation, token: str) -> None:
    """Queue the mail with the link to the invited address. The outbox holds its token encrypted."""
    is_signatory = invitation.role == InvitationRole.SIGNATORY
    mail.queue(
        dedupe_key=f"{INVITATION}:{invitation.token_sha256}",
        to_address=invitation.address,
        kind=AGREEMENT_READY if is_signatory else INVITATION,
        ref={"invitation": invitation.pk, "sealed": seal({"token": token})},
    )


def render_invitation(message: Message) -> Mail | None:
    """Render an invitation; return None once it was accepted, revoked or resent, or has expired."""
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
    """Return the time zone of the account with this address; UTC for an unknown address."""
    zones = Person.objects.filter(email__iexact=spelled(address)).values_list("zone", flat=True)
    return zones.first() or "UTC"


def register_mails() -> None:
    register(INVITATION, render_invitation)
    register(AGREEMENT_READY, render_invitation)
