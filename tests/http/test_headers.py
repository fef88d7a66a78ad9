"""Every answer carries the same headers of protection, errors and files included."""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "manifest-src 'self'",
}

PATHS = [
    "/accounts/login/",
    "/settings/",
    "/no/such/page/",
    "/fail/broken/",
    "/fail/database/",
    "/fail/not-allowed/",
    "/echo/?q=%00",
    "/api/v1/notes/",
    "/read/",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_protected(browser: Client, person: Person, path: str) -> None:
    browser.force_login(person)

    response = browser.get(path)

    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"]
    assert len(response["X-Request-Id"]) == 16


def test_answer_to_a_foreign_host_is_protected_too(browser: Client) -> None:
    response = browser.get("/accounts/login/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert response["X-Frame-Options"] == "DENY"
    assert "Content-Security-Policy" in response


def test_pages_stay_in_the_readers_browser(browser: Client, person: Person) -> None:
    browser.force_login(person)

    assert browser.get("/settings/")["Cache-Control"] == "private, no-cache"


def test_cookies_are_closed_to_scripts(browser: Client, person: Person) -> None:
    token = browser.get("/accounts/login/").cookies
    session = browser.post("/accounts/login/code/", {"email": person.email}).cookies

    assert [*token, *session] == ["csrf", "sid"]
    for cookie in [*token.values(), *session.values()]:
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/", cookie.key


def test_id_of_a_trusted_proxy_is_kept_and_of_others_not(browser: Client) -> None:
    headers = {"X-Request-Id": "from-the-proxy-1"}
    assert browser.get("/read/", headers=headers)["X-Request-Id"] != "from-the-proxy-1"

    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert browser.get("/read/", headers=headers)["X-Request-Id"] == "from-the-proxy-1"
        odd = browser.get("/read/", headers={"X-Request-Id": "a\tb<script>"})["X-Request-Id"]
        assert len(odd) == 16


def test_files_are_kept_by_nobody_and_pages_until_they_are_asked_for(
    group: Group, member: Person, client_of: Callable[..., Client]
) -> None:
    meeting = factories.meeting(group)
    browser = client_of(member)
    here = f"/groups/{group.slug}/meetings/{meeting.number}/"

    for file in (f"{here}meeting.ics", "/settings/my-data/"):
        assert browser.get(file)["Cache-Control"] == "private, no-store", file
    for page in (here, "/my/", "/settings/"):
        assert browser.get(page)["Cache-Control"] == "private, no-cache", page
