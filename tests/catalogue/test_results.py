"""The catalogue: what it lists, filters and counts."""

import re

import pytest

from tests.browser import queries_of
from tests.factories.works import (
    approved,
    in_review,
    next_version,
    outside_entry,
    publication,
)
from workinggroups.deliverables import actions


def titles(response):
    return [work.title for work in response.context["catalogue_results"].works]


def choices(response, name):
    facet = next(f for f in response.context["catalogue_results"].facets if f.name == name)
    return {choice.value: choice.works for choice in facet.choices}


def outside(staff, title="Red team handbook", **more):
    url = f"https://elsewhere.example/{title.replace(' ', '-')}"
    return outside_entry(staff, title=title, url=url, **more)


def test_an_empty_catalogue_says_what_will_stand_here(client, db):
    assert "No publications yet" in client.get("/catalogue/").content.decode()


def test_works_stand_newest_first_with_what_was_published_elsewhere(client, chair, staff, group):
    outside(staff)
    publication(chair, group, title="First")
    publication(chair, group, title="Second")

    response = client.get("/catalogue/?page=1")

    assert titles(response) == ["Second", "First", "Red team handbook"]
    assert "Published elsewhere" in response.content.decode()


def test_only_the_latest_version_stands_and_nothing_withdrawn(client, chair, group):
    first = publication(chair, group, title="Kept")
    next_version(chair, first.deliverable, "1.1")
    gone = publication(chair, group, title="Gone")
    actions.withdraw(actor=chair, publication=gone, reason="Wrong.")

    works = client.get("/catalogue/?page=1").context["catalogue_results"].works

    assert [(work.title, work.number) for work in works] == [("Kept", "1.1")]


def test_facets_count_what_choosing_them_would_show(client, chair, staff, group):
    publication(chair, group, title="A standard", kind="S")
    publication(chair, group, title="A guide", kind="G", licence="MIT")
    outside(staff)

    response = client.get("/catalogue/?kind=guide")

    assert titles(response) == ["A guide", "Red team handbook"]
    assert choices(response, "kind") == {"standard": 1, "guide": 2}
    assert choices(response, "licence") == {"MIT": 2}
    assert (
        response.context["catalogue_results"].total,
        response.context["catalogue_results"].whole,
    ) == (2, 3)


def test_values_of_one_facet_widen_and_facets_narrow(client, chair, staff, group):
    publication(chair, group, title="A standard", kind="S")
    publication(chair, group, title="A guide", kind="G")
    outside(staff)

    both = client.get("/catalogue/?kind=guide&kind=standard")
    narrowed = client.get("/catalogue/?kind=guide&kind=standard&licence=MIT")

    assert len(titles(both)) == 3
    assert titles(narrowed) == ["Red team handbook"]


def test_year_and_focus_area_filter(client, chair, staff, group):
    publication(chair, group, title="A standard")
    entry = outside(staff)

    assert titles(client.get("/catalogue/?year=2024")) == ["Red team handbook"]
    area = entry.focus_area.slug
    assert titles(client.get(f"/catalogue/?area={area}")) == ["Red team handbook"]


def test_words_of_the_text_find_a_work(client, chair, staff, group):
    publication(chair, group, title="Stack", text="How radiometers drift in winter.")
    outside(staff, summary="About radiometers at sea.")
    publication(chair, group, title="Other", text="Nothing of it.")

    response = client.get("/catalogue/?q=radiometer")

    assert set(titles(response)) == {"Stack", "Red team handbook"}


def test_words_and_facets_go_together(client, chair, group):
    publication(chair, group, title="Stack", kind="S", text="Radiometers.")
    publication(chair, group, title="Guide", kind="G", text="Radiometers.")

    assert titles(client.get("/catalogue/?q=radiometers&kind=guide")) == ["Guide"]


def test_another_spelling_is_suggested_with_the_filters_that_were_chosen(client, chair, group):
    publication(chair, group, title="Radiometers")

    page = client.get("/catalogue/?q=radiometrs&kind=guide&year=1999").content.decode()

    suggested = re.search(r'Did you mean\s+<a href="([^"]*)"', page)[1].replace("&amp;", "&")
    assert suggested == "/catalogue/?q=radiometers&kind=guide"


def test_nothing_of_a_draft_review_or_approval_is_found(client, chair, group):
    in_review(chair, group, title="Zanzibar", text="Quetzal")
    approved(chair, group, title="Timbuktu", text="Quetzal")

    for query in ("?page=1", "?q=Zanzibar", "?q=Quetzal", "?q=Timbuktu"):
        response = client.get(f"/catalogue/{query}")
        assert titles(response) == []
        assert "Approve" not in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "kind=S&kind=&area=%27",
        "year=99999",
        "year=-1",
        "year=x",
        "year=10000",
        "page=0",
        "page=-1",
        "page=999999999",
        "page=9999",
        "page=x",
        "q=" + "a" * 5000,
        "q=%22%22%27%3B--",
        "q=%F0%9F%8C%B3",
        "kind=" + "&kind=".join(str(n) for n in range(300)),
        "kind[]=guide",
    ],
)
def test_any_address_is_answered(client, chair, group, query):
    publication(chair, group)

    assert client.get(f"/catalogue/?{query}").status_code == 200


def test_a_long_catalogue_has_pages_that_keep_what_was_asked(client, staff):
    for place in range(23):
        outside(staff, title=f"Handbook {place:02}")

    first = client.get("/catalogue/?kind=guide")
    second = client.get("/catalogue/?kind=guide&page=2")

    assert (len(titles(first)), len(titles(second))) == (20, 3)
    assert not set(titles(first)) & set(titles(second))


def test_few_queries_whatever_is_asked(client, chair, staff, group):
    filtered = "/catalogue/?kind=standard&kind=guide"
    for place in range(2):
        publication(chair, group, title=f"Work {place}")
        outside(staff, title=f"Handbook {place}")
    few = queries_of(client, filtered)

    for place in range(8):
        publication(chair, group, title=f"More {place}")
        outside(staff, title=f"More handbooks {place}")

    assert queries_of(client, filtered) == few <= 6
    assert queries_of(client, f"{filtered}&q=work") <= 10
    assert queries_of(client, "/catalogue/") <= 6
