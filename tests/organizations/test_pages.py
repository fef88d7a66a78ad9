"""The member list, the page of an organization, and what its representatives change there."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Conflict
from members.organizations.actions import profile
from members.organizations.models import Affiliation, Organization, Representation
from members.people.choosing import LISTED_MAX
from members.people.models import Person
from tests import factories

ClientOf = Callable[..., Client]


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def profile_values(organization: Organization, **changed: object) -> dict[str, object]:
    return {
        "name": organization.name,
        "legal_name": organization.legal_name,
        "country": organization.country,
        "sector": "",
        "website": "",
        "summary": "",
        "other_names": "",
        "version": organization.version,
        **changed,
    }


def test_the_wall_shows_members_and_nobody_else(client: Client, organization: Organization) -> None:
    factories.organization("Waiting Room", status="awaiting")
    factories.organization("Left Behind", status="suspended")

    page = client.get(reverse("members")).content.decode()

    assert "Aurora Labs" in page
    assert "Waiting Room" not in page
    assert "Left Behind" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=aurora", True),
        ("?q=ÁURORA", True),
        ("?q=northern+lights", True),
        ("?q=borealis", False),
        ("?country=CH", True),
        ("?country=NO", False),
        ("?kind=companies", True),
        ("?kind=universities", False),
        ("?kind=nonsense", False),
        ("?view=table", True),
    ],
)
def test_the_wall_is_narrowed_by_name_country_and_kind(
    client: Client, organization: Organization, query: str, found: bool
) -> None:
    organization.other_names.model(organization=organization, name="Northern Lights Inc").save()

    page = client.get(reverse("members") + query).content.decode()

    member_list = page[page.index('id="members"') : page.index('class="aside"')]
    assert ("Aurora Labs" in member_list) is found


def test_the_wall_costs_the_same_at_2_and_20_members(client: Client, db: None) -> None:
    for _ in range(2):
        factories.organization()
    few = queries_of(client, reverse("members") + "?q=organization")
    for _ in range(18):
        factories.organization()

    assert queries_of(client, reverse("members") + "?q=organization") == few
    assert few <= 3


def test_the_wall_of_a_section_is_cut_until_it_is_asked_for(client: Client, db: None) -> None:
    for number in range(30):
        factories.organization(f"Member {number:02d}")

    whole = client.get(reverse("members")).content.decode()
    section = client.get(reverse("members") + "?kind=companies").content.decode()

    assert "Show all 30 companies" in whole
    assert ">Member 29<" not in whole.split("Recently joined")[0]
    assert ">Member 29<" in section


def test_people_cost_the_same_at_2_and_20(
    client_of: ClientOf, organization: Organization, representative: Person
) -> None:
    url = reverse("organization-people", args=[organization.slug])
    client = client_of(representative)
    factories.member_of(organization)
    few = queries_of(client, url)
    for _ in range(18):
        factories.member_of(organization)

    assert queries_of(client, url) == few
    assert few <= 15


def test_the_public_page_holds_nothing_internal(
    client: Client, organization: Organization, member: Person
) -> None:
    organization.domains.create(domain="aurora.example")

    page = client.get(organization.get_absolute_url()).content.decode()

    assert "Aurora Labs Ltd" in page
    assert "aurora.example" not in page
    assert "Mira Member" not in page


def test_a_representative_is_named_in_public_only_if_the_organization_says_so(
    client: Client, organization: Organization, representative: Person
) -> None:
    silent = client.get(organization.get_absolute_url()).content.decode()
    Organization.objects.update(shows_representatives=True)

    named = client.get(organization.get_absolute_url()).content.decode()

    assert "Rana Representative" not in silent
    assert "Rana Representative" in named


@pytest.mark.parametrize("status", [None, "awaiting", "suspended"])
def test_an_organization_that_is_no_member_does_not_exist_for_others(
    client_of: ClientOf, status: str | None, outsider: Person, staff: Person
) -> None:
    hidden = factories.organization("Hidden", status=status)
    nothing = "/members/no-such-organization/"

    for client in (Client(), client_of(outsider)):
        answer = client.get(hidden.get_absolute_url())
        assert answer.status_code == 404
        assert answer.content == client.get(nothing).content
    assert client_of(staff).get(hidden.get_absolute_url()).status_code == 200


def test_the_alliance_sees_who_is_in_the_directory_and_own_people_see_all(
    client_of: ClientOf, organization: Organization, member: Person, outsider: Person
) -> None:
    factories.member_of(organization, "Lena Listed", in_directory=True)
    url = reverse("organization-people", args=[organization.slug])

    seen_by_outsider = client_of(outsider).get(url).content.decode()
    seen_by_member = client_of(member).get(url).content.decode()

    assert "Lena Listed" in seen_by_outsider
    assert "Mira Member" not in seen_by_outsider
    assert "Mira Member" in seen_by_member
    assert member.email not in seen_by_member.replace(f">{member.email}<", "")


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("representative", 200), ("member", 403), ("outsider", 403)],
)
def test_who_edits_a_profile(
    client_of: ClientOf,
    organization: Organization,
    request: pytest.FixtureRequest,
    who: str,
    status: int,
) -> None:
    person = request.getfixturevalue(who)

    answer = client_of(person).get(reverse("organization-edit", args=[organization.slug]))

    assert answer.status_code == status


def test_a_new_name_keeps_the_old_one_findable(
    client_of: ClientOf, organization: Organization, representative: Person
) -> None:
    url = reverse("organization-edit", args=[organization.slug])

    client_of(representative).post(url, profile_values(organization, name="Polar Labs"))

    organization.refresh_from_db()
    assert organization.name == "Polar Labs"
    assert organization.slug == "aurora-labs"
    assert organization.version == 2
    page = Client().get(reverse("members") + "?q=aurora").content.decode()
    assert "Polar Labs" in page


def test_two_who_edit_at_once_lose_nothing(
    client_of: ClientOf, organization: Organization, representative: Person, staff: Person
) -> None:
    url = reverse("organization-edit", args=[organization.slug])
    client_of(staff).post(url, profile_values(organization, sector="Fusion"))

    answer = client_of(representative).post(url, profile_values(organization, summary="My words."))
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "My words." in page
    assert "Fusion" in page
    again = profile_values(organization, summary="My words.", version=2)
    assert client_of(representative).post(url, again).status_code == 302


def test_an_old_version_is_a_conflict(organization: Organization, staff: Person) -> None:
    with pytest.raises(Conflict):
        profile.edit_profile(
            actor=staff, organization=organization, version=0, other_names=[], name="Other"
        )


def test_bad_input_is_kept_and_named(
    client_of: ClientOf, organization: Organization, representative: Person
) -> None:
    url = reverse("organization-edit", args=[organization.slug])

    answer = client_of(representative).post(
        url, profile_values(organization, name="", website="not a site", summary="Kept words.")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept words." in page
    assert 'id="id_name_error"' in page


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_others_name_no_representative(
    client_of: ClientOf,
    organization: Organization,
    request: pytest.FixtureRequest,
    who: str,
) -> None:
    person = request.getfixturevalue(who)
    url = reverse("organization-appoint", args=[organization.slug])

    answer = client_of(person).post(url, {"person": str(person.uuid), "role": "alternate"})

    assert answer.status_code == 403


def test_a_representative_names_and_ends_a_deputy(
    client_of: ClientOf, organization: Organization, representative: Person, member: Person
) -> None:
    client = client_of(representative)
    url = reverse("organization-appoint", args=[organization.slug])

    client.post(url, {"person": str(member.uuid), "role": "alternate"})
    deputy = Representation.objects.current().get(person=member)
    client.post(reverse("organization-dismiss", args=[organization.slug, deputy.uuid]))

    assert not Representation.objects.current().filter(person=member).exists()


def test_an_affiliation_ends_only_after_its_meaning_was_shown(
    client_of: ClientOf, organization: Organization, representative: Person, member: Person
) -> None:
    affiliation = Affiliation.objects.get(person=member)
    url = reverse("organization-end-affiliation", args=[organization.slug, affiliation.uuid])
    client = client_of(representative)

    shown = client.get(url)
    still = Affiliation.objects.current().filter(person=member).exists()
    client.post(url)

    assert "Past minutes" in shown.content.decode()
    assert still
    assert not Affiliation.objects.current().filter(person=member).exists()


def test_a_guessed_affiliation_of_others_is_not_found(
    client_of: ClientOf, organization: Organization, member: Person, outsider: Person
) -> None:
    affiliation = Affiliation.objects.get(person=member)
    url = reverse("organization-end-affiliation", args=[organization.slug, affiliation.uuid])

    assert client_of(outsider).get(url).status_code == 404


@pytest.mark.parametrize("name", ["organization-membership", "organization-relations"])
def test_memberships_and_relations_are_staffs(
    client_of: ClientOf,
    organization: Organization,
    representative: Person,
    staff: Person,
    name: str,
) -> None:
    url = reverse(name, args=[organization.slug])

    assert client_of(staff).get(url).status_code == 200
    assert client_of(representative).get(url).status_code == 403


def test_a_status_that_takes_something_away_needs_a_reason(
    client_of: ClientOf, organization: Organization, staff: Person
) -> None:
    url = reverse("organization-membership", args=[organization.slug])
    client = client_of(staff)

    refused = client.post(url, {"status": "suspended", "reason": ""})
    client.post(url, {"status": "grace", "reason": "The fee is late."})

    assert refused.status_code == 422
    assert organization.memberships.get().status == "grace"


def test_relations_and_domains_are_set_and_named_wrongly_refused(
    client_of: ClientOf, organization: Organization, staff: Person
) -> None:
    other = factories.organization("Borealis University")
    other.domains.create(domain="borealis.example")
    url = reverse("organization-relations", args=[organization.slug])
    client = client_of(staff)

    client.post(url, {"form": "relation", "relation": "parent", "other": "Borealis University"})
    unknown = client.post(url, {"form": "relation", "relation": "parent", "other": "Nobody"})
    itself = client.post(url, {"form": "relation", "relation": "parent", "other": "aurora-labs"})
    taken = client.post(url, {"form": "domains", "domains": "borealis.example"})

    assert organization.relations.get().other == other
    assert [answer.status_code for answer in (unknown, itself, taken)] == [422, 422, 422]
    assert not organization.domains.exists()


def test_the_csv_holds_public_facts_only(client: Client, organization: Organization) -> None:
    factories.organization("Waiting Room", status="awaiting")

    text = client.get(reverse("members-csv")).content.decode()

    assert "Aurora Labs" in text
    assert "Waiting Room" not in text


def test_what_is_not_a_member_yet_is_not_named_beside_a_member(
    client_of: ClientOf, organization: Organization, staff: Person, outsider: Person, member: Person
) -> None:
    coming = factories.organization("Quiet Subsidiary", status="awaiting")
    profile.relate(actor=staff, organization=organization, relation="parent", other=coming)
    factories.affiliate(member, coming)
    factories.represent(member, coming)
    member.in_directory = True
    member.save()
    public = reverse("organization", args=[organization.slug])
    card = reverse("person", args=[member.uuid])

    for page in (public, card, "/directory/"):
        assert "Quiet Subsidiary" not in client_of(outsider).get(page).content.decode(), page
    assert "Quiet Subsidiary" not in Client().get(public).content.decode()
    for page in (card, "/directory/"):
        assert "Quiet Subsidiary" in client_of(staff).get(page).content.decode()
    assert "Quiet Subsidiary" in client_of(member).get(public).content.decode()


def test_a_representative_of_many_people_is_looked_up_by_a_part_of_the_name(
    client_of: ClientOf, organization: Organization, staff: Person
) -> None:
    for number in range(LISTED_MAX):
        factories.member_of(organization, f"Person {number:03}")
    zoe = factories.member_of(organization, "Zoë Øst")
    client = client_of(staff)
    page = client.get(reverse("organization-people", args=[organization.slug])).text
    assert "Type part of the name." in page
    assert str(zoe.uuid) not in page

    url = reverse("organization-appoint", args=[organization.slug])
    several = client.post(url, {"person": "person 00", "role": "primary"})
    client.post(url, {"person": "zoe", "role": "primary"})

    assert "Several people match. Choose one of them." in several.text
    assert Representation.objects.current().get(organization=organization).person == zoe
