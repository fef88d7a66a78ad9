"""Signing in, by each of its doors."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.utils.html import escape

from common.mail.models import Message
from members.people.models import Person
from tests.people.conftest import PASSWORD
from tests.people.mailbox import code_in, mails_to

LOGIN = "/accounts/login/"


def signed_in_as(client: Client) -> str:
    """The name on the settings page, or where the page sends a stranger."""
    response = client.get("/settings/")
    if response.status_code == 302:
        return str(response["Location"])
    return str(response.wsgi_request.user)


def test_password_signs_in_and_leads_to_next(client: Client, ada: Person) -> None:
    response = client.post(
        LOGIN, {"login": "ADA@lumen.example", "password": PASSWORD, "next": "/settings/"}
    )

    assert response.status_code == 302
    assert response["Location"] == "/settings/"
    assert signed_in_as(client) == "Ada Ekström"


def test_next_never_leads_to_another_site(client: Client, ada: Person) -> None:
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"):
        client.logout()

        response = client.post(LOGIN, {"login": ada.email, "password": PASSWORD, "next": target})

        assert response["Location"] == "/my/", target


def test_wrong_password_says_so_and_keeps_the_address(client: Client, ada: Person) -> None:
    response = client.post(LOGIN, {"login": ada.email, "password": "wrong wrong wrong"})

    page = response.content.decode()
    assert "Wrong e-mail address or password." in page
    assert 'value="ada@lumen.example"' in page


def test_sixth_wrong_password_is_refused_even_when_right(client: Client, ada: Person) -> None:
    for _ in range(5):
        client.post(LOGIN, {"login": ada.email, "password": "wrong wrong wrong"})

    response = client.post(LOGIN, {"login": ada.email, "password": PASSWORD})

    assert "Too many attempts." in response.content.decode()


def test_mailed_code_signs_in_a_person_without_password(client: Client, noor: Person) -> None:
    client.post("/accounts/login/code/", {"email": noor.email})
    code = code_in(mails_to(noor.email)[-1])

    client.post("/accounts/login/code/confirm/", {"code": code.lower(), "action": "verify"})

    assert signed_in_as(client) == "نور حداد"


def test_third_wrong_code_ends_the_attempt(client: Client, noor: Person) -> None:
    client.post("/accounts/login/code/", {"email": noor.email})
    code = code_in(mails_to(noor.email)[-1])
    for _ in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "AAAA-AAAA"})

    client.post("/accounts/login/code/confirm/", {"code": code})

    assert signed_in_as(client).startswith(LOGIN)


def test_code_lies_nowhere_readable_in_the_outbox(client: Client, noor: Person) -> None:
    client.post("/accounts/login/code/", {"email": noor.email})

    row = Message.objects.get(to_address=noor.email)
    code = code_in(mails_to(noor.email)[-1])
    assert code not in str(row.ref)
    assert set(row.ref) == {"sealed"}


def test_sign_up_confirms_the_address_by_code(client: Client, db: None) -> None:
    client.post(
        "/accounts/signup/",
        {"name": "Kaʻiulani Ōta", "email": "kai@tidal.example", "password1": PASSWORD},
    )
    code = code_in(mails_to("kai@tidal.example")[-1])
    assert signed_in_as(client).startswith(LOGIN)

    client.post("/accounts/confirm-email/", {"code": code, "action": "verify"})

    assert signed_in_as(client) == "Kaʻiulani Ōta"
    person = Person.objects.get(email="kai@tidal.example")
    assert person.password.startswith("argon2")
    assert EmailAddress.objects.get(user=person).verified


def test_reset_by_code_sets_a_new_password(client: Client, ada: Person) -> None:
    new = "another long enough phrase"
    client.post("/accounts/password/reset/", {"email": ada.email})
    code = code_in(mails_to(ada.email)[-1])

    client.post("/accounts/password/reset/confirm/", {"code": code})
    client.post("/accounts/password/reset/complete/", {"password1": new, "password2": new})

    ada.refresh_from_db()
    assert ada.check_password(new)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/",
        "/accounts/email/",
        "/accounts/3rdparty/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/password/change/",
        "/accounts/signup/passkey/",
    ],
)
def test_pages_of_allauth_that_are_not_ours_do_not_exist(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [LOGIN, "/accounts/signup/", "/settings/", "/settings/tokens/"])
def test_other_methods_are_refused_by_route(client: Client, path: str) -> None:
    for method in ("put", "delete", "patch", "options"):
        assert getattr(client, method)(path).status_code == 405


def test_sign_out_is_a_page_with_a_button(client: Client, ada: Person) -> None:
    client.force_login(ada)

    page = client.get("/accounts/logout/")
    assert page.status_code == 200
    assert signed_in_as(client) == "Ada Ekström"

    client.post("/accounts/logout/")
    assert signed_in_as(client).startswith(LOGIN)


# --- the same answer for an address that is known and one that is not -------------------------


def equal_bytes(first: bytes, first_address: str, second: bytes, second_address: str) -> bool:
    """Equal but for the address that was typed, and the token against forged requests."""
    import re

    def bare(page: bytes, address: str) -> str:
        text = page.decode().replace(escape(address), "ADDRESS")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    return bare(first, first_address) == bare(second, second_address)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/accounts/login/", {"login": "{}", "password": "a wrong password"}),
        ("/accounts/login/code/", {"email": "{}"}),
        ("/accounts/password/reset/", {"email": "{}"}),
        ("/accounts/signup/", {"name": "Any One", "email": "{}", "password1": PASSWORD}),
    ],
)
def test_known_and_unknown_addresses_get_equal_answers(
    ada: Person, path: str, fields: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth import hashers

    hashes: list[str] = []
    encode = hashers.Argon2PasswordHasher.encode

    def counted(self: hashers.Argon2PasswordHasher, password: str, salt: str) -> str:
        hashes.append(salt)
        return str(encode(self, password, salt))

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", counted)
    verify = hashers.Argon2PasswordHasher.verify

    def verified(self: hashers.Argon2PasswordHasher, password: str, encoded: str) -> bool:
        hashes.append(encoded)
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", verified)
    seen = []
    for address in (ada.email, "eve@lumen.example"):
        hashes.clear()
        browser = Client()
        filled = {name: value.format(address) for name, value in fields.items()}
        response = browser.post(path, filled, follow=True)
        seen.append((response, address, len(hashes), len(mails_to(address))))

    (known, known_address, known_hashes, known_mails), (unknown, address, hashes_, mails) = seen
    assert known.status_code == unknown.status_code
    assert known.redirect_chain == unknown.redirect_chain
    assert equal_bytes(known.content, known_address, unknown.content, address)
    assert known_hashes == hashes_
    assert known_mails == mails


# --- the second factor -------------------------------------------------------------------------


def totp(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def set_up_totp(client: Client) -> str:
    """Turns the app on by its pages and returns the key."""
    page = client.get("/settings/second-factor/app/")
    secret = str(page.context["form"].secret)
    response = client.post("/settings/second-factor/app/", {"code": totp(secret)})
    assert response.status_code == 302, response.content.decode()
    return secret


def sign_in_by_password(client: Client, person: Person) -> None:
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})


def test_second_factor_is_asked_for_once_it_is_set_up(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)
    secret = set_up_totp(client)
    client.post("/accounts/logout/")
    sign_in_by_password(client, ada)
    assert signed_in_as(client).startswith(LOGIN)

    from django.core.cache import cache

    cache.clear()  # A code works once; the clock has not moved since the set-up.
    client.post("/accounts/second-factor/", {"code": totp(secret)})

    assert signed_in_as(client) == "Ada Ekström"


def test_recovery_code_works_once(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)
    set_up_totp(client)
    codes = client.get("/settings/second-factor/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    for expected in ("Ada Ekström", LOGIN):
        client.post("/accounts/logout/")
        sign_in_by_password(client, ada)

        client.post("/accounts/second-factor/", {"code": codes[0]})

        assert signed_in_as(client).startswith(expected)


def test_key_of_the_app_is_sealed_in_the_database(client: Client, ada: Person) -> None:
    from allauth.mfa.models import Authenticator

    sign_in_by_password(client, ada)
    secret = set_up_totp(client)

    stored = Authenticator.objects.get(user=ada, type="totp")
    assert secret not in str(stored.data)


def test_too_many_sign_ups_get_our_page(client: Client, db: None) -> None:
    form = {"name": "Any One", "email": "not an address", "password1": PASSWORD}
    for _ in range(60):
        assert client.post("/accounts/signup/", form).status_code == 200

    response = client.post("/accounts/signup/", form)

    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "Wait a minute, then try again." in response.content.decode()


def test_starting_again_leaves_the_half_done_sign_in(client: Client, noor: Person) -> None:
    client.post("/accounts/login/code/", {"email": noor.email})
    assert client.get(LOGIN).status_code == 302  # back to the code that is waited for

    again = client.post("/accounts/logout/", {"next": LOGIN})

    assert again["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200


def test_picture_of_the_key_has_its_own_ground(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)

    page = client.get("/settings/second-factor/app/")

    assert 'fill="white"' in page.context["totp_svg"]
    assert str(page.context["form"].secret) in page.content.decode()
