"""A server that is away means "later", in plain words, and pages that do not need it go on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client, override_settings

from members.people.models import Person

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]

DEAD = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "unix:///nonexistent/valkey.sock",
    }
}


@pytest.fixture
def no_valkey() -> Iterator[None]:
    with override_settings(CACHES=DEAD):
        yield
    # Later tests must not meet the dead connection.
    for name in caches:
        caches[name].close()


def test_signing_in_waits_for_its_limits(browser: Client, no_valkey: None) -> None:
    """Closed rather than unlimited: without counters a password could be guessed."""
    response = browser.post("/accounts/login/", {"login": "a@b.example", "password": "x" * 12})

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_pages_that_need_no_counter_go_on(browser: Client, person: Person, no_valkey: None) -> None:
    browser.force_login(person)

    assert browser.get("/read/").status_code == 200
    assert browser.get("/settings/").status_code == 200


def test_lost_database_gives_the_text_back(browser: Client) -> None:
    response = browser.post("/fail/database/", {"text": "An hour of minutes."})

    assert response.status_code == 503
    assert "An hour of minutes." in response.content.decode()


def test_error_page_needs_no_database(
    browser: Client, django_assert_num_queries: Any, person: Person
) -> None:
    browser.force_login(person)
    browser.get("/fail/database/")

    with django_assert_num_queries(2):  # the session and its person, which every page reads
        browser.get("/fail/database/")
