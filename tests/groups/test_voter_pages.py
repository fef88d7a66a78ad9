"""The pages and the API of who votes: who reads what, and the form without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml.html import fromstring  # type: ignore[import-untyped]

from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from tests.groups.test_pages import queries_of
from workinggroups.groups.models import Group, VotingRepresentative

pytestmark = pytest.mark.django_db

Clients = Callable[..., Client]


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    [main] = fromstring(response.content).xpath("//main")
    return " ".join(main.text_content().split())


def people_of(group: Group) -> str:
    return reverse("group-people", args=[group.slug])


def of_organization(organization: Organization) -> str:
    return reverse("organization-voters", args=[organization.slug])


@pytest.fixture
def secret(chair: Person) -> Group:
    return factories.group("Incident Response", preset="secret", chair=chair)


@pytest.fixture
def colleague(organization: Organization) -> Person:
    return factories.member_of(organization, "Cleo Colleague")


def test_why_an_organization_cannot_vote_is_for_chairs_staff_and_itself(
    chair: Person, organization: Organization, outsider: Person, staff: Person, client_of: Clients
) -> None:
    group = factories.group("Open Tools", preset="open", chair=chair)
    other = outsider.affiliations.get().organization
    factories.seat(group, outsider)
    Organization.objects.get(pk=other.pk).memberships.update(kind="collaborator")
    reader = factories.member_of(organization)
    colleague = factories.member_of(other)
    reason = "its kind of membership has no vote"

    for person, reads in ((chair, True), (staff, True), (colleague, True), (reader, False)):
        text = text_of(client_of(person), people_of(group))
        assert (reason in text) == reads
        assert ("Cannot vote at present." in text) == (not reads)
        answer = client_of(person).get(f"/api/v1/groups/{group.slug}/voters/").json()["results"]
        shown = {row["organization"]["slug"]: (row["can_vote"], row["standing"]) for row in answer}
        assert shown[other.slug] == (False, "kind_has_no_vote" if reads else None)


def test_chairs_see_who_has_no_voter_and_ask_once_a_day(
    group: Group, chair: Person, member: Person, organization: Organization, client_of: Clients
) -> None:
    missing = "1 organization has a seat but no voter: Aurora Labs."
    assert missing in text_of(client_of(chair), people_of(group))
    assert missing not in text_of(client_of(member), people_of(group))
    # Nobody could name a voter, so there is nobody to ask.
    assert "Staff can appoint a representative" in text_of(client_of(chair), people_of(group))
    assert "Ask " not in text_of(client_of(chair), people_of(group))

    factories.represent(factories.member_of(organization, "Rana Representative"), organization)
    assert "Ask Rana Representative" in text_of(client_of(chair), people_of(group))
    url = reverse("group-voters-ask", args=[group.slug, organization.uuid])
    assert client_of(chair).post(url).status_code == 302

    text = text_of(client_of(chair), people_of(group))
    assert "Asked today" in text
    assert "Ask Rana" not in text
    assert client_of(chair).post(url).status_code == 409


def test_nobody_is_asked_once_someone_is_named(
    group: Group, chair: Person, organization: Organization, colleague: Person, client_of: Clients
) -> None:
    factories.voter(group, colleague, organization)

    text = text_of(client_of(chair), people_of(group))

    assert "Cleo Colleague" in text
    assert "Ask " not in text


def test_the_representative_names_on_one_screen(
    group: Group, organization: Organization, representative: Person, colleague: Person,
    member: Person, chair: Person, client_of: Clients,
) -> None:  # fmt: skip
    client = client_of(representative)
    assert "Trust Benchmarks" in text_of(client, of_organization(organization))
    url = reverse("organization-voters-edit", args=[organization.slug, group.uuid])
    assert f'href="{url}"' in client.get(of_organization(organization)).content.decode()
    page = fromstring(client.get(url).content)
    names = {option.text_content() for option in page.xpath("//select[@name='voter']/option")}
    assert names == {
        "Nobody named", "Rana Representative", "Cleo Colleague", "Mira Member", "Chiara Chair",
    }  # fmt: skip

    response = client.post(url, {"voter": colleague.uuid, "alternates": [member.uuid, chair.uuid]})

    assert response["Location"] == of_organization(organization)
    rows = VotingRepresentative.objects.current().values_list("person", "role")
    assert set(rows) == {
        (colleague.pk, "primary"), (member.pk, "alternate"), (chair.pk, "alternate"),
    }  # fmt: skip
    refused = client.post(url, {"alternates": [member.uuid]})
    assert refused.status_code == 422
    assert "Choose who votes before you choose alternates." in refused.content.decode()


def test_the_only_participant_is_chosen_in_the_form(
    group: Group, organization: Organization, representative: Person, chair: Person,
    client_of: Clients,
) -> None:  # fmt: skip
    url = reverse("organization-voters-edit", args=[organization.slug, group.uuid])

    page = fromstring(client_of(representative).get(url).content)

    [chosen] = page.xpath("//select[@name='voter']/option[@selected]")
    assert chosen.text_content() == "Chiara Chair"
    text = " ".join(page.text_content().split())
    assert "We propose Chiara Chair, the only participant of your organization" in text
    assert "Nobody is named, so Rana Representative votes" in text
    assert not VotingRepresentative.objects.exists()


def test_a_secret_group_is_on_no_page_of_the_organization(
    secret: Group, organization: Organization, representative: Person, chair: Person,
    colleague: Person, client_of: Clients,
) -> None:  # fmt: skip
    factories.seat(secret, colleague)
    factories.voter(secret, colleague, organization)

    for person in (representative, chair, colleague):
        assert secret.name not in text_of(client_of(person), of_organization(organization))
        url = reverse("organization-voters-edit", args=[organization.slug, secret.uuid])
        assert client_of(person).get(url).status_code == 404
    own = reverse("group-voters-edit", args=[secret.slug, organization.uuid])
    assert client_of(chair).get(own).status_code == 200
    assert client_of(representative).get(own).status_code == 404


def test_staff_of_no_organization_do_not_read_who_is_in_a_closed_group(
    organization: Organization, chair: Person, staff: Person, client_of: Clients
) -> None:
    closed = factories.group("Policy Drafting", preset="closed", chair=chair)
    shown = factories.group("Open Tools", preset="open", chair=chair)

    text = text_of(client_of(staff), of_organization(organization))

    assert (closed.name in text, shown.name in text) == (False, True)


def test_empty_states_say_when_an_organization_votes(
    organization: Organization, staff: Person, representative: Person, client_of: Clients
) -> None:
    group = factories.group("Empty", preset="open")
    sentence = "one vote"

    assert "No organization votes here yet" in text_of(client_of(staff), people_of(group))
    text = text_of(client_of(representative), of_organization(organization))
    assert "No group to vote in yet" in text
    assert sentence in text


def test_a_voter_steps_down_on_the_page_they_can_see(
    group: Group, organization: Organization, colleague: Person, representative: Person,
    client_of: Clients,
) -> None:  # fmt: skip
    own = factories.voter(group, colleague, organization)
    client = client_of(colleague)
    assert "Step down" in text_of(client, of_organization(organization))
    assert "Step down" not in text_of(client_of(representative), of_organization(organization))

    response = client.post(reverse("voter-remove", args=[own.uuid]))

    assert response["Location"] == of_organization(organization)
    assert not VotingRepresentative.objects.current().exists()


def test_pages_and_api_cost_the_same_for_two_organizations_and_twenty(
    group: Group, organization: Organization, chair: Person, representative: Person,
    client_of: Clients, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    factories.agreement("membership")
    factories.represent(chair, organization, "alternate")

    def add(count: int) -> None:
        for _ in range(count):
            other = factories.organization()
            person = factories.member_of(other)
            factories.represent(person, other)
            factories.seat(group, person)
            factories.voter(group, person, other)
            factories.voter(factories.group(chair=chair), chair, organization)

    urls = [
        people_of(group),
        of_organization(organization),
        f"/api/v1/groups/{group.slug}/voters/",
    ]
    add(2)
    costs = [
        queries_of(client_of(chair), url, lambda: django_assert_max_num_queries(30)) for url in urls
    ]
    add(18)

    again = [
        queries_of(client_of(chair), url, lambda: django_assert_max_num_queries(30)) for url in urls
    ]
    assert again == costs
