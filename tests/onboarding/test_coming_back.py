"""A member that left applies again and gets its old record back; two that apply are seen."""

from collections.abc import Callable

import pytest
from django.test import Client

from common.errors import WrongState
from members.onboarding.actions import agreements, screening
from members.onboarding.models import AgreementVersion, Application, Invitation
from members.onboarding.queries import agreements_of, earlier_acceptances, funnel
from members.organizations.actions import memberships, profile
from members.organizations.models import Affiliation, Membership, Organization, Representation
from members.organizations.queries import membership_history
from members.people.models import Person
from tests import factories
from tests.onboarding import steps

Browsers = Callable[..., Client]


def signed_for(application: Application, signatory: Person) -> None:
    """The signatory accepts the invitation and the agreements."""
    organization = application.organization
    assert organization is not None
    invitation = Invitation.objects.get(organization=organization, role="signatory", state="open")
    texts = AgreementVersion.objects.due_for_person(signatory.pk)
    from members.onboarding.actions import invitations

    invitations.accept(actor=signatory, invitation=invitation, texts=[text.uuid for text in texts])
    due = AgreementVersion.objects.due_for_organization(organization.pk)
    agreements.sign(
        actor=signatory,
        organization=organization,
        versions=[version.uuid for version in due],
        title="Dean",
        authority="By statute.",
    )


@pytest.fixture
def dean(db: None) -> Person:
    return factories.person("Dean Signs", email="dean@lilt.example")


@pytest.fixture
def left(approved: Application, staff: Person, dean: Person) -> Organization:
    """Lagos Institute was a member with people, and its membership has ended."""
    signed_for(approved, dean)
    organization = approved.organization
    assert organization is not None
    memberships.set_status(
        actor=staff, membership=organization.memberships.get(), status="ended", reason="It left."
    )
    return organization


def test_a_former_member_comes_back_to_its_old_record(
    left: Organization, founder: Person, staff: Person, dean: Person, client_of: Browsers
) -> None:
    again = steps.settled(
        steps.sent(steps.drafted(founder, legal_name="Lagos Institute of Language")), staff
    )
    browser, path = client_of(staff), f"/staff/applications/{again.number}/"

    page = browser.get(path).content.decode()
    assert "Lagos Institute was a member until" in page
    assert "This is Lagos Institute, rejoining" in page
    with pytest.raises(WrongState, match="First say how this application relates"):
        screening.approve(actor=staff, application=again)
    browser.post(path + "compare/", {"organization": left.slug, "outcome": "returns"})
    assert browser.post(path + "approve/").status_code == 302

    again.refresh_from_db()
    left.refresh_from_db()
    assert again.organization == left
    assert Organization.objects.count() == 1
    assert left.slug == "lagos-institute"
    assert left.legal_name == "Lagos Institute of Language"
    assert "Lagos Institute for Language Technology" in [
        known.name for known in left.other_names.all()
    ]
    assert left.domains.get().domain == "lilt.example"
    assert [change.status for change in membership_history(left)] == [
        "awaiting", "ended", "active", "awaiting"
    ]  # fmt: skip
    inside = Affiliation.objects.current().filter(organization=left)
    assert [one.person for one in inside] == [founder]
    assert [one.person for one in Representation.objects.current()] == [founder]
    assert not Invitation.objects.to_sign(dean).exists()
    assert not any(signed.acceptance for signed in agreements_of(left))

    signed_for(again, dean)

    assert Membership.objects.current().get(organization=left).status == "active"
    assert len(earlier_acceptances(left)) == 1
    assert funnel().welcomed == 2


def test_a_relation_that_is_on_record_still_does_not_hinder_the_return(
    left: Organization, founder: Person, staff: Person
) -> None:
    parent = factories.organization("Guild of Institutes")
    profile.relate(actor=staff, organization=parent, relation="parent", other=left)
    again = steps.settled(
        steps.sent(steps.drafted(founder, legal_name="Lagos Institute of Language")), staff
    )
    for other, outcome in ((left, "returns"), (parent, "related")):
        screening.compare(actor=staff, application=again, organization=other, outcome=outcome)

    approved = screening.approve(actor=staff, application=again)

    assert approved.organization == left
    assert parent.relations.get().other == left


def test_only_who_left_comes_back_and_only_once(
    left: Organization, founder: Person, staff: Person, organization: Organization
) -> None:
    first = steps.settled(steps.sent(steps.drafted(founder)), staff)
    second = steps.settled(steps.sent(steps.drafted(founder)), staff)

    with pytest.raises(WrongState, match="Only a former member"):
        screening.compare(
            actor=staff, application=first, organization=organization, outcome="returns"
        )
    for application in (first, second):
        screening.compare(
            actor=staff, application=application, organization=left, outcome="returns"
        )
    screening.approve(actor=staff, application=first)
    with pytest.raises(WrongState, match="already has a membership"):
        screening.approve(actor=staff, application=second)
    assert Application.objects.get(pk=second.pk).state == "received"


def test_another_application_of_the_name_is_seen_however_it_is_written(
    founder: Person, staff: Person, client_of: Browsers
) -> None:
    first = steps.sent(steps.drafted(founder))
    twin = steps.sent(steps.drafted(founder, name="LAGOS-INSTITUTE", legal_name="X", domains=""))
    spoof = steps.sent(
        steps.drafted(founder, name="L\u0430gos Institute", legal_name="Y", domains="")
    )
    other = steps.sent(steps.drafted(founder, name="Oslo Works", legal_name="Z", domains=""))

    page = client_of(staff).get(f"/staff/applications/{first.number}/").content.decode()

    assert f"/staff/applications/{twin.number}/" in page
    assert f"/staff/applications/{spoof.number}/" in page
    assert f"/staff/applications/{other.number}/" not in page


def test_a_name_that_only_looks_like_a_members_is_held_beside_it(
    founder: Person, staff: Person, texts: list[AgreementVersion]
) -> None:
    factories.organization("Halifax Press")
    spoof = steps.drafted(founder, name="Н\u0430lif\u0430x Press", legal_name="HP Ltd", domains="")
    sent = steps.settled(steps.sent(spoof), staff)

    with pytest.raises(WrongState, match="Halifax Press"):
        screening.approve(actor=staff, application=sent)
