"""Begin the membership of an organization, change its status, end it. It is never deleted.

| from      | to                          | by                                          |
|-----------|-----------------------------|---------------------------------------------|
| (none)    | awaiting                    | approval of an application (onboarding)     |
| (none)    | active                      | import of members who signed on paper       |
| awaiting  | active                      | the last agreement accepted (onboarding)    |
| awaiting  | ended                       | staff                                       |
| active    | grace, suspended, ended     | staff                                       |
| grace     | active, suspended, ended    | staff                                       |
| suspended | active, grace, ended        | staff                                       |
| ended     |                             | a new one begins: approval of an            |
|           |                             | application of the former member            |
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import days
from common.access import viewer_for
from common.constraints import refused_by
from common.errors import WrongState
from common.record.actions import record
from common.times import ended, since
from members.organizations.actions.search_entries import index
from members.organizations.choices import MembershipAct, MembershipKind, MembershipStatus
from members.organizations.models import Membership, Organization
from members.organizations.notifications import MembershipChanged
from members.organizations.permissions import can_set_status
from members.people.models import Person
from notifications.actions import notify

AWAITING, ACTIVE, GRACE, SUSPENDED, ENDED = (
    MembershipStatus.AWAITING,
    MembershipStatus.ACTIVE,
    MembershipStatus.GRACE,
    MembershipStatus.SUSPENDED,
    MembershipStatus.ENDED,
)

# What staff can set; a membership becomes active for the first time only by its agreements.
BY_STAFF: dict[str, set[str]] = {
    AWAITING: {ENDED},
    ACTIVE: {GRACE, SUSPENDED, ENDED},
    GRACE: {ACTIVE, SUSPENDED, ENDED},
    SUSPENDED: {ACTIVE, GRACE, ENDED},
    ENDED: set(),
}


def begin(
    *,
    by: Person,
    organization: Organization,
    status: MembershipStatus,
    kind: str = MembershipKind.MEMBER,
    on: date | None = None,
) -> Membership:
    """Give the organization a membership from now on, or from the beginning of the day `on`.

    The day is one of the calendar of `by`, and every reader sees that same day.
    Raises WrongState while the organization has another membership.
    """
    at = days.start_of(on, by.zone) if on else None
    taken = WrongState(_("This organization already has a membership."))
    with refused_by("membership_one_at_a_time_organization", error=taken):
        membership = Membership.objects.create(
            organization=organization,
            kind=kind,
            status=status,
            during=since(at),
            joined_on=on or days.today_in(by.zone),
        )
        facts = {"holder": _holder_uuid(membership), "status": status}
        record(by, MembershipAct.BEGUN, membership, facts=facts, at=at)
        index(organization=organization)
    return membership


def activate(*, by: Person, organization: Organization) -> bool:
    """Activate the membership that awaits the agreements; return whether there was one.

    Locks the membership, so that only one of several concurrent signatures activates it.
    """
    with transaction.atomic():
        awaiting = Membership.objects.awaiting().filter(organization=organization)
        membership = awaiting.select_for_update().first()
        if membership is None:
            return False
        _set(by, membership, ACTIVE, "")
    return True


def set_status(*, actor: Person, membership: Membership, status: str, reason: str = "") -> None:
    """Set the membership's status; `reason` is for the organization to read.

    Ending is final: the organization's people lose access at once, whatever groups they are in.
    Raises NotAllowed, and WrongState for a change outside the table above. Notifies the
    representatives.
    """
    can_set_status.require(viewer_for(actor.pk), membership.organization)
    with transaction.atomic():
        locked = Membership.objects.select_for_update().get(pk=membership.pk)
        if status not in BY_STAFF[locked.status]:
            raise WrongState(
                _("You cannot change a membership from “%(now)s” to “%(wanted)s”.")
                % {
                    "now": locked.get_status_display(),
                    "wanted": MembershipStatus(status).label,
                }
            )
        _set(actor, locked, MembershipStatus(status), reason)


def _set(by: Person, membership: Membership, status: MembershipStatus, reason: str) -> None:
    before = membership.status
    membership.status = status
    membership.reason = reason.strip()
    if status == ENDED:
        membership.during = ended(membership.during, timezone.now())
    membership.save(update_fields=["status", "reason", "during"])
    facts = {"holder": _holder_uuid(membership), "from": before, "to": status}
    change = record(by, MembershipAct.STATUS_CHANGED, membership, facts=facts)
    if membership.organization is not None:
        index(organization=membership.organization)
        notify(
            MembershipChanged(organization=membership.organization.pk, status=membership.status),
            cause=change.pk,
            actor=by,
            scope_uuid=membership.organization.uuid,
        )


def _holder_uuid(membership: Membership) -> UUID:
    holder = membership.organization or membership.person
    assert holder is not None  # the database refuses a membership of nobody
    return holder.uuid
