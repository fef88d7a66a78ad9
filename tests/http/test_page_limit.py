"""A generous limit on pages and API requests, for each account and each visitor apart."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from common.http import page_limit
from members.people import api_tokens
from members.people.models import Person


@pytest.fixture(autouse=True)
def three_a_minute(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    settings.PAGES_A_MINUTE = 3
    now = [1_800_000_010.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    monkeypatch.setattr(page_limit, "_silent_until", 0.0)
    return now


def statuses(client: Client, path: str, times: int = 4, **options: str) -> list[int]:
    return [client.get(path, **options).status_code for _ in range(times)]  # type: ignore[arg-type]


def test_an_account_is_told_to_wait_and_others_are_not(
    client_of: Callable[..., Client],
    member: Person,
    outsider: Person,
    three_a_minute: list[float],
) -> None:
    browser, other = client_of(member), client_of(outsider)
    assert statuses(browser, "/settings/") == [200, 200, 200, 429]

    refused = browser.get("/settings/")

    assert 0 < int(refused["Retry-After"]) <= 60
    assert "3 pages in a minute" in refused.content.decode()
    assert other.get("/settings/").status_code == 200
    assert client_of(member).get("/settings/").status_code == 429  # another browser, one account
    three_a_minute[0] += int(refused["Retry-After"])
    assert browser.get("/settings/").status_code == 200


def test_a_visitor_is_counted_where_no_page_is_kept(db: None) -> None:
    assert statuses(Client(), "/accounts/login/") == [200, 200, 200, 429]
    assert Client(REMOTE_ADDR="203.0.113.7").get("/accounts/login/").status_code == 200
    assert set(statuses(Client(), "/catalogue/", 6)) == {200}
    assert set(statuses(Client(), "/healthz", 6)) == {200}
    assert Client().get("/catalogue/?q=words").status_code == 429


@pytest.mark.parametrize("own", [{"HTTP_COOKIE": "theme=dark"}, {"HTTP_HX_REQUEST": "true"}])
def test_a_visitor_is_counted_who_has_public_pages_made_anew(db: None, own: dict[str, str]) -> None:
    assert statuses(Client(), "/catalogue/", **own) == [200, 200, 200, 429]


def test_a_token_is_counted_for_its_account_and_a_false_one_for_the_visitor(
    member: Person, client_of: Callable[..., Client]
) -> None:
    _token, secret = api_tokens.create_token(
        actor=member, name="Program", scopes=["read"], valid=timedelta(days=1)
    )
    good, bad = f"Bearer {secret}", "Bearer alliance_nothing"
    path = "/api/v1/groups/"

    assert statuses(Client(), path, HTTP_AUTHORIZATION=good) == [200, 200, 200, 429]
    assert client_of(member).get("/settings/").status_code == 429
    assert statuses(Client(), path, HTTP_AUTHORIZATION=bad) == [401, 401, 401, 429]
    refused = Client().get(path, HTTP_AUTHORIZATION=good)
    assert refused["Content-Type"] == "application/problem+json"
    assert int(refused["Retry-After"]) > 0


def test_without_the_cache_pages_go_on_and_it_is_left_alone_for_a_moment(
    settings: Settings, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert set(statuses(Client(), "/accounts/logout/", 5)) == {302}
    assert page_limit._silent_until > 0
