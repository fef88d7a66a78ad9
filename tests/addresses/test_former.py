"""Addresses of things: own ones, chosen ones, and former ones that lead to the present."""

import json
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, assume, given, settings

from common.access import ANONYMOUS
from common.addresses.kinds import addressed_kind
from common.addresses.models import Address
from common.errors import Invalid, NotAllowed
from common.record.models import Record
from common.search.models import SearchEntry
from common.unseen import fault_of
from members.organizations.actions import profile
from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from tests.browser import signed_in
from tests.matrix.routes import routes
from tests.names.alphabets import anything, names
from workinggroups.groups.actions import choose_address
from workinggroups.groups.actions.groups import index
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db


def founded(staff: Person, name: str) -> Organization:
    return profile.create(by=staff, name=name, legal_name=name, kind="company")


def test_organizations_in_any_script_have_readable_addresses(staff: Person) -> None:
    named = ["日立製作所", "РАН", "Łukasiewicz", "Ørsted", "Đại học", "🚀", "???"]

    assert [founded(staff, name).slug for name in named] == [
        "日立製作所",
        "ran",
        "lukasiewicz",
        "orsted",
        "dai-hoc",
        "rocket",
        "question-mark",
    ]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=anything | names)
def test_every_name_gets_an_address_that_leads_to_the_thing(staff: Person, name: str) -> None:
    assume(not fault_of(name))
    with transaction.atomic():
        made = founded(staff, name)
        factories.membership(organization=made)

        response = Client().get(made.get_absolute_url())

        assert (response.status_code, response.context["organization"]) == (200, made)
        transaction.set_rollback(True)


def test_names_that_differ_by_what_an_address_drops_have_different_ones(staff: Person) -> None:
    assert [founded(staff, name).slug for name in ("C", "C++", "Ç", "c")] == [
        "c",
        "c-2",
        "c-3",
        "c-4",
    ]


@pytest.mark.parametrize("name", ["CSV", "New", "Staff", "Table"])
def test_words_that_are_pages_are_no_addresses(staff: Person, name: str) -> None:
    assert founded(staff, name).slug == f"{name.lower()}-2"


def test_every_page_beside_an_address_is_reserved() -> None:
    """Wherever a route has an address, no other route of the site stands in its place."""
    patterns = [route.pattern for route in routes()]
    places = {
        (kind, before)
        for pattern in patterns
        for before, kind in re.findall(r"^(.*?)<(\w+)_address:", pattern)
    }

    assert {kind for kind, _before in places} == {"group", "organization"}
    for kind, before in places:
        rest = [pattern[len(before) :] for pattern in patterns if pattern.startswith(before)]
        beside = {re.split(r"[/.]", end)[0] for end in rest if not end.startswith("<")}
        assert beside - {""} <= addressed_kind(kind).reserved
    # Pages for staff stand elsewhere; an address must not look like one of them.
    for kind in ("group", "organization"):
        assert "staff" in addressed_kind(kind).reserved


def test_an_address_in_another_script_is_percent_encoded(staff: Person) -> None:
    made = founded(staff, "日立")
    factories.membership(organization=made)

    assert made.get_absolute_url() == "/members/%E6%97%A5%E7%AB%8B/"
    assert Client().get("/members/日立/").status_code == 200
    assert Client().get("/api/v1/organizations/日立/").json()["slug"] == "日立"


def test_a_former_address_leads_to_the_present_one(
    staff: Person, organization: Organization
) -> None:
    profile.choose_address(actor=staff, organization=organization, address="Aurora (Świat)")

    page = Client().get("/members/aurora-labs/?view=table")
    api = Client().get("/api/v1/organizations/aurora-labs/")

    assert (page.status_code, page["Location"]) == (301, "/members/aurora-swiat/?view=table")
    assert (api.status_code, api["Location"]) == (301, "/api/v1/organizations/aurora-swiat/")
    assert page["Cache-Control"] == "private, no-cache"


def test_another_spelling_of_an_address_leads_to_it(organization: Organization) -> None:
    response = Client().get("/members/Aurora-LABS/")

    assert (response.status_code, response["Location"]) == (301, "/members/aurora-labs/")


def test_what_is_sent_to_a_former_address_is_sent_again(
    staff: Person, chair: Person, group: Group
) -> None:
    choose_address(actor=staff, group=group, address="benchmarks")
    client = signed_in(chair)
    topic = {"title": "What we test", "body": "Everything we typed."}

    response = client.post(reverse("topic-start", args=["trust-benchmarks"]), topic)

    assert response.status_code == 308
    assert response["Location"] == reverse("topic-start", args=["benchmarks"])


def test_below_a_former_address_every_page_leads_on(
    staff: Person, chair: Person, group: Group
) -> None:
    choose_address(actor=staff, group=group, address="信頼")
    client = signed_in(chair)

    for page in ("group", "group-people", "meetings", "decisions", "deliverables", "group-charter"):
        former = reverse(page, args=["trust-benchmarks"])
        assert client.get(former)["Location"] == reverse(page, args=["信頼"])
        assert client.get(reverse(page, args=["信頼"])).status_code == 200


def test_strangers_follow_the_former_address_of_a_public_group(staff: Person, group: Group) -> None:
    choose_address(actor=staff, group=group, address="benchmarks")

    assert Client().get("/groups/trust-benchmarks/")["Location"] == "/groups/benchmarks/"


