"""The search page: everything one may see and nothing else."""

import re

import pytest

from common.http import throttling
from tests import factories
from tests.browser import queries_of
from tests.factories.works import decision, deliverable, in_review, publication


def page(client, query):
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def addresses(client, query):
    found = client.get(f"/search/?{query}").context["results"]
    return [line.hit.url for line in found.lines]


def test_a_member_finds_drafts_and_decisions_of_the_group(client_of, chair, member, group):
    deliverable(chair, group, title="Quetzal handbook")
    decision(chair, group, "Adopt the quetzal")

    assert set(addresses(client_of(member), "q=quetzal")) == {
        "/groups/trust-benchmarks/deliverables/1/",
        "/groups/trust-benchmarks/decisions/1/",
    }


@pytest.mark.parametrize("who", ["outsider", "applicant", "stranger", "staff", None])
def test_nobody_else_finds_them(client_of, client, chair, group, who, request):
    deliverable(chair, group, title="Quetzal handbook")
    in_review(chair, group, title="Quetzal review")
    decision(chair, group, "Adopt the quetzal")
    browser = client_of(request.getfixturevalue(who)) if who else client

    assert addresses(browser, "q=quetzal") == []
    assert "Quetzal" not in page(browser, "q=quetza")


def test_a_former_member_finds_nothing_more(client_of, chair, member, group):
    decision(chair, group, "Adopt the quetzal")
    browser = client_of(member)
    assert addresses(browser, "q=quetzal")

    member.participations.all().delete()

    assert addresses(browser, "q=quetzal") == []


def test_everybody_finds_what_is_published(client, chair, group):
    publication(chair, group, title="Quetzal standard")

    assert addresses(client, "q=quetzal") == ["/catalogue/AS-1/"]
    assert "Trust Benchmarks" in page(client, "q=quetzal")


def test_a_secret_group_is_named_to_nobody_outside(client, outsider):
    secret = factories.group("Incident Response", preset="secret", chair=outsider)
    publication(outsider, secret, title="Quetzal standard")

    assert "Incident" not in page(client, "q=quetzal")
    assert "Incident Response" not in page(client, "q=incident").replace("q=incident", "")


def test_kinds_are_tabs_with_counts(client_of, chair, group):
    publication(chair, group, title="Quetzal standard")
    decision(chair, group, "Adopt the quetzal")
    response = client_of(chair).get("/search/?q=quetzal&in=decisions")

    tabs = {tab.section.key: tab.count for tab in response.context["results"].tabs}
    assert tabs == {"publications": 1, "decisions": 2, "deliverables": 1}
    assert {line.section.key for line in response.context["results"].lines} == {"decisions"}


def test_people_organizations_and_groups_are_found_by_a_part_of_their_name(
    client_of, chair, member, group
):
    names = client_of(chair).get("/search/?q=mira").context["results"].names
    assert names == [member]
    names = client_of(chair).get("/search/?q=ruST+ben").context["results"].names
    assert names == [group]


def test_a_stranger_finds_no_person_by_name(client, member):
    assert client.get("/search/?q=mira").context["results"].names == []


def test_what_people_typed_is_escaped_in_titles_excerpts_and_names(client_of, chair, group):
    decision(chair, group, "Quetzal <script>alert(1)</script>", dissent="<img src=x> quetzal")

    shown = page(client_of(chair), "q=quetzal+%3Cb%3E")
    shown += page(client_of(chair), "q=quetzal")

    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "<b>" not in shown
    assert "<mark>" in shown


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%20",
        "q=a&page=x",
        "q=a&page=-1",
        "q=a&page=9999",
        "q=a&in=nothing",
        "q=" + "a" * 3000,
        "q=%22",
        "q=%27%3B--",
        "q=%F0%9F%8C%B3",
        "q=or",
        "q=-a",
    ],
)
def test_any_address_is_answered(client, db, query):
    assert client.get(f"/search/?{query}").status_code == 200


def test_it_asks_as_often_for_20_hits_as_for_2(client_of, chair, group):
    browser = client_of(chair)
    for place in range(2):
        decision(chair, group, f"Quetzal {place}")
    few = queries_of(browser, "/search/?q=quetzal")

    for place in range(18):
        decision(chair, group, f"Quetzal more {place}")

    assert queries_of(browser, "/search/?q=quetzal") == few <= 15


def test_searching_without_end_has_to_wait(client_of, chair, group):
    browser = client_of(chair)
    for _place in range(60):
        throttling.check("search", chair.pk, 60, 60)

    assert browser.get("/search/?q=quetzal").status_code == 429
    assert browser.get("/search/").status_code == 200


def test_a_better_spelling_is_offered_as_a_link(client, chair, group):
    decision(chair, group, "Adopt the evaluation models")
    publication(chair, group, title="Evaluation models")

    shown = page(client, "q=evalution+models")

    assert re.search(r'Did you mean <a href="\?q=evaluation(%20|\+)models">', shown)
