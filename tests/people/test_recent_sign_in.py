"""What changes an account wants a sign-in of the last five minutes, from everybody."""

import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from common.mail.models import Message
from members.people.models import Person
from tests.people.conftest import PASSWORD
from tests.people.mailbox import code_in, mails_to
from tests.people.test_sign_in import set_up_totp, sign_in_by_password, totp

TOKEN = {"name": "Laptop", "scopes": "read", "days": "30"}


def age(client: Client, minutes: float) -> None:
    """Moves the session's proof of identity into the past."""
    session = client.session
    session[RECORDS] = [
        {**entry, "at": time.time() - minutes * 60} for entry in session.get(RECORDS, [])
    ]
    session.save()


@pytest.mark.parametrize(("minutes", "status"), [(4.9, 200), (5.1, 302)])
def test_five_minutes_are_recent_and_more_are_not(
    client: Client, ada: Person, minutes: float, status: int
) -> None:
    sign_in_by_password(client, ada)
    age(client, minutes)

    assert client.get("/settings/my-data/").status_code == status


def test_form_waits_while_the_person_confirms_by_password(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)
    age(client, 10)

    asked = client.post("/settings/tokens/", TOKEN)
    assert asked["Location"] == "/accounts/confirm/password/?next=%2Fsettings%2Ftokens%2F"
    done = client.post(asked["Location"], {"password": PASSWORD, "next": "/settings/tokens/"})

    assert b"Copy the token now" in done.content
    assert b"Laptop" in done.content


def test_wrong_password_confirms_nothing(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)
    age(client, 10)

    client.post("/accounts/confirm/password/", {"password": "wrong wrong wrong"})

    assert client.get("/settings/my-data/").status_code == 302


def test_person_without_password_confirms_by_a_mailed_code(client: Client, noor: Person) -> None:
    client.force_login(noor)

    asked = client.post("/settings/tokens/", TOKEN)
    page = asked["Location"]
    assert page.startswith("/accounts/confirm/code/")
    client.get(page)
    assert not Message.objects.filter(to_address=noor.email).exists()  # a GET sends nothing
    client.post(page, {"send": "1"})
    done = client.post(page, {"code": code_in(mails_to(noor.email)[-1])})

    assert b"Copy the token now" in done.content


def test_mailed_code_ends_after_three_wrong_ones(client: Client, noor: Person) -> None:
    client.force_login(noor)
    page = "/accounts/confirm/code/"
    client.post(page, {"send": "1"})
    code = code_in(mails_to(noor.email)[-1])
    for _ in range(3):
        assert client.post(page, {"code": "AAAA-AAAA"}).status_code == 422

    client.post(page, {"code": code})

    assert client.get("/settings/my-data/").status_code == 302


def test_codes_by_mail_are_limited(client: Client, noor: Person) -> None:
    client.force_login(noor)
    for _ in range(3):
        client.post("/accounts/confirm/code/", {"send": "1"})

    response = client.post("/accounts/confirm/code/", {"send": "1"})

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert Message.objects.filter(to_address=noor.email).count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "noor@home.example", "action_add": "1"},
        {"email": "noor@lumen.example", "action_remove": "1"},
    ],
)
def test_addresses_are_not_changed_without_it(
    client: Client, noor: Person, fields: dict[str, str]
) -> None:
    client.force_login(noor)

    response = client.post("/settings/addresses/", fields)

    assert response["Location"].startswith("/accounts/confirm/code/")
    assert not Message.objects.exists()


PAGES = {
    "app": "/accounts/confirm/second-factor/",
    "password": "/accounts/confirm/password/",
    "code": "/accounts/confirm/code/",
}


@pytest.mark.parametrize(
    ("has_app", "has_password", "strongest"),
    [(True, True, "app"), (True, False, "app"), (False, True, "password"), (False, False, "code")],
)
def test_only_the_strongest_way_that_a_person_has_confirms(
    client: Client, ada: Person, noor: Person, has_app: bool, has_password: bool, strongest: str
) -> None:
    person = ada if has_password else noor
    secret = generate_totp_secret()
    if has_app:
        TOTP.activate(person, secret)
    client.force_login(person)
    typed = {"app": {"code": totp(secret)}, "password": {"password": PASSWORD}}

    asked = client.post("/settings/tokens/", TOKEN)
    assert asked["Location"].startswith(PAGES[strongest])
    for way, page in PAGES.items():
        if way == strongest:
            continue
        away = client.get(f"{page}?next=/settings/tokens/")
        assert away["Location"] == f"{PAGES[strongest]}?next=%2Fsettings%2Ftokens%2F"
        client.post(page, {"send": "1"})
        client.post(page, typed.get(way, {"code": "AAAA-AAAA"}))
    assert not Message.objects.filter(to_address=person.email).exists()
    assert client.get("/settings/my-data/").status_code == 302
    if strongest == "code":
        client.post(PAGES["code"], {"send": "1"})
        typed["code"] = {"code": code_in(mails_to(person.email)[-1])}
    client.post(PAGES[strongest], typed[strongest])
    assert client.get("/settings/my-data/").status_code == 200


def test_signing_in_by_a_mailed_code_confirms_nobody_who_has_a_password(
    client: Client, ada: Person
) -> None:
    client.post("/accounts/login/code/", {"email": ada.email})
    code = code_in(mails_to(ada.email)[-1])
    client.post("/accounts/login/code/confirm/", {"code": code, "action": "verify"})

    assert client.get("/settings/my-data/")["Location"].startswith(PAGES["password"])


def test_the_page_of_the_app_confirms_nobody_who_has_one_already(
    client: Client, ada: Person
) -> None:
    sign_in_by_password(client, ada)
    set_up_totp(client)
    age(client, 4.9)

    away = client.post("/settings/second-factor/app/", {"code": "000000"})

    assert away["Location"] == "/settings/second-factor/app/off/"
    assert [entry for entry in client.session[RECORDS] if time.time() - entry["at"] < 60] == []
