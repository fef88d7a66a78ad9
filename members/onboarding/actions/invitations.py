"""Invite people to an organization.

| from     | to                | by                                                    |
|----------|-------------------|-------------------------------------------------------|
| (none)   | open              | representative, staff, approval of an application     |
| open     | open (new secret) | representative, staff: sent again                     |
| open     | revoked           | representative, staff                                 |
| open     | accepted          | the person who has proved the address, in time        |
| accepted |                   |                                                       |
| revoked  |                   |                                                       |

An expired invitation can be sent again or revoked, but not accepted.
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
    """Invite the address to the organization in a role, by mail.

    Raises NotAllowed for a role that the actor cannot give; Invalid for an address of the actor or
    of a colleague; WrongState for an organization that takes in no people now, that has too many
    open invitations, or that has already invited this address in this role.
    """
    can_invite_as.require(viewer_for(actor.pk), organization, role)
    if spelled(address) in addresses.confirmed_addresses(person=actor):
        raise Invalid(_("This is your own address."), field="address")
    current = Membership.objects.current().filter(organization=organization)
    admitting = [MembershipStatus.ACTIVE, MembershipStatus.AWAITING]
    if not current.filter(status__in=admitting).exists():
        raise WrongState(
            _("The organization's membership does not allow new people at the moment.")
        )
    if role == InvitationRole.COLLEAGUE and _belongs(organization, address):
        raise Invalid(
            _("Someone with this address already belongs to the organization."), field="address"
        )
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        open_invitations = Invitation.objects.open().filter(organization=organization)
        if open_invitations.count() >= INVITATIONS_OPEN_AT_MOST:
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
    """Create and mail an invitation; with `to`, that person accepts it at once instead.

    Checks no permission, which is the caller's part. Raises WrongState when the same invitation is
    open.
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
    """Mail the invitation again with a new link; the old link stops working.

    The actor becomes the inviter if the actor can give the role.
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
    """Revoke the invitation; its link stops working."""
    with transaction.atomic():
        locked = _locked_open(actor, invitation)
        _revoke(actor, locked)
    return locked


def revoke_all(*, by: Person, organization: Organization) -> None:
    """Revoke every open invitation of the organization."""
    open_invitations = Invitation.objects.select_for_update().filter(
        organization=organization, state=OPEN
    )
    for invitation in open_invitations.select_related("organization"):
        _revoke(by, invitation)


def _revoke(by: Person, invitation: Invitation) -> None:
    invitation.state = REVOKED
    invitation.closed_at = timezone.now()
    invitation.save(update_fields=["state", "closed_at"])
    record(by, InvitationAct.REVOKED, invitation, facts=_facts(invitation))


def accept(
    *, actor: Person, invitation: Invitation, texts: Iterable[UUID] = (), title: str = ""
) -> Invitation:
    """Add the actor to the organization in the invitation's role, and accept the `texts`.

    `texts` are the agreements for persons that are due, all of them. Raises NotAllowed unless the
    actor has proved the invited address; WrongState when the invitation was accepted or revoked or
    has expired, when the organization has left, or when the inviter can no longer give the role.
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
        _check_offer(locked)
        agreements.accept_for_self(actor=actor, versions=texts)
        _accept(locked, actor, title or locked.title)
    return locked


def find_by_token(*, token: str) -> Invitation | None:
    """Return the invitation of this link, in any state."""
    invitations = Invitation.objects.select_related("organization", "invited_by")
    return invitations.filter(token_sha256=digest(token=token)).first()


def digest(*, token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _check_offer(invitation: Invitation) -> None:
    """Raise WrongState if the inviter can no longer give the role."""
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
