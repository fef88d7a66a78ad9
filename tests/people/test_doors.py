"""What strangers may do at the doors: nobody learns who has an account, nobody is mailed without
end, and nobody is shut out by others."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from common.mail.models import Message
from common.web import throttle
from members.onboarding.actions import invitations
from members.organizations.models import Organization
from members.people import actions
from members.people.models import Person
from tests import factories
from tests.committed import together
from tests.people.conftest import PASSWORD
from tests.people.mailbox import code_in, mails_to

LOGIN = "/accounts/login/"
WRONG = "wrong wrong wrong"

# Each door: what a stranger posts, step by step, with an address in place of {}.
Steps = list[tuple[str, dict[str, str]]]
DOORS: dict[str, Steps] = {
    "password": [(LOGIN, {"login": "{}", "password": WRONG})],
    "code": [
        ("/accounts/login/code/", {"email": "{}"}),
        ("/accounts/login/code/confirm/", {"code": "AAAA-AAAA"}),
        ("/accounts/login/code/confirm/", {"action": "resend"}),
    ],
    "reset": [
        ("/accounts/password/reset/", {"email": "{}"}),
        ("/accounts/password/reset/confirm/", {"code": "AAAA-AAAA"}),
    ],
    "sign-up": [
        ("/accounts/signup/", {"name": "Any One", "email": "{}", "password1": PASSWORD}),
        ("/accounts/confirm-email/", {"code": "AAAA-AAAA", "action": "verify"}),
        ("/accounts/confirm-email/", {"action": "resend"}),
    ],
    "join": [
        ("/join/start/", {"name": "Any One", "email": "{}"}),
        ("/join/code/", {"code": "000000"}),
    ],
    "invitation": [("/invitations/{token}/code/", {})],
}


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each password hash that was computed."""
    counted: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(hashers.Argon2PasswordHasher, name)

        def count(self: Any, *args: Any, _real: Any = real, _name: str = name) -> Any:
            # Verifying in this hasher does not encode, and the other way round.
            counted.append(_name)
            return _real(self, *args)

        monkeypatch.setattr(hashers.Argon2PasswordHasher, name, count)
    return counted


@pytest.fixture
def token_for(organization: Organization, staff: Person) -> Callable[[str], str]:
    """The secret of an open invitation of an address."""

    def invite(address: str) -> str:
        invitation = invitations.issue(
            by=staff, organization=organization, address=address, role="colleague"
        )
        token = f"token-{invitation.pk}"
        invitation.token_sha256 = invitations.digest(token=token)
        invitation.save()
        return token

    return invite


def visible(response: HttpResponse, address: str, token: str) -> str:
    """The answer without what differs between any two visits."""
    text = response.content.decode().replace(escape(address), "ADDRESS").replace(token, "TOKEN")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def walk(door: str, address: str, typed: str, token: str, hashes: list[str]) -> list[object]:
    """What a stranger, and the machine, can tell after each step at this door."""
    browser, seen = Client(), []
    for path, fields in DOORS[door]:
        hashes.clear()
        mails = Message.objects.count()
        filled = {name: value.replace("{}", typed) for name, value in fields.items()}
        with CaptureQueriesContext(connection) as queries:
            response = browser.post(path.replace("{token}", token), filled, follow=True)
        assert response.status_code < 500
        seen.append(
            (
                path,
                response.status_code,
                [(url.replace(token, "TOKEN"), code) for url, code in response.redirect_chain],
                visible(visible_address(response, typed), address, token),
                sorted(response.headers),
                len(hashes),
                Message.objects.count() - mails,
                len(queries),
            )
        )
    return seen


def visible_address(response: Any, typed: str) -> Any:
    """The page gives back what was typed, as it was typed."""
    response.content = response.content.replace(escape(typed).encode(), b"ADDRESS")
    return response


@pytest.fixture
def kinds(ada: Person, noor: Person) -> dict[str, str]:
    """An address of each kind of account; all of one length."""
    closed = actions.create_person(
        actor=None, email="susa@lumen.example", name="Susa", email_confirmed=True
    )
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    factories.person("Una Unproved", email="una@lumen.example")
    return {
        "with a password": ada.email,
        "without a password": noor.email,
        "suspended": closed.email,
        "nobody": "eve@lumen.example",
    }


@pytest.mark.parametrize("is_at_limit", [False, True], ids=["open", "at the limit"])
@pytest.mark.parametrize("spelling", [str, str.upper, "  {} ".format], ids=["plain", "caps", "spaces"])
@pytest.mark.parametrize("door", DOORS)
def test_no_door_tells_who_has_an_account(
    door: str,
    spelling: Callable[[str], str],
    is_at_limit: bool,
    kinds: dict[str, str],
    token_for: Callable[[str], str],
    hashes: list[str],
) -> None:
    told = {}
    for kind, address in kinds.items():
        token = token_for(address)
        cache.clear()
        if is_at_limit:
            for _ in range(5):
                throttle.take("mail", address, (5, 3600))
                throttle.take("guess", f"127.0.0.1 {address}", (5, 300))
        told[kind] = walk(door, address, spelling(address), token, hashes)

    nobody = told.pop("nobody")
    for kind, seen in told.items():
        for step, expected in zip(seen, nobody, strict=True):
            assert step == expected, (door, kind)
