"""Roles that must have a second factor set one up before they go on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from members.people import actions
from members.people.models import Person
from tests.people.test_sign_in import set_up_totp, sign_in_by_password, signed_in_as
from tests.people.test_tokens import make

pytestmark = pytest.mark.urls("tests.http.urls")


@pytest.fixture(autouse=True)
def required() -> Iterator[None]:
    with override_settings(MFA_REQUIRED_ROLES=["staff"]):
        yield


def test_staff_without_one_is_led_to_its_page(client: Client, ada: Person) -> None:
    actions.make_staff(person=ada)
    sign_in_by_password(client, ada)

    assert client.get("/settings/tokens/")["Location"] == "/settings/second-factor/"
    assert client.get("/settings/second-factor/").status_code == 200
    assert client.get("/api/v1/notes/").status_code == 403
    assert client.get("/accounts/logout/").status_code == 200


def test_the_page_says_why_one_is_led_there_until_it_is_set_up(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)
    reason = "Your role requires a second factor."

    assert reason not in client.get("/settings/second-factor/").content.decode()
    actions.make_staff(person=ada)
    assert reason in client.get("/settings/second-factor/").content.decode()
    set_up_totp(client)
    assert reason not in client.get("/settings/second-factor/").content.decode()


def test_setting_it_up_opens_the_way(client: Client, ada: Person) -> None:
    actions.make_staff(person=ada)
    sign_in_by_password(client, ada)
    set_up_totp(client)

    assert client.get("/settings/tokens/").status_code == 200


def test_it_cannot_be_switched_off_while_the_role_lasts(client: Client, ada: Person) -> None:
    from allauth.mfa.models import Authenticator

    actions.make_staff(person=ada)
    sign_in_by_password(client, ada)
    set_up_totp(client)

    response = client.post("/settings/second-factor/app/off/")

    assert b"Your role requires a second factor" in response.content
    assert Authenticator.objects.filter(user=ada, type="totp").exists()


def test_others_are_not_asked(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)

    assert signed_in_as(client) == "Ada Ekström"


def test_a_token_made_before_the_role_is_no_way_around(client: Client, ada: Person) -> None:
    _token, secret = make(ada)
    headers = {"Authorization": f"Bearer {secret}"}
    actions.make_staff(person=ada)

    refused = Client().get("/api/v1/notes/", headers=headers)
    sign_in_by_password(client, ada)
    set_up_totp(client)

    assert refused.status_code == 403
    assert "second factor" in refused.json()["detail"]
    assert Client().get("/api/v1/notes/", headers=headers).status_code == 200


def test_setting_it_up_ends_the_sign_ins_made_without_it(
    client: Client, ada: Person, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = Client()
    sign_in_by_password(elsewhere, ada)
    sign_in_by_password(client, ada)
    assert signed_in_as(elsewhere) == "Ada Ekström"

    with django_capture_on_commit_callbacks(execute=True):
        set_up_totp(client)

    assert signed_in_as(client) == "Ada Ekström"
    assert signed_in_as(elsewhere).startswith("/accounts/login/")
