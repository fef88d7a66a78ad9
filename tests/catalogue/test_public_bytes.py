"""Public pages are the same bytes for every stranger, and cheap to ask again."""

import pytest
from django.test import Client

from tests.browser import queries_of
from tests.factories.works import publication
from workinggroups.deliverables import actions

CONDITIONAL = (
    "/catalogue/",
    "/catalogue/?kind=standard",
    "/catalogue/AS-1/",
    "/catalogue/AS-1/1.0/",
    "/catalogue/AS-1/1.0/text/",
    "/catalogue/feed.atom",
)
PAGES = (*CONDITIONAL, "/catalogue/AS-1/1.0/cite.bib", "/sitemap.xml", "/robots.txt")


@pytest.fixture
def published(chair, group):
    return publication(chair, group)


@pytest.mark.parametrize("path", PAGES)
def test_every_stranger_gets_the_same_bytes_and_no_cookie(published, path):
    first, second = Client().get(path), Client().get(path)

    assert first.status_code == 200
    assert first.content == second.content
    assert not first.cookies
    assert b"csrf" not in first.content


@pytest.mark.parametrize("path", CONDITIONAL)
def test_a_good_copy_is_answered_by_304(published, path):
    tag = Client().get(path)["ETag"]

    again = Client().get(path, headers={"if-none-match": tag})

    assert again.status_code == 304
    assert not again.content
    assert "public" in again["Cache-Control"]


def test_a_304_of_the_catalogue_costs_one_query(published, django_assert_num_queries):
    tag = Client().get("/catalogue/")["ETag"]

    with django_assert_num_queries(1):
        Client().get("/catalogue/", headers={"if-none-match": tag})


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/AS-1/", "/catalogue/feed.atom"])
def test_a_withdrawal_makes_every_copy_old(published, chair, path):
    before = Client().get(path)
    actions.withdraw(actor=chair, publication=published, reason="Wrong numbers.")

    after = Client().get(path, headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert after.content != before.content


def test_a_new_work_is_in_the_next_answer(chair, group, published):
    tag = Client().get("/catalogue/")["ETag"]

    publication(chair, group, title="Brand new")

    after = Client().get("/catalogue/", headers={"if-none-match": tag})
    assert "Brand new" in after.content.decode()


def test_somebody_signed_in_keeps_the_page_private(client_of, chair, published):
    response = client_of(chair).get("/catalogue/AS-1/")

    assert "private" in response["Cache-Control"]
    assert "/catalogue/AS-1/1.0/withdraw/" in response.content.decode()


def test_another_theme_does_not_reach_the_shared_copy(published):
    dark = Client()
    dark.cookies["theme"] = "dark"

    assert b'data-theme="dark"' in dark.get("/catalogue/").content
    assert b"data-theme" not in Client().get("/catalogue/").content


@pytest.mark.parametrize("path", ["/catalogue/AS-1/", "/catalogue/AS-1/1.0/"])
def test_a_publication_costs_few_queries(published, path):
    assert queries_of(Client(), path) <= 6
