"""Inviting an e-mail address into a group, and the answer of the invited person.

| from   | to        | by                                                   |
|--------|-----------|------------------------------------------------------|
| (none) | open      | those who decide who takes part                      |
| open   | accepted  | the person with the address, before it expires       |
| open   | declined  | the same                                             |
| open   | withdrawn | those who decide who takes part                      |

Inviting never asks whether the address has an account: the inviter sees the same answer and the same
list for every address, and a worker asks when it writes the mail (ADR 25).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.mail import actions as mail
from common.mail.spelling import spelled
from common.record.actions import record
from members.organizations.models import Organization
from members.people.models import Person
from notifications.types import AnyPayload
from workinggroups.groups.actions.admission import withdraw_request_of
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.actions.seats import refuse_second_seat, require_affiliation, seat_person
from workinggroups.groups.choices import (
    INVITATION_VALID,
    INVITATIONS_OPEN_AT_MOST,
    GroupAct,
    GroupInvitationAct,
    InvitationState,
    ParticipationLevel,
)
from workinggroups.groups.models import Group, GroupInvitation, Participation
from workinggroups.groups.notifications import (
    INVITATION_MAIL,
    GroupInvited,
    MemberAdded,
    MemberJoined,
    notify_in,
)
from workinggroups.groups.permissions import can_answer_invitation, can_manage_people, is_closed
from workinggroups.groups.queries import confirmed_addresses


def invite(
    *, actor: Person, group: Group, address: str, level: str = ParticipationLevel.PARTICIPANT
) -> GroupInvitation:
    """Invite the address into the group; notify its owner by mail, and in the inbox where there is
    an account.

    Raises NotAllowed, WrongState for a concluded group or too many open invitations, and Invalid
    for an address of the actor's own or one that has an open invitation. Locks the group.
    """
    address = spelled(address)
    with transaction.atomic():
        group = lock_group(group)
        can_manage_people.require(viewer_for(actor.pk), group)
        require_running(group)
        if level not in ParticipationLevel.values:
            raise Invalid(_("Choose a level."), field="level")
        if address in confirmed_addresses(actor):
            raise Invalid(_("This is your own address."), field="address")
        _refuse_second_invitation(actor, group, address)
        if group.invitations.open().count() >= INVITATIONS_OPEN_AT_MOST:
            raise WrongState(_("Too many invitations are still open. Withdraw some first."))
        now = timezone.now()
        invitation = GroupInvitation.objects.create(
            group=group,
            address=address,
            level=level,
            invited_by=actor,
            created_at=now,
            expires_at=now + INVITATION_VALID,
        )
        record(actor, GroupInvitationAct.ISSUED, invitation, facts={"group": group.uuid})
        _notify_invited(invitation)
    return invitation


def _notify_invited(invitation: GroupInvitation) -> None:
    """Notify the owner of the address; where it has no account, by a mail of its own.

    Both are queued for every address, and a worker asks which one has a recipient: so the time an
    invitation takes does not show whether the address has an account.
    """
    invited = GroupInvited(group=invitation.group_id, invitation=invitation.pk)
    notify_in(invitation.group, invitation.invited_by, invited, cause=invitation.uuid)
    mail.queue(
        dedupe_key=f"{INVITATION_MAIL}:{invitation.uuid}",
        to_address=invitation.address,
        kind=INVITATION_MAIL,
        ref={"invitation": invitation.pk},
    )


def withdraw_invitation(*, actor: Person, invitation: GroupInvitation) -> GroupInvitation:
    """Withdraw the invitation. Raises WrongState once it was answered."""
    with transaction.atomic():
        group = lock_group(invitation.group)
        can_manage_people.require(viewer_for(actor.pk), group)
        invitation = _locked(invitation)
        if invitation.state != InvitationState.OPEN:
            raise _no_longer_open()
        return _close(actor, invitation, InvitationState.WITHDRAWN)


def withdraw_all(*, actor: Person, group: Group) -> int:
    """Withdraw the open invitations of a group that concludes; return how many.

    The caller holds the lock of the group.
    """
    rows = group.invitations.open().select_for_update(of=("self",)).select_related("group")
    invitations = list(rows.order_by("pk"))
    for invitation in invitations:
        _close(actor, invitation, InvitationState.WITHDRAWN)
    return len(invitations)


def accept_invitation(
    *, actor: Person, invitation: GroupInvitation, organization: Organization | None = None
) -> Participation:
    """Let the actor take part on behalf of the organization; an invited expert takes part for none.

    Raises NotAllowed unless the invited address is the actor's; WrongState where the invitation is
    no longer open or its sender no longer decides who takes part; Invalid for an organization that
    the actor does not belong to. Locks the group. Notifies the chairs, or all members where staff
    invited into a closed group.
    """
    with transaction.atomic():
        group = lock_group(invitation.group)
        invitation = _own_open(actor, invitation)
        require_running(group)
        inviter = viewer_for(invitation.invited_by_id)
        if not (invitation.invited_by.is_active and can_manage_people(inviter, group)):
            raise WrongState(
                _(
                    "The person who invited you can no longer invite people to this group. "
                    "Ask the group's chairs for a new invitation."
                )
            )
        refuse_second_seat(group, actor)
        if invitation.level == ParticipationLevel.EXPERT:
            organization = None
        else:
            require_affiliation(actor, organization)
        participation = seat_person(
            actor=actor,
            group=group,
            person=actor,
            organization=organization,
            level=ParticipationLevel(invitation.level),
            verb=GroupAct.JOINED,
        )
        withdraw_request_of(actor, group)
        _close(actor, invitation, InvitationState.ACCEPTED)
        notification: AnyPayload = MemberJoined(group=group.pk, person=actor.pk)
        if is_closed(group) and not inviter.is_chair(group.pk):
            notification = MemberAdded(group=group.pk, person=actor.pk, all_members=1)
        notify_in(group, actor, notification, cause=participation.pk)
    return participation


def decline_invitation(*, actor: Person, invitation: GroupInvitation) -> GroupInvitation:
    """Decline the invitation. Raises NotAllowed and WrongState as `accept_invitation` does."""
    with transaction.atomic():
        lock_group(invitation.group)
        return _close(actor, _own_open(actor, invitation), InvitationState.DECLINED)


def _refuse_second_invitation(actor: Person, group: Group, address: str) -> None:
    """Raise Invalid while the address has an open invitation; withdraw an expired one."""
    same = group.invitations.filter(address=address, state=InvitationState.OPEN)
    for earlier in same.select_related("group"):
        if earlier.is_open:
            raise Invalid(
                _("This address has already been invited. Withdraw that invitation first."),
                field="address",
            )
        _close(actor, earlier, InvitationState.WITHDRAWN)


def _own_open(actor: Person, invitation: GroupInvitation) -> GroupInvitation:
    """Lock and return the invitation; raise where the actor has not confirmed its address, or it is
    no longer open."""
    invitation = _locked(invitation)
    addresses = confirmed_addresses(actor)
    can_answer_invitation.require(viewer_for(actor.pk), invitation, addresses)
    if not invitation.is_open:
        raise _no_longer_open()
    return invitation


def _no_longer_open() -> WrongState:
    return WrongState(_("This invitation is no longer open."))


def _locked(invitation: GroupInvitation) -> GroupInvitation:
    locked = GroupInvitation.objects.select_for_update(of=("self",))
    return locked.select_related("group", "invited_by").get(pk=invitation.pk)


def _close(actor: Person, invitation: GroupInvitation, state: InvitationState) -> GroupInvitation:
    invitation.state = state
    invitation.closed_at = timezone.now()
    if state != InvitationState.WITHDRAWN:
        invitation.answered_by = actor
    invitation.save(update_fields=["state", "closed_at", "answered_by"])
    facts = {"group": invitation.group.uuid}
    record(actor, GroupInvitationAct(state.value), invitation, facts=facts)
    return invitation