def test_a_hidden_group_s_former_address_answers_like_a_missing_one(
    chair: Person, staff: Person, outsider: Person
) -> None:
    hidden = factories.group("Hidden Matter", preset="secret", chair=chair)
    Group.objects.filter(pk=hidden.pk).update(slug="renamed")
    browser = signed_in(outsider)

    for path in ("/groups/{}/", "/groups/{}/people/", "/api/v1/groups/{}/"):
        former, missing = (
            browser.get(path.format("hidden-matter")),
            browser.get(path.format("nope")),
        )
        assert former.status_code == missing.status_code == 404
        assert former.content.replace(b"hidden-matter", b"nope") == missing.content
    assert signed_in(chair).get("/groups/hidden-matter/")["Location"] == "/groups/renamed/"


def test_a_former_address_is_given_to_nobody_else(
    staff: Person, organization: Organization
) -> None:
    profile.choose_address(actor=staff, organization=organization, address="aurora")

    assert founded(staff, "Aurora Labs").slug == "aurora-labs-2"
    with pytest.raises(Invalid, match="aurora-labs"):
        profile.choose_address(
            actor=staff, organization=founded(staff, "Other"), address="Aurora Labs"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.organization("Bulk", slug="aurora-labs")


def test_a_thing_can_have_its_former_address_back(
    staff: Person, organization: Organization
) -> None:
    for address in ("aurora", "aurora-labs"):
        profile.choose_address(actor=staff, organization=organization, address=address)

    assert Client().get("/members/aurora-labs/").status_code == 200
    assert Client().get("/members/aurora/")["Location"] == "/members/aurora-labs/"


@pytest.mark.parametrize("address", ["", "\u200d", "csv", "new"])
def test_an_address_nobody_can_have_is_refused_with_a_reason(
    staff: Person, organization: Organization, address: str
) -> None:
    with pytest.raises(Invalid):
        profile.choose_address(actor=staff, organization=organization, address=address)


def test_only_staff_choose_addresses(
    representative: Person, organization: Organization, chair: Person, group: Group
) -> None:
    with pytest.raises(NotAllowed):
        profile.choose_address(actor=representative, organization=organization, address="a")
    with pytest.raises(NotAllowed):
        choose_address(actor=chair, group=group, address="a")


def test_the_choice_is_on_record_and_search_leads_to_it(
    staff: Person, chair: Person, group: Group
) -> None:
    index(group)
    choose_address(actor=staff, group=group, address="評価")
    group.refresh_from_db()

    assert SearchEntry.objects.get(kind="group").url == group.get_absolute_url()
    facts = json.loads(Record.objects.get(verb="address_chosen").facts)
    assert facts == {"address_from": "trust-benchmarks", "address_to": "評価"}
    assert set(Address.objects.filter(kind="group").values_list("slug", flat=True)) == {
        "trust-benchmarks",
        "評価",
    }


def test_mails_of_a_group_keep_their_list_id(staff: Person, group: Group) -> None:
    chosen = choose_address(actor=staff, group=group, address="評価")

    assert chosen.list_name == "trust-benchmarks"


def test_filters_of_the_api_take_a_former_address(
    staff: Person, chair: Person, group: Group
) -> None:
    item = factories.action_item(group)
    choose_address(actor=staff, group=group, address="評価")

    for address in ("trust-benchmarks", "評価"):
        answer = signed_in(chair).get("/api/v1/action-items/", {"group": address})
        assert [row["uuid"] for row in answer.json()["results"]] == [str(item.uuid)]


def test_staff_see_the_result_before_they_choose(staff: Person, organization: Organization) -> None:
    client = signed_in(staff)
    page = reverse("organization-address", args=[organization.slug])

    shown = client.get(page, {"address": "Łódź AI"})
    refused = client.get(page, {"address": "csv"})
    chosen = client.post(page, {"address": "Łódź AI"})

    assert "/members/lodz-ai/" in shown.content.decode()
    assert "is reserved for another page" in refused.content.decode()
    assert (chosen.status_code, chosen["Location"]) == (302, "/members/lodz-ai/")


def test_a_refused_choice_keeps_what_was_typed(staff: Person, organization: Organization) -> None:
    founded(staff, "Taken")
    page = reverse("organization-address", args=[organization.slug])

    refused = signed_in(staff).post(page, {"address": "Taken"})

    assert refused.status_code == 422
    assert 'value="Taken"' in refused.content.decode()
    assert "is in use or was used before" in refused.content.decode()


def test_the_converters_are_registered_for_each_kind() -> None:
    found = get_resolver().resolve("/groups/評価/")

    assert (found.route, found.kwargs) == ("groups/<group_address:slug>/", {"slug": "評価"})
    assert addressed_kind("group").visible(ANONYMOUS).count() == 0


def test_an_address_as_typed_goes_before_another_spelling_of_it(staff: Person) -> None:
    former = factories.organization("Former", slug="a--b")
    factories.organization("Other", slug="a-b")
    profile.choose_address(actor=staff, organization=former, address="present")

    assert Client().get("/members/a--b/")["Location"] == "/members/present/"
    assert Client().get("/members/A-b/")["Location"] == "/members/a-b/"
