"""Asking somebody into a group by address, and their answer.

| from   | to        | by                                                   |
|--------|-----------|------------------------------------------------------|
| (none) | open      | those who decide who takes part                      |
| open   | accepted  | whoever has confirmed the address, before it lapses  |
| open   | declined  | the same                                             |
| open   | withdrawn | those who decide who takes part                      |

Inviting never asks whether the address belongs to an account: whoever invites sees the same answer
and the same list for every address, and the outbox asks when it words the mail (ADR 25).
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
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.actions.participation import (
    refuse_second_place,
    seat_person,
    withdraw_request_of,
)
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
)
from workinggroups.groups.permissions import can_answer_invitation, can_manage_people, is_closed
from workinggroups.groups.queries import confirmed_addresses, eligible_affiliations


def invite(
    *,
    actor: Person,
    group: Group,
    address: str,
    level: str = ParticipationLevel.PARTICIPANT,
) -> GroupInvitation:
    """The address is invited: its owner hears by mail, and in the inbox where there is an account.

    Raises NotAllowed, WrongState for a concluded group or too many open invitations, and Invalid
    for an address of the actor's own or one that has an open invitation. Locks the group.
    """
    address = spelled(address)
    with transaction.atomic():
        group = lock_group(group)
        can_manage_people.require(viewer_for(actor.pk), group)
        require_running(group)
        if level not in ParticipationLevel.values:
            raise Invalid(_("Choose one of the levels."), field="level")
        if address in confirmed_addresses(actor):
            raise Invalid(_("This address is yours."), field="address")
        _refuse_second_invitation(actor, group, address)
        if group.invitations.open().count() >= INVITATIONS_OPEN_AT_MOST:
            raise WrongState(_("Many invitations are still open. Withdraw some first."))
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

    Both are queued for every address, and a worker asks which of the two has a reader: the request
    that invites costs and answers the same.
    """
    notify(
        GroupInvited(group=invitation.group_id, invitation=invitation.pk),
        cause=invitation.uuid,
        actor=invitation.invited_by,
        scope_uuid=invitation.group.uuid,
    )
    mail.queue(
        dedupe_key=f"{INVITATION_MAIL}:{invitation.uuid}",
        to_address=invitation.address,
        kind=INVITATION_MAIL,
        ref={"invitation": invitation.pk},
    )


def withdraw_invitation(*, actor: Person, invitation: GroupInvitation) -> GroupInvitation:
    """The invitation can be answered no more. Raises WrongState once it was answered."""
    with transaction.atomic():
        group = lock_group(invitation.group)
        can_manage_people.require(viewer_for(actor.pk), group)
        invitation = _locked(invitation)
        if invitation.state != InvitationState.OPEN:
            raise _over()
        return _close(actor, invitation, InvitationState.WITHDRAWN)


def accept_invitation(
    *, actor: Person, invitation: GroupInvitation, organization: Organization | None = None
) -> Participation:
    """The actor takes part, on behalf of the organization; an invited expert on behalf of nobody.

    Raises NotAllowed unless the invited address is the actor's; WrongState where the invitation is
    over or whoever sent it no longer decides who takes part; Invalid for an organization by which
    the actor is not inside. Locks the group. Tells the chairs, or all members where staff invited
    into a closed group.
    """
    with transaction.atomic():
        group = lock_group(invitation.group)
        invitation = _own_open(actor, invitation)
        require_running(group)
        inviter = viewer_for(invitation.invited_by_id)
        if not (invitation.invited_by.is_active and can_manage_people(inviter, group)):
            raise WrongState(
                _("Whoever invited you no longer decides who takes part. Ask the group's chairs.")
            )
        refuse_second_place(group, actor)
        if invitation.level == ParticipationLevel.EXPERT:
            organization = None
        elif organization not in eligible_affiliations(actor):
            raise Invalid(
                _("You cannot take part on behalf of this organization."), field="organization"
            )
        place = seat_person(
            actor=actor,
            group=group,
            person=actor,
            organization=organization,
            level=ParticipationLevel(invitation.level),
            verb=GroupAct.JOINED,
        )
        withdraw_request_of(actor, group)
        _close(actor, invitation, InvitationState.ACCEPTED)
        by_staff = is_closed(group) and not inviter.is_chair(group.pk)
        notify(
            MemberAdded(group=group.pk, person=actor.pk, all_members=1)
            if by_staff
            else MemberJoined(group=group.pk, person=actor.pk),
            cause=f"{group.pk}:{place.pk}",
            actor=actor,
            scope_uuid=group.uuid,
        )
    return place


def decline_invitation(*, actor: Person, invitation: GroupInvitation) -> GroupInvitation:
    """The actor does not come in. Raises as `accept_invitation` does."""
    with transaction.atomic():
        lock_group(invitation.group)
        return _close(actor, _own_open(actor, invitation), InvitationState.DECLINED)


def _refuse_second_invitation(actor: Person, group: Group, address: str) -> None:
    """One that has lapsed makes room for a new one."""
    same = group.invitations.filter(address=address, state=InvitationState.OPEN)
    for earlier in same.select_related("group"):
        if earlier.is_open:
            raise Invalid(
                _("This address is invited already. Withdraw that invitation first."),
                field="address",
            )
        _close(actor, earlier, InvitationState.WITHDRAWN)


def _own_open(actor: Person, invitation: GroupInvitation) -> GroupInvitation:
    """The invitation as it is now, locked, for whoever has confirmed its address."""
    invitation = _locked(invitation)
    addresses = confirmed_addresses(actor)
    can_answer_invitation.require(viewer_for(actor.pk), invitation, addresses)
    if not invitation.is_open:
        raise _over()
    return invitation


def _over() -> WrongState:
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
