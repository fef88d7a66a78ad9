"""Good standing: membership active and of a kind that votes, agreements in force accepted."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from alliance import env
from common.times import between
from members.onboarding.standing import Standing, standings
from members.organizations.models import Membership, Organization
from tests import factories

pytestmark = pytest.mark.django_db


def standing_of(organization: Organization) -> Standing:
    return standings([organization.pk])[organization.pk]


@pytest.mark.parametrize("status", ["awaiting", "active", "grace", "suspended"])
def test_only_an_active_membership_votes(status: str) -> None:
    organization = factories.organization(status=status)

    good = standing_of(organization) == Standing.GOOD

    assert good == (status == "active")


def test_an_organization_that_left_does_not_vote() -> None:
    organization = factories.organization(status=None)
    assert standing_of(organization) == Standing.NOT_ACTIVE

    during = between(factories.ago(days=90), factories.ago(days=1))
    factories.membership(organization=organization, during=during)

    assert standing_of(organization) == Standing.NOT_ACTIVE


def test_which_kinds_vote_is_a_setting(settings: Any) -> None:
    organization = factories.organization()
    Membership.objects.filter(organization=organization).update(kind="collaborator")
    assert standing_of(organization) == Standing.KIND_HAS_NO_VOTE

    settings.VOTING_MEMBERSHIP_KINDS = ["member", "collaborator"]

    assert standing_of(organization) == Standing.GOOD


def test_agreements_in_force_have_to_be_accepted_for_this_membership() -> None:
    organization, other = factories.organization(), factories.organization()
    version = factories.agreement("membership")
    assert standing_of(organization) == Standing.AGREEMENTS_DUE

    acceptance = factories.acceptance(version, factories.member_of(organization), organization)

    both = {organization.pk: Standing.GOOD, other.pk: Standing.AGREEMENTS_DUE}
    assert standings([organization.pk, other.pk]) == both
    acceptance.lapsed_at = factories.ago(days=1)
    acceptance.save()
    assert standing_of(organization) == Standing.AGREEMENTS_DUE


def test_agreements_of_persons_do_not_matter() -> None:
    factories.agreement("conduct")

    assert standing_of(factories.organization()) == Standing.GOOD


def test_three_queries_however_many(django_assert_num_queries: Any) -> None:
    few = [factories.organization().pk for _ in range(2)]
    many = [*few, *(factories.organization().pk for _ in range(20))]
    factories.agreement("membership")

    for ids in (few, many):
        with django_assert_num_queries(3):
            standings(ids)


def test_an_unknown_kind_in_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOTING_MEMBERSHIP_KINDS", "member, collaborator")
    allowed = {"member", "collaborator"}
    values = env.choices("VOTING_MEMBERSHIP_KINDS", "member", allowed=allowed)
    assert values == ["member", "collaborator"]

    with pytest.raises(ImproperlyConfigured, match="collaborator"):
        env.choices("VOTING_MEMBERSHIP_KINDS", "member", allowed={"member"})
