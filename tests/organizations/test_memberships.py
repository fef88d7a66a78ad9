"""What a membership may become, both ways, and what follows from it."""

import pytest

from common.access import viewer_for
from common.errors import NotAllowed, WrongState
from common.record.models import Record
from common.search.models import SearchEntry
from members.organizations import queries
from members.organizations.actions import memberships
from members.organizations.models import Membership, Organization
from members.people.models import Person
from notifications.models import Event
from tests import factories

# Written out again on purpose: the table of the actions is what is tested.
POSSIBLE = {
    ("awaiting", "ended"),
    ("active", "grace"),
    ("active", "suspended"),
    ("active", "ended"),
    ("grace", "active"),
    ("grace", "suspended"),
    ("grace", "ended"),
    ("suspended", "active"),
    ("suspended", "grace"),
    ("suspended", "ended"),
}
STATUSES = ["awaiting", "active", "grace", "suspended", "ended"]


def in_status(staff: Person, status: str) -> Membership:
    organization = factories.organization(status="active" if status == "ended" else status)
    membership = organization.memberships.get()
    if status == "ended":
        memberships.set_status(actor=staff, membership=membership, status="ended")
    return membership


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_staff_change_what_the_table_allows_and_nothing_else(
    before: str, after: str, staff: Person
) -> None:
    membership = in_status(staff, before)

    if (before, after) in POSSIBLE:
        memberships.set_status(actor=staff, membership=membership, status=after, reason="Fees.")
        membership.refresh_from_db()
        assert membership.status == after
        assert membership.reason == "Fees."
    else:
        with pytest.raises(WrongState):
            memberships.set_status(actor=staff, membership=membership, status=after)


def test_nobody_else_changes_a_membership(representative: Person, outsider: Person) -> None:
    membership = Membership.objects.filter(organization__isnull=False).first()
    assert membership is not None

    for actor in (representative, outsider):
        with pytest.raises(NotAllowed):
            memberships.set_status(actor=actor, membership=membership, status="grace")


def test_staff_do_not_change_their_own_organizations_membership(
    organization: Organization,
) -> None:
    own = factories.member_of(organization, staff=True)

    with pytest.raises(NotAllowed):
        memberships.set_status(actor=own, membership=organization.memberships.get(), status="grace")


def test_a_suspended_membership_closes_every_door_at_once(
    organization: Organization, member: Person, staff: Person
) -> None:
    assert viewer_for(member.pk).in_alliance

    memberships.set_status(
        actor=staff, membership=organization.memberships.get(), status="suspended", reason="Fees."
    )

    assert not viewer_for(member.pk).in_alliance
    assert not Organization.objects.members().filter(pk=organization.pk).exists()
    assert Event.objects.get(kind="membership_changed").ref["status"] == "suspended"


def test_search_finds_members_and_nobody_else(organization: Organization, staff: Person) -> None:
    membership = organization.memberships.get()
    memberships.set_status(actor=staff, membership=membership, status="grace", reason="Fees.")
    in_grace = SearchEntry.objects.filter(kind="organization").count()
    memberships.set_status(actor=staff, membership=membership, status="ended", reason="Left.")

    assert in_grace == 1
    assert not SearchEntry.objects.filter(kind="organization").exists()


def test_a_second_membership_at_a_time_is_refused(
    organization: Organization, staff: Person
) -> None:
    with pytest.raises(WrongState):
        memberships.begin(by=staff, organization=organization, status=memberships.ACTIVE)


def test_a_new_membership_begins_after_one_that_ended(
    organization: Organization, staff: Person
) -> None:
    membership = organization.memberships.get()
    memberships.set_status(actor=staff, membership=membership, status="ended", reason="Left.")

    again = memberships.begin(by=staff, organization=organization, status=memberships.ACTIVE)

    assert again.pk != membership.pk
    assert Record.objects.filter(kind="membership").count() == 2
    assert [change.status for change in queries.membership_history(organization)] == [
        "active",
        "ended",
    ]
