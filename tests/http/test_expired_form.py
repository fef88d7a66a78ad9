"""A long form whose sign-in, or token, ended while it was written: no word is lost."""

import pytest
from django.conf import settings
from django.test import Client

from members.people.models import Person

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]

TEXT = "Minutes of two hours’ talk.\n" * 50
OURS = {"Sec-Fetch-Site": "same-origin"}


def hidden_fields(page: str) -> str:
    assert "<form" in page, page
    return page


def test_text_is_kept_when_the_sign_in_has_ended(person: Person) -> None:
    client = Client()
    client.force_login(person)
    client.session.flush()

    response = client.post("/write/", {"text": TEXT}, headers=OURS)

    page = response.content.decode()
    assert response.status_code == 401
    assert TEXT.strip() in page
    assert "/accounts/login/" in page


def test_text_can_be_sent_again_after_signing_in(person: Person) -> None:
    """Step by step as a browser does it, with the check of tokens on."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    client.get("/accounts/logout/")
    old_token = client.cookies[settings.CSRF_COOKIE_NAME].value
    client.session.flush()
    fields = {"text": TEXT, "csrfmiddlewaretoken": old_token}
    assert client.post("/write/", fields, headers=OURS).status_code == 401

    # Signing in, in another tab, renews the token, so the kept form's own one is old by now.
    client.force_login(person)
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    refused = client.post("/write/", fields, headers=OURS)
    assert refused.status_code == 403
    fresh = refused.context["csrf_token"]
    sent = client.post("/write/", {"text": TEXT, "csrfmiddlewaretoken": str(fresh)}, headers=OURS)

    assert TEXT.strip() in refused.content.decode()
    assert sent.content.decode() == "written: " + TEXT


def test_foreign_page_gets_no_form_to_send_again(person: Person) -> None:
    """Else a forged post would need one careless click to become real."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        response = client.post("/write/", {"text": TEXT}, headers=headers)

        assert response.status_code == 403
        assert TEXT.strip() in response.content.decode()
        assert "<form" not in response.content.decode()


def test_secrets_are_not_kept(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    response = client.post(
        "/write/",
        {"text": TEXT, "password1": "hunter2 hunter2", "code": "ABCD-EFGH"},
        headers=OURS,
    )

    page = response.content.decode()
    assert "hunter2" not in page
    assert "ABCD-EFGH" not in page


def test_stranger_is_simply_asked_to_sign_in(client: Client, db: None) -> None:
    response = client.post("/write/", {"text": TEXT})

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/"


def test_page_leads_back_to_where_one_was_going(client: Client, db: None) -> None:
    response = client.get("/write/?draft=7")

    assert response["Location"] == "/accounts/login/?next=%2Fwrite%2F%3Fdraft%3D7"


def test_htmx_and_api_are_told_401(client: Client, db: None) -> None:
    fragment = client.get("/write/", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert fragment["HX-Redirect"] == "/accounts/login/"

    api = client.get("/api/v1/page/")
    assert api.status_code == 401
    assert api["WWW-Authenticate"] == "Bearer"
