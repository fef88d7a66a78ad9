"""The way of an application through its states, both ways: what is possible and what is not."""

from collections.abc import Callable

import pytest

from common.errors import DomainError, Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.onboarding.actions import applications, checklist, screening
from members.onboarding.choices import ApplicationState, Check, CheckState, InvitationState
from members.onboarding.models import AgreementVersion, Application, Invitation
from members.organizations.models import Affiliation, Membership, Organization, Representation
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.committed import together
from tests.onboarding import steps

Act = Callable[[Person, Application, Organization], object]

# Written out again on purpose: the table of the actions is what is tested.
ACTS: dict[str, tuple[set[str], Act]] = {
    "save_step": (
        {"draft"},
        lambda staff, it, _: applications.save_step(
            actor=it.applicant, application=it, values={"name": "New name"}
        ),
    ),
    "send": ({"draft"}, lambda staff, it, _: applications.send(actor=it.applicant, application=it)),
    "withdraw": (
        {"draft", "received", "screening"},
        lambda staff, it, _: applications.withdraw(actor=it.applicant, application=it),
    ),
    "begin_screening": (
        {"received"},
        lambda staff, it, _: screening.begin_screening(actor=staff, application=it),
    ),
    "approve": (
        {"received", "screening"},
        lambda staff, it, _: screening.approve(actor=staff, application=it),
    ),
    "attach_to_member": (
        {"received", "screening"},
        lambda staff, it, member: screening.attach_to_member(
            actor=staff, application=it, organization=member
        ),
    ),
    "reject": (
        {"received", "screening"},
        lambda staff, it, _: screening.reject(actor=staff, application=it, reason="Not now."),
    ),
}
CASES = [(state, act) for act in ACTS for state in ApplicationState.values]


def in_state(state: str, founder: Person, staff: Person, member: Organization) -> Application:
    """An application that came to `state` by its acts."""
    application = steps.drafted(founder)
    if state == "draft":
        return application
    if state == "withdrawn":
        return applications.withdraw(actor=founder, application=application)
    application = steps.settled(steps.sent(application), staff)
    if state == "screening":
        return screening.begin_screening(actor=staff, application=application)
    if state == "approved":
        return screening.approve(actor=staff, application=application)
    if state == "joined":
        return screening.attach_to_member(actor=staff, application=application, organization=member)
    if state == "rejected":
        return screening.reject(actor=staff, application=application, reason="Not now.")
    return application


@pytest.mark.parametrize(("state", "act"), CASES)
def test_each_act_is_possible_from_its_states_and_refused_from_all_others(
    state: str,
    act: str,
    founder: Person,
    staff: Person,
    texts: list[AgreementVersion],
    organization: Organization,
) -> None:
    application = in_state(state, founder, staff, organization)
    possible, call = ACTS[act]

    if state in possible:
        call(staff, application, organization)
    else:
        with pytest.raises(WrongState):
            call(staff, application, organization)


def test_every_state_is_in_the_table() -> None:
    assert set(applications.FROM) == set(ACTS)
    assert {act: {str(state) for state in states} for act, states in applications.FROM.items()} == {
        act: possible for act, (possible, _call) in ACTS.items()
    }


def test_sending_gives_a_number_and_a_checklist_and_tells_staff(draft: Application) -> None:
    sent = applications.send(actor=draft.applicant, application=draft)

    assert sent.number is not None
    assert sent.number.endswith("-001")
    assert list(sent.checks.values_list("code", flat=True)) == Check.values
    assert sent.checks.get(code="complete").state == CheckState.DONE
    assert Event.objects.get(kind="application_received").ref == {"application": sent.pk}
    assert Record.objects.get(object_uuid=sent.uuid, verb="sent").actor_uuid == draft.applicant.uuid


@pytest.mark.parametrize("field", ["name", "legal_name", "purpose", "signatory_email", "country"])
def test_an_incomplete_application_is_not_sent(draft: Application, field: str) -> None:
    applications.save_step(actor=draft.applicant, application=draft, values={field: ""})

    with pytest.raises(Invalid) as error:
        applications.send(actor=draft.applicant, application=draft)

    assert error.value.field == field


def test_numbers_go_on_after_999(draft: Application) -> None:
    year = draft.created_at.year
    factories.application(draft.applicant, number=f"{year}-999")
    factories.application(draft.applicant, number=f"{year}-1000")

    assert applications.send(actor=draft.applicant, application=draft).number == f"{year}-1001"


def test_approval_makes_an_organization_that_awaits_its_agreements(approved: Application) -> None:
    organization = approved.organization

    assert organization is not None
    assert organization.slug == "lagos-institute"
    assert Membership.objects.get(organization=organization).status == "awaiting"
    assert list(organization.domains.values_list("domain", flat=True)) == ["lilt.example"]
    assert Affiliation.objects.get(organization=organization).person == approved.applicant
    assert Representation.objects.get(organization=organization).person == approved.applicant
    assert not Organization.objects.members().filter(pk=organization.pk).exists()
    assert Event.objects.filter(kind="application_decided").count() == 1


def test_approval_asks_the_others_in_by_mail(approved: Application) -> None:
    signatory = Invitation.objects.get(role="signatory")

    assert signatory.address == "dean@lilt.example"
    assert signatory.state == InvitationState.OPEN
    assert Invitation.objects.get(role="primary").state == InvitationState.ACCEPTED


