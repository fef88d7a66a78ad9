"""An invitation is for one address, one organization, one role, and once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.errors import DomainError, Invalid, NotAllowed, WrongState
from common.mail.models import Message
from common.record.models import Record
from common.times import ended
from common.ui.date_format import moment_words
from members.onboarding import mails
from members.onboarding.actions import invitations
from members.onboarding.models import Invitation
from members.organizations.models import Affiliation, Organization, Representation
from members.people.models import Person
from tests import factories
from tests.committed import together


@pytest.fixture
def colleague(db: None) -> Person:
    return factories.person("Nadia New", email="nadia@aurora.example")


@pytest.fixture
def invitation(representative: Person, organization: Organization) -> Invitation:
    return invite(representative, organization)


def invite(actor: Person, organization: Organization, **changed: Any) -> Invitation:
    asked = {"address": "Nadia@Aurora.example", "role": "colleague", **changed}
    return invitations.invite(actor=actor, organization=organization, **asked)


def test_the_mail_holds_a_link_and_the_database_only_its_digest(invitation: Invitation) -> None:
    message = Message.objects.get(kind="invitation")

    rendered = mails.render_invitation(message)

    assert rendered is not None
    token = rendered.text.split("/invitations/")[1].split("/")[0]
    assert invitations.find_by_token(token=token) == invitation
    assert token not in str(message.ref)
    assert "Aurora Labs" in rendered.subject


def test_the_mail_says_until_when_the_link_holds(invitation: Invitation) -> None:
    rendered = mails.render_invitation(Message.objects.get(kind="invitation"))

    assert rendered is not None
    until = moment_words(invitation.expires_at, "UTC")
    assert f"once, until {until}:" in rendered.text
    assert f"once, until {until}." in rendered.html


def test_accepting_brings_the_person_in_once(invitation: Invitation, colleague: Person) -> None:
    invitations.accept(actor=colleague, invitation=invitation, title="Researcher")

    affiliation = Affiliation.objects.get(person=colleague)
    assert affiliation.organization == invitation.organization
    assert affiliation.title == "Researcher"
    with pytest.raises(WrongState):
        invitations.accept(actor=colleague, invitation=invitation)


def test_another_persons_invitation_is_not_accepted(
    invitation: Invitation, outsider: Person
) -> None:
    with pytest.raises(NotAllowed):
        invitations.accept(actor=outsider, invitation=invitation)


def test_an_unconfirmed_address_does_not_count(invitation: Invitation, outsider: Person) -> None:
    outsider.emailaddress_set.create(email="nadia@aurora.example", verified=False)

    with pytest.raises(NotAllowed):
        invitations.accept(actor=outsider, invitation=invitation)


@pytest.mark.parametrize("after", ["revoked", "lapsed", "suspended"])
def test_what_is_over_is_not_accepted(
    after: str, invitation: Invitation, representative: Person, colleague: Person
) -> None:
    if after == "revoked":
        invitations.revoke(actor=representative, invitation=invitation)
    elif after == "lapsed":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        invitation.organization.memberships.update(status="suspended")

    with pytest.raises(WrongState):
        invitations.accept(actor=colleague, invitation=invitation)


def test_the_mail_of_a_revoked_or_resent_invitation_is_dropped(
    invitation: Invitation, representative: Person
) -> None:
    first = Message.objects.get(kind="invitation")
    invitations.resend(actor=representative, invitation=invitation)
    second = Message.objects.exclude(pk=first.pk).get(kind="invitation")

    assert mails.render_invitation(first) is None
    assert mails.render_invitation(second) is not None
    invitations.revoke(actor=representative, invitation=invitation)
    assert mails.render_invitation(second) is None


def test_a_new_representative_takes_the_place_of_the_one_before(
    staff: Person, representative: Person, organization: Organization, colleague: Person
) -> None:
    invitation = invite(staff, organization, role="primary")

    invitations.accept(actor=colleague, invitation=invitation)

    current = Representation.objects.current().filter(organization=organization, role="primary")
    assert [found.person for found in current] == [colleague]
    assert Representation.objects.filter(person=representative).count() == 1


@pytest.mark.parametrize("role", ["primary", "signatory"])
def test_representatives_do_not_name_who_leads_or_signs(
    role: str, representative: Person, organization: Organization
) -> None:
    with pytest.raises(NotAllowed):
        invite(representative, organization, role=role)


def test_members_and_strangers_do_not_invite(
    member: Person, outsider: Person, organization: Organization
) -> None:
    for actor in (member, outsider):
        with pytest.raises(NotAllowed):
            invite(actor, organization)


@pytest.mark.parametrize("status", ["grace", "suspended", "ended"])
def test_an_organization_that_is_not_in_good_standing_does_not_invite(
    status: str, representative: Person, organization: Organization
) -> None:
    membership = organization.memberships.get()
    membership.status = status
    if status == "ended":
        membership.during = ended(membership.during)
    membership.save()

    with pytest.raises(DomainError):
        invite(representative, organization)


def test_the_same_address_is_invited_once_a_role(
    invitation: Invitation, representative: Person
) -> None:
    with pytest.raises(WrongState):
        invite(representative, invitation.organization)


def test_somebody_who_belongs_already_is_not_invited(
    representative: Person, member: Person, organization: Organization
) -> None:
    with pytest.raises(Invalid) as error:
        invite(representative, organization, address=member.email.upper())

    assert error.value.field == "address"


def test_thirty_two_acceptances_at_once_have_one_effect(committed_db: str) -> None:
    staff = factories.person(staff=True)
    colleague = factories.person(email="nadia@aurora.example")
    invitation = invite(staff, factories.organization("Aurora Labs"), role="alternate")

    outcomes = together(
        *[lambda: invitations.accept(actor=colleague, invitation=invitation)] * 32, timeout=60
    )

    assert [type(outcome) for outcome in outcomes].count(Invitation) == 1
    assert [type(outcome) for outcome in outcomes].count(WrongState) == 31
    assert Affiliation.objects.count() == 1
    assert Representation.objects.count() == 1
    assert Record.objects.filter(kind="invitation", verb="accepted").count() == 1


def test_thirty_two_invitations_at_once_leave_one_open(committed_db: str) -> None:
    staff = factories.person(staff=True)
    organization = factories.organization("Aurora Labs")

    together(*[lambda: invite(staff, organization)] * 32, timeout=60)

    assert Invitation.objects.open().count() == 1
    assert Message.objects.count() == 1


def test_an_offer_of_power_ends_with_the_power_of_whoever_made_it(
    representative: Person, organization: Organization, colleague: Person, staff: Person
) -> None:
    invitation = invite(representative, organization, role="alternate")
    Representation.objects.filter(person=representative).update(
        during=ended(Representation.objects.get(person=representative).during)
    )

    with pytest.raises(WrongState):
        invitations.accept(actor=colleague, invitation=invitation)
    assert not Affiliation.objects.filter(person=colleague).exists()

    invitations.resend(actor=staff, invitation=invitation)
    invitations.accept(actor=colleague, invitation=invitation)
    assert Representation.objects.current().get(person=colleague).role == "alternate"


def test_a_colleague_comes_in_whatever_became_of_who_asked(
    representative: Person, organization: Organization, colleague: Person, invitation: Invitation
) -> None:
    Representation.objects.filter(person=representative).update(
        during=ended(Representation.objects.get(person=representative).during)
    )

    invitations.accept(actor=colleague, invitation=invitation)

    assert Affiliation.objects.filter(person=colleague).exists()
