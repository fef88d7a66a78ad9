"""A copy that is still good is answered 304 before anything is rendered."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from alliance.server.gateway.page_cache import matches
from common.files.responses import made_file
from common.http.conditional import conditional, etag

pytestmark = pytest.mark.urls("tests.http.urls")


def never() -> HttpResponse:
    raise AssertionError("rendered although the copy is good")


def request(**headers: str) -> HttpRequest:
    return RequestFactory().get("/", headers=headers)


def test_good_copy_is_not_rendered() -> None:
    tag = etag("group", 7)
    current = conditional(request(), tag, lambda: HttpResponse("page"))["ETag"]

    response = conditional(request(**{"If-None-Match": f'"other", {current}'}), tag, never)

    assert response.status_code == 304
    assert response["ETag"] == current


def test_another_version_is_rendered() -> None:
    current = conditional(request(), etag("group", 7), lambda: HttpResponse("page"))["ETag"]

    response = conditional(
        request(**{"If-None-Match": current}), etag("group", 8), lambda: HttpResponse("new")
    )

    assert response.content == b"new"


def test_public_page_may_be_shared_and_a_private_one_not(client: Client) -> None:
    assert client.get("/read/")["Cache-Control"] == "public, max-age=60"
    private = conditional(request(), etag("x"), lambda: HttpResponse("mine"))
    assert private["Cache-Control"] == "private, no-cache"
    assert "Cookie" in private["Vary"]


def test_public_page_asks_the_database_nothing_and_sets_no_cookie(client: Client) -> None:
    response = client.get("/read/")

    assert response.status_code == 200
    assert not response.cookies


def test_matching_is_weak_and_knows_the_star() -> None:
    assert matches('W/"a"', '"a"')
    assert matches("*", '"a"')
    assert not matches("", '"a"')
    assert not matches('"b"', 'W/"a"')


@given(first=st.binary(max_size=40), second=st.binary(max_size=40))
def test_a_file_has_another_tag_exactly_when_it_has_other_bytes(
    first: bytes, second: bytes
) -> None:
    before = made_file(request(), first, "a.csv", "text/csv")

    after = made_file(request(**{"If-None-Match": before["ETag"]}), second, "a.csv", "text/csv")

    assert (after.status_code == 304) == (first == second)
    assert (after["ETag"] == before["ETag"]) == (first == second)