def test_the_representative_is_invited_when_somebody_else_applied(
    founder: Person, staff: Person, texts: list[AgreementVersion]
) -> None:
    application = steps.drafted(founder, representative_email="ada@lilt.example")
    application = steps.settled(steps.sent(application), staff)

    approved = screening.approve(actor=staff, application=application)

    assert Invitation.objects.get(role="primary").state == InvitationState.OPEN
    assert not Representation.objects.filter(organization=approved.organization).exists()


def test_approval_waits_for_the_checklist(
    received: Application, staff: Person, texts: list[AgreementVersion]
) -> None:
    with pytest.raises(WrongState, match="Sanctions and conduct screening"):
        screening.approve(actor=staff, application=received)


def test_approval_needs_an_agreement_to_accept(settled: Application, staff: Person) -> None:
    with pytest.raises(WrongState, match="agreement"):
        screening.approve(actor=staff, application=settled)

    assert not Organization.objects.filter(name=settled.name).exists()


def test_lines_that_acts_settle_cannot_be_settled_by_hand(
    received: Application, staff: Person
) -> None:
    with pytest.raises(WrongState):
        checklist.settle(
            actor=staff, check=received.checks.get(code="agreement_signed"), state="done"
        )


def test_a_slug_is_never_given_again(
    settled: Application, staff: Person, texts: list[AgreementVersion]
) -> None:
    earlier = factories.organization("Lagos Institute", status=None)
    screening.compare(actor=staff, application=settled, organization=earlier, outcome="unrelated")

    approved = screening.approve(actor=staff, application=settled)

    assert approved.organization is not None
    assert approved.organization.slug == "lagos-institute-2"


def test_a_related_organization_is_on_record_once_approved(
    settled: Application, staff: Person, organization: Organization, texts: list[AgreementVersion]
) -> None:
    screening.compare(
        actor=staff, application=settled, organization=organization, outcome="related"
    )

    approved = screening.approve(actor=staff, application=settled)

    relation = organization.relations.get()
    assert relation.other == approved.organization
    assert relation.relation == "parent"


def test_joining_brings_its_people_to_the_member(
    received: Application, staff: Person, organization: Organization
) -> None:
    joined = screening.attach_to_member(
        actor=staff, application=received, organization=organization
    )

    assert joined.organization == organization
    assert not Organization.objects.filter(name="Lagos Institute").exists()
    assert Affiliation.objects.get(organization=organization).person == received.applicant
    assert Invitation.objects.get(organization=organization).address == "dean@lilt.example"
    assert not Representation.objects.filter(organization=organization).exists()


def test_rejecting_needs_a_reason(received: Application, staff: Person) -> None:
    with pytest.raises(Invalid):
        screening.reject(actor=staff, application=received, reason="  ")


@pytest.mark.parametrize("act", ["approve", "attach_to_member", "reject"])
def test_nobody_decides_the_application_they_are_named_in(
    act: str, settled: Application, organization: Organization, texts: list[AgreementVersion]
) -> None:
    named = factories.person("Dean Signs", email="dean@lilt.example", staff=True)

    with pytest.raises(NotAllowed):
        ACTS[act][1](named, settled, organization)


@pytest.mark.parametrize("act", ["begin_screening", "approve", "attach_to_member", "reject"])
def test_only_staff_decide(
    act: str, settled: Application, organization: Organization, outsider: Person
) -> None:
    with pytest.raises(NotAllowed):
        ACTS[act][1](outsider, settled, organization)


@pytest.mark.parametrize("act", ["save_step", "send", "withdraw"])
def test_only_its_applicant_writes_an_application(
    act: str, draft: Application, outsider: Person
) -> None:
    calls = {
        "save_step": lambda: applications.save_step(
            actor=outsider, application=draft, values={"name": "Theirs"}
        ),
        "send": lambda: applications.send(actor=outsider, application=draft),
        "withdraw": lambda: applications.withdraw(actor=outsider, application=draft),
    }

    with pytest.raises(NotAllowed):
        calls[act]()


def test_an_unconfirmed_address_cannot_apply(founder: Person) -> None:
    founder.emailaddress_set.update(verified=False)

    with pytest.raises(NotAllowed):
        applications.begin(actor=founder)


def test_thirty_two_approvals_at_once_have_one_effect(committed_db: str) -> None:
    founder = factories.person(email="folake@lilt.example")
    staff = [factories.person(staff=True) for _ in range(32)]
    steps.in_force(staff[0], "membership")
    application = steps.settled(steps.sent(steps.drafted(founder)), staff[0])

    outcomes = together(
        *(
            lambda actor=actor: screening.approve(actor=actor, application=application)
            for actor in staff
        ),
        timeout=60,
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    assert len(refused) == 31
    assert {type(error) for error in refused} == {WrongState}
    assert Organization.objects.count() == 1
    assert Membership.objects.count() == 1
    assert Record.objects.filter(object_uuid=application.uuid, verb="approved").count() == 1


def test_applications_sent_at_once_get_different_numbers(committed_db: str) -> None:
    drafts = [steps.drafted(factories.person()) for _ in range(8)]

    outcomes = together(*(lambda draft=draft: steps.sent(draft) for draft in drafts))

    assert len({sent.number for sent in outcomes}) == 8
