"""Asking a person in: issued, sent again, revoked, accepted once.

| from     | to                | by                                                    |
|----------|-------------------|-------------------------------------------------------|
| (none)   | open              | representative, staff, approval of an application     |
| open     | open (new secret) | representative, staff: sent again                     |
| open     | revoked           | representative, staff                                 |
| open     | accepted          | whoever has proved the address, before the last day   |
| accepted |                   |                                                       |
| revoked  |                   |                                                       |

An open one past its last day can be sent again or revoked, and not accepted.
"""

import hashlib
import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.mail.spelling import spelled
from common.record.actions import record
from members.onboarding.actions import addresses, agreements
from members.onboarding.choices import (
    INVITATION_VALID,
    INVITATIONS_OPEN_AT_MOST,
    InvitationAct,
    InvitationRole,
    InvitationState,
)
from members.onboarding.mails import mail_invitation
from members.onboarding.models import Invitation
from members.onboarding.permissions import can_invite, can_invite_as
from members.organizations.actions import people
from members.organizations.choices import (
    AffiliationSource,
    MembershipStatus,
    RepresentativeRole,
)
from members.organizations.models import Affiliation, Membership, Organization
from members.people.models import Person

OPEN, ACCEPTED, REVOKED = (
    InvitationState.OPEN,
    InvitationState.ACCEPTED,
    InvitationState.REVOKED,
)

REPRESENTS = {
    InvitationRole.PRIMARY: RepresentativeRole.PRIMARY,
    InvitationRole.ALTERNATE: RepresentativeRole.ALTERNATE,
}


def invite(
    *,
    actor: Person,
    organization: Organization,
    address: str,
    role: str,
    name: str = "",
    title: str = "",
) -> Invitation:
    """The address gets a mail with a link that brings its owner into the organization.

    Raises NotAllowed for a role the actor cannot give and for an organization that is not inside,
    WrongState when this address holds an open invitation of the role, or belongs to it already.
    """
    can_invite_as.require(viewer_for(actor.pk), organization, role)
    if spelled(address) in addresses.confirmed_addresses(person=actor):
        raise Invalid(_("This is your own address."), field="address")
    current = Membership.objects.current().filter(organization=organization)
    alive = [MembershipStatus.ACTIVE, MembershipStatus.AWAITING]
    if not current.filter(status__in=alive).exists():
        raise WrongState(
            _("The organization's membership does not allow new people at the moment.")
        )
    if role == InvitationRole.COLLEAGUE and _belongs(organization, address):
        raise Invalid(
            _("Someone with this address already belongs to the organization."), field="address"
        )
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        waiting = Invitation.objects.open().filter(organization=organization)
        if waiting.count() >= INVITATIONS_OPEN_AT_MOST:
            raise WrongState(_("Too many invitations are open. Revoke some first."))
        return issue(
            by=actor, organization=organization, address=address, role=role, name=name, title=title
        )


def issue(
    *,
    by: Person,
    organization: Organization,
    address: str,
    role: str,
    name: str = "",
    title: str = "",
    to: Person | None = None,
) -> Invitation:
    """The invitation stands, and its mail is queued; with `to`, that known person has it at once.

    For acts that have asked whether this may be. Raises WrongState when the same one is open.
    """
    now = timezone.now()
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        organization=organization,
        address=spelled(address),
        name=name.strip(),
        title=title.strip(),
        role=role,
        token_sha256=digest(token=token),
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_VALID,
    )
    try:
        with transaction.atomic():
            invitation.save()
            record(by, InvitationAct.ISSUED, invitation, facts={**_facts(invitation), "role": role})
            if to is None:
                mail_invitation(invitation=invitation, token=token)
            else:
                _accept(invitation, to, title)
    except IntegrityError:
        raise WrongState(
            _(
                "This address already has an open invitation for this role. Send it again or revoke it."
            )
        ) from None
    return invitation


def resend(*, actor: Person, invitation: Invitation) -> Invitation:
    """A new mail with a new link is on its way and the old link opens nothing any more.

    Whoever sends it again stands for it, where it may give the role itself.
    """
    with transaction.atomic():
        locked = _locked_open(actor, invitation)
        if can_invite_as(viewer_for(actor.pk), locked.organization, locked.role):
            locked.invited_by = actor
        token = secrets.token_urlsafe(32)
        locked.token_sha256 = digest(token=token)
        locked.expires_at = timezone.now() + INVITATION_VALID
        locked.save(update_fields=["token_sha256", "expires_at", "invited_by"])
        record(actor, InvitationAct.RESENT, locked, facts=_facts(locked))
        mail_invitation(invitation=locked, token=token)
    return locked


