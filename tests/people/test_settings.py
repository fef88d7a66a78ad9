"""A person's own settings."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from common.record.models import Record
from members.people.models import Person, Session
from tests.people.conftest import PASSWORD
from tests.people.mailbox import code_in, mails_to
from tests.people.test_sign_in import sign_in_by_password, signed_in_as

PROFILE = {"name": "Ada Ekström", "zone": "Pacific/Auckland", "locale": "en", "in_directory": "on"}
PAGES = [
    "/settings/",
    "/settings/addresses/",
    "/settings/password/",
    "/settings/second-factor/",
    "/settings/second-factor/app/",
    "/settings/sign-ins/",
    "/settings/tokens/",
    "/settings/close/",
    "/settings/my-data/",
]


@pytest.fixture
def signed_in(client: Client, ada: Person) -> Client:
    sign_in_by_password(client, ada)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_for_its_person_and_asks_a_stranger_to_sign_in(
    signed_in: Client, path: str
) -> None:
    assert signed_in.get(path).status_code == 200

    stranger = Client().get(path)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/")


def test_profile_is_saved(signed_in: Client, ada: Person) -> None:
    response = signed_in.post("/settings/", {**PROFILE, "name": "  Ада   Экстрём "})

    ada.refresh_from_db()
    assert response.status_code == 302
    assert (ada.name, ada.zone, ada.in_directory) == ("Ада Экстрём", "Pacific/Auckland", True)


def test_profile_keeps_what_was_typed_when_something_is_wrong(signed_in: Client) -> None:
    response = signed_in.post("/settings/", {**PROFILE, "name": "New Name", "zone": "Mars/Base"})

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="New Name"' in page
    assert "Mars/Base" in page


def test_name_with_direction_override_is_refused(signed_in: Client, ada: Person) -> None:
    signed_in.post("/settings/", {**PROFILE, "name": "Ada \u202enimda"})

    ada.refresh_from_db()
    assert ada.name == "Ada Ekström"


def test_every_zone_can_be_chosen(signed_in: Client) -> None:
    page = signed_in.get("/settings/").content.decode()

    for zone in ("UTC", "Pacific/Auckland", "Pacific/Honolulu", "America/Argentina/Ushuaia"):
        assert f'value="{zone}"' in page


def test_address_is_added_by_code_and_made_the_main_one(signed_in: Client, ada: Person) -> None:
    signed_in.post("/settings/addresses/", {"email": "ada@home.example", "action_add": "1"})
    code = code_in(mails_to("ada@home.example")[-1])
    assert not EmailAddress.objects.filter(email="ada@home.example").exists()
    signed_in.post("/accounts/confirm-email/", {"code": code, "action": "verify"})

    signed_in.post("/settings/addresses/", {"email": "ada@home.example", "action_primary": "1"})

    ada.refresh_from_db()
    assert ada.email == "ada@home.example"
    assert "main e-mail address was changed" in mails_to("ada@lumen.example")[-1].subject

    signed_in.post("/settings/addresses/", {"email": "ada@lumen.example", "action_remove": "1"})
    assert [row.email for row in EmailAddress.objects.filter(user=ada)] == ["ada@home.example"]


def test_address_of_another_account_gets_the_same_answer(signed_in: Client, noor: Person) -> None:
    taken = signed_in.post("/settings/addresses/", {"email": noor.email, "action_add": "1"})
    free = signed_in.post("/settings/addresses/", {"email": "free@x.example", "action_add": "1"})

    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])


def test_new_password_ends_all_sign_ins(signed_in: Client, ada: Person) -> None:
    other = Client()
    sign_in_by_password(other, ada)
    new = "another long enough phrase"

    signed_in.post(
        "/settings/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert signed_in_as(signed_in).startswith("/accounts/login/")
    assert signed_in_as(other).startswith("/accounts/login/")
    assert "password was changed" in mails_to(ada.email)[-1].subject


def test_signing_out_everywhere_else_leaves_this_one(signed_in: Client, ada: Person) -> None:
    other = Client(headers={"User-Agent": "Other browser"})
    sign_in_by_password(other, ada)
    assert b"Other browser" in signed_in.get("/settings/sign-ins/").content

    signed_in.post("/settings/sign-ins/")

    assert signed_in_as(signed_in) == "Ada Ekström"
    assert signed_in_as(other).startswith("/accounts/login/")
    assert Session.objects.filter(person=ada).count() == 1


def test_own_data_are_one_file_without_secrets(signed_in: Client, ada: Person) -> None:
    response = signed_in.get("/settings/my-data/")

    data = json.loads(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert data["account"]["email"] == "ada@lumen.example"
    assert data["account"]["addresses"][0]["confirmed"] is True
    assert "argon2" not in response.content.decode()


def test_closing_wants_the_address_typed_and_erases_it(signed_in: Client, ada: Person) -> None:
    signed_in.post("/settings/close/", {"email": "somebody@else.example"})
    ada.refresh_from_db()
    assert not ada.closed_at

    signed_in.post("/settings/close/", {"email": "ADA@lumen.example"})

    ada.refresh_from_db()
    assert ada.closed_at
    assert "Ada" not in ada.name
    assert "lumen" not in ada.email
    assert not EmailAddress.objects.filter(user=ada).exists()
    assert signed_in_as(signed_in).startswith("/accounts/login/")
    assert Record.objects.filter(verb="closed", object_uuid=ada.uuid).exists()
