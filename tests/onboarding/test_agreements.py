"""Texts in force, and what makes an organization a member."""

import hashlib
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from common.errors import Conflict, DomainError, Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.onboarding.actions import agreements, invitations
from members.onboarding.models import Acceptance, AgreementVersion, Application, Invitation
from members.organizations.actions import people as organizations
from members.organizations.models import Affiliation, Membership, Organization
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.committed import together
from tests.onboarding import steps


@pytest.fixture
def signatory(approved: Application) -> Person:
    """Has accepted the invitation to sign for the organization."""
    person = factories.person("Dean Signs", email="dean@lilt.example")
    invitations.accept(
        actor=person,
        invitation=Invitation.objects.get(role="signatory"),
        texts=[version.uuid for version in AgreementVersion.objects.due_for_person(person.pk)],
    )
    return person


@pytest.fixture
def joining(approved: Application) -> Organization:
    assert approved.organization is not None
    return approved.organization


def sign(actor: Person, organization: Organization, *kinds: str) -> bool:
    versions = AgreementVersion.objects.in_force().filter(kind__in=kinds or ["membership"])
    return agreements.sign(
        actor=actor,
        organization=organization,
        versions=[version.uuid for version in versions],
        title="Dean",
        authority="Power of attorney of 3 May",
    )


def test_a_version_keeps_its_text_and_checksum(staff: Person) -> None:
    version = steps.in_force(staff, "conduct", "# Conduct\n\nBe fair.")

    assert version.number == 1
    assert version.sha256 == hashlib.sha256(b"# Conduct\n\nBe fair.").hexdigest()
    assert "Be fair." in version.html


def test_a_draft_is_rewritten_and_a_version_in_force_is_not(staff: Person) -> None:
    first = agreements.draft(actor=staff, kind="conduct", title="Conduct", source="One.")
    again = agreements.draft(actor=staff, kind="conduct", title="Conduct", source="Two.")
    agreements.put_in_force(actor=staff, version=again)
    next_one = agreements.draft(actor=staff, kind="conduct", title="Conduct", source="Three.")

    assert first.pk == again.pk
    assert next_one.number == 2
    with pytest.raises(WrongState):
        agreements.put_in_force(actor=staff, version=again)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_a_version_in_force(staff: Person, act: str) -> None:
    version = steps.in_force(staff, "conduct")
    rows = AgreementVersion.objects.filter(pk=version.pk)

    change = {"update": lambda: rows.update(source="Else."), "delete": rows.delete}[act]

    with pytest.raises(DatabaseError, match="in force"), transaction.atomic():
        change()


def test_only_staff_write_agreements(representative: Person) -> None:
    with pytest.raises(NotAllowed):
        agreements.draft(actor=representative, kind="conduct", title="Mine", source="Mine.")


def test_the_last_text_accepted_makes_it_a_member(
    signatory: Person, joining: Organization, staff: Person, approved: Application
) -> None:
    steps.in_force(staff, "contribution")

    became_active = sign(signatory, joining, "membership", "contribution")

    assert became_active
    assert Membership.objects.get(organization=joining).status == "active"
    assert Organization.objects.members().filter(pk=joining.pk).exists()
    accepted = Acceptance.objects.filter(organization=joining)
    assert accepted.count() == 2
    assert accepted[0].authority == "Power of attorney of 3 May"
    assert accepted[0].signatory_title == "Dean"
    assert approved.checks.get(code="agreement_signed").state == "done"
    records = Record.objects.filter(verb="accepted", facts__contains=str(joining.uuid))
    assert records.filter(kind="agreement").count() == 2
    assert Event.objects.filter(kind="membership_changed").count() == 1


def test_texts_are_accepted_together_or_not_at_all(
    signatory: Person, joining: Organization, staff: Person
) -> None:
    steps.in_force(staff, "contribution")

    with pytest.raises(Invalid):
        sign(signatory, joining, "membership")

    assert Membership.objects.get(organization=joining).status == "awaiting"


def test_a_text_replaced_while_reading_is_not_accepted(
    signatory: Person, joining: Organization, staff: Person
) -> None:
    read = AgreementVersion.objects.in_force().filter(kind="membership").get()
    steps.in_force(staff, "membership", "# Terms\n\nBe fairer.")

    with pytest.raises(Conflict):
        agreements.sign(
            actor=signatory,
            organization=joining,
            versions=[read.uuid],
            title="Dean",
            authority="Statutes",
        )


def test_nobody_but_the_named_signatory_signs(
    joining: Organization, approved: Application, staff: Person
) -> None:
    for actor in (approved.applicant, staff):
        with pytest.raises(NotAllowed):
            sign(actor, joining)


@pytest.mark.parametrize("missing", ["title", "authority"])
def test_a_signature_says_title_and_authority(
    signatory: Person, joining: Organization, missing: str
) -> None:
    said = {"title": "Dean", "authority": "Statutes", missing: " "}

    with pytest.raises(Invalid) as error:
        agreements.sign(actor=signatory, organization=joining, versions=[], **said)

    assert error.value.field == missing


def test_a_person_is_asked_again_when_a_text_changes(
    member: Person, staff: Person, texts: list[AgreementVersion]
) -> None:
    due = AgreementVersion.objects.due_for_person(member.pk)
    agreements.accept_for_self(actor=member, versions=[version.uuid for version in due])
    settled = list(AgreementVersion.objects.due_for_person(member.pk))

    changed = steps.in_force(staff, "conduct", "# Conduct\n\nBe kind.")

    assert settled == []
    assert list(AgreementVersion.objects.due_for_person(member.pk)) == [changed]
    assert Acceptance.objects.filter(person=member).count() == 1


def test_thirty_two_signatures_at_once_make_one_member(committed_db: str) -> None:
    staff = factories.person(staff=True)
    founder = factories.person(email="dean@lilt.example")
    steps.in_force(staff, "membership")
    application = steps.settled(steps.sent(steps.drafted(founder)), staff)
    joining = steps.approved(application, staff).organization
    assert joining is not None

    outcomes = together(*[lambda: sign(founder, joining)] * 32, timeout=60)

    assert [outcome for outcome in outcomes if outcome is True] == [True]
    assert all(isinstance(outcome, DomainError) for outcome in outcomes if outcome is not True)
    assert Acceptance.objects.count() == 1
    changes = Record.objects.filter(kind="membership", verb="status_changed")
    assert changes.count() == 1


def test_a_signatory_who_left_signs_nothing_more_and_reads_nothing(
    signatory: Person, joining: Organization, staff: Person, client_of: Callable[..., Client]
) -> None:
    sign(signatory, joining, "membership")
    affiliation = Affiliation.objects.get(person=signatory)
    organizations.end_affiliation(actor=signatory, affiliation=affiliation)
    steps.in_force(staff, "membership", "# Terms\n\nBe fairer.")

    with pytest.raises(NotAllowed):
        sign(signatory, joining, "membership")
    url = f"/members/{joining.slug}/agreements/"
    assert client_of(signatory).get(url).status_code == 404