def revoke(*, actor: Person, invitation: Invitation) -> Invitation:
    """The link opens nothing any more."""
    with transaction.atomic():
        locked = _locked_open(actor, invitation)
        locked.state = REVOKED
        locked.closed_at = timezone.now()
        locked.save(update_fields=["state", "closed_at"])
        record(actor, InvitationAct.REVOKED, locked, facts=_facts(locked))
    return locked


def revoke_all(*, by: Person, organization: Organization) -> None:
    """No link to the organization that was mailed before opens anything any more."""
    earlier = Invitation.objects.select_for_update().filter(organization=organization, state=OPEN)
    for invitation in earlier.select_related("organization"):
        invitation.state = REVOKED
        invitation.closed_at = timezone.now()
        invitation.save(update_fields=["state", "closed_at"])
        record(by, InvitationAct.REVOKED, invitation, facts=_facts(invitation))


def accept(
    *, actor: Person, invitation: Invitation, texts: Iterable[UUID] = (), title: str = ""
) -> Invitation:
    """The actor belongs to the organization, in the role that was offered; once, whoever clicks.

    With it they accept the `texts` that bind persons: all that are due, or nothing happens. Raises
    NotAllowed unless the actor has proved the invited address, WrongState when the
    invitation was accepted, revoked or has run out, or the organization has left meanwhile, or
    when whoever offered more than belonging to it could not offer that any more.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if spelled(locked.address) not in addresses.confirmed_addresses(person=actor):
            raise NotAllowed(_("This invitation is for another address."))
        if locked.state != OPEN or locked.is_lapsed:
            raise WrongState(_("This invitation is no longer open. Ask for a new one."))
        current = Membership.objects.current().filter(organization=locked.organization)
        if not current.exclude(status=MembershipStatus.SUSPENDED).exists():
            raise WrongState(_("The organization is no longer a member."))
        _require_standing_offer(locked)
        agreements.accept_for_oneself(actor=actor, versions=texts)
        _accept(locked, actor, title or locked.title)
    return locked


def with_token(*, token: str) -> Invitation | None:
    """The invitation this link belongs to, in whatever state."""
    found = Invitation.objects.filter(token_sha256=digest(token=token))
    return found.select_related("organization", "invited_by").first()


def digest(*, token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _require_standing_offer(invitation: Invitation) -> None:
    """A role is given by whoever may give it now: nobody leaves offers of power behind."""
    inviter = viewer_for(invitation.invited_by_id)
    role = invitation.role
    if role != InvitationRole.COLLEAGUE and not can_invite_as(
        inviter, invitation.organization, role
    ):
        raise WrongState(
            _("The person who invited you can no longer give this role. Ask for a new invitation.")
        )


def _accept(invitation: Invitation, person: Person, title: str) -> None:
    invitation.state = ACCEPTED
    invitation.accepted_by = person
    invitation.closed_at = timezone.now()
    invitation.save(update_fields=["state", "accepted_by", "closed_at"])
    people.affiliate(
        by=person,
        person=person,
        organization=invitation.organization,
        source=AffiliationSource.INVITATION,
        title=title,
    )
    if role := REPRESENTS.get(InvitationRole(invitation.role)):
        people.represent(
            by=invitation.invited_by,
            person=person,
            organization=invitation.organization,
            role=role,
        )
    facts = {**_facts(invitation), "role": invitation.role}
    record(person, InvitationAct.ACCEPTED, invitation, facts=facts)


def _locked_open(actor: Person, invitation: Invitation) -> Invitation:
    can_invite.require(viewer_for(actor.pk), invitation.organization)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.state != OPEN:
        raise WrongState(
            _("This invitation is “%(state)s”.") % {"state": locked.get_state_display()}
        )
    return locked


def _belongs(organization: Organization, address: str) -> bool:
    return (
        Affiliation.objects.current()
        .filter(organization=organization, person__email__iexact=spelled(address))
        .exists()
    )


def _facts(invitation: Invitation) -> dict[str, object]:
    return {"organization": invitation.organization.uuid}
