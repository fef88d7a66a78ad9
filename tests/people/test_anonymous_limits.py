"""What strangers may do at the doors: nobody learns who has an account, nobody is mailed without
end, and nobody is shut out by others."""

import re
import time
from collections.abc import Callable
from statistics import median
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

from common.http import throttling
from common.mail.models import Message
from members.onboarding.actions import invitations
from members.organizations.models import Organization
from members.people import actions
from members.people.models import Person
from tests.committed import together
from tests.people.conftest import PASSWORD
from tests.people.mailbox import code_in, mails_to
from workinggroups.groups import actions as groups
from workinggroups.groups.models import Group, GroupInvitation

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
        ("/join/code/", {"code": "AAAA-AAAA"}),
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
    browser = Client()
    seen: list[object] = []
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
    return {
        "with a password": ada.email,
        "without a password": noor.email,
        "suspended": closed.email,
        "nobody": "eve@lumen.example",
    }


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("spelling", "is_at_limit"), [(str, False), (" {} ".format, True)], ids=["open", "at the limit"]
)
def test_no_door_tells_who_has_an_account(
    door: str,
    spelling: Callable[[str], str],
    is_at_limit: bool,
    kinds: dict[str, str],
    token_for: Callable[[str], str],
    hashes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nothing is sent in this test, which a slow machine would have the pages tell as trouble.
    monkeypatch.setattr("common.mail.queries.TROUBLE_AFTER_SECONDS", 3600)
    notified = {}
    for kind, address in kinds.items():
        token = token_for(address)
        cache.clear()
        if is_at_limit:
            for _ in range(5):
                throttling.count_within_limits("mail", address, (5, 3600))
                throttling.count_within_limits("guess", f"127.0.0.1 {address}", (5, 300))
        notified[kind] = walk(door, address, spelling(address), token, hashes)

    nobody = notified.pop("nobody")
    for kind, seen in notified.items():
        for step, expected in zip(seen, nobody, strict=True):
            assert step == expected, (door, kind)


@pytest.mark.parametrize(("door", "rounds"), [("password", 5), ("code", 25), ("reset", 25)])
def test_no_door_takes_longer_for_one_kind_of_account_than_for_another(
    door: str, rounds: int, kinds: dict[str, str]
) -> None:
    """Medians of requests in turn. A hash that only one of them costs takes five times as long.

    Less than that is told by the test above: the same hashes, queries and mails.
    """
    path, fields = DOORS[door][0]
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(rounds + 1):
        for kind, address in kinds.items():
            cache.clear()
            filled = {name: value.replace("{}", address) for name, value in fields.items()}
            browser = Client()
            began = time.perf_counter()
            browser.post(path, filled)
            if number:  # the first of each finds nothing prepared
                took[kind].append(time.perf_counter() - began)

    medians = {kind: median(each) for kind, each in took.items()}
    assert max(medians.values()) < 3 * min(medians.values()), medians


ALL_DOORS: list[tuple[str, dict[str, str]]] = [
    ("/accounts/login/code/", {"email": "{}"}),
    ("/accounts/password/reset/", {"email": "{}"}),
    ("/accounts/signup/", {"name": "Any One", "email": "{}", "password1": PASSWORD}),
    ("/join/start/", {"name": "Any One", "email": "{}"}),
    ("/invitations/{token}/code/", {}),
]


def knock(browser: Client, path: str, fields: dict[str, str], address: str, token: str) -> int:
    filled = {name: value.replace("{}", address) for name, value in fields.items()}
    return browser.post(path.replace("{token}", token), filled).status_code


def test_all_doors_together_mail_one_address_five_times_an_hour(
    ada: Person, token_for: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_800_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    token = token_for(ada.email)
    for hour in range(5):
        for number, (path, fields) in enumerate([*ALL_DOORS, ALL_DOORS[0]]):
            browser = Client(REMOTE_ADDR=f"10.0.{hour}.{number}")
            spelling = ada.email.upper() if number % 2 else ada.email
            assert knock(browser, path, fields, spelling, token) == 302
        mails = Message.objects.filter(to_address=ada.email).exclude(kind="invitation")
        assert mails.count() == min(5 * (hour + 1), 20)
        now[0] += 3600


def test_what_strangers_ask_for_shuts_no_owner_out(client: Client, ada: Person) -> None:
    client.post(LOGIN, {"login": ada.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for path, fields in ALL_DOORS[:4] * 2:
        knock(stranger, path, fields, ada.email, "")
    for _ in range(6):
        stranger.post(LOGIN, {"login": ada.email, "password": WRONG})
    Message.objects.all().delete()

    client.post("/accounts/login/code/", {"email": ada.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mails_to(ada.email)[-1])})
    assert client.get("/settings/").status_code == 200
    client.post("/accounts/logout/")
    client.post(LOGIN, {"login": ada.email, "password": PASSWORD})
    assert client.get("/settings/").status_code == 200
    for _ in range(25):
        client.post("/accounts/confirm/code/", {"send": "1"})
    assert Message.objects.filter(to_address=ada.email).count() <= 20


def test_wrong_guesses_from_elsewhere_lock_no_owner_out_and_are_bounded_together(
    client: Client, ada: Person
) -> None:
    def guess(visitor: str, password: str) -> str:
        browser = Client(REMOTE_ADDR=visitor)
        page = browser.post(LOGIN, {"login": ada.email, "password": password})
        return "in" if page.status_code == 302 else page.content.decode()

    client.post(LOGIN, {"login": ada.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    for _ in range(5):
        guess("203.0.113.1", WRONG)
    assert "Too many attempts." in guess("203.0.113.1", PASSWORD)
    assert guess("203.0.113.2", PASSWORD) == "in"
    for number in range(45):
        throttling.count_within_limits("guess-from-all", ada.email, (50, 3600), act=str(number))
    assert "Too many attempts." in guess("203.0.113.3", PASSWORD)

    response = client.post(LOGIN, {"login": ada.email, "password": PASSWORD})

    assert response.status_code == 302


def test_somebody_elses_cookie_makes_no_browser_known(client: Client, ada: Person) -> None:
    client.post(LOGIN, {"login": ada.email, "password": PASSWORD})
    known = client.cookies["browser"].value
    forged = Client()
    forged.cookies["browser"] = known[:-1] + ("A" if known[-1] != "A" else "B")
    for _ in range(5):
        forged.post(LOGIN, {"login": ada.email, "password": WRONG})

    answer = forged.post(LOGIN, {"login": ada.email, "password": PASSWORD})

    assert "Too many attempts." in answer.content.decode()
    assert client.cookies["browser"]["httponly"]


def test_the_invited_behind_one_address_all_get_in(
    token_for: Callable[[str], str], db: None
) -> None:
    for number in range(25):
        address = f"guest{number}@lumen.example"
        token, browser = token_for(address), Client()
        browser.post(reverse("invitation-code", args=[token]))
        (mail,) = [
            mail for mail in mails_to(address) if re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.text)
        ]
        found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.text)
        assert found
        browser.post(reverse("invitation-code", args=[token]), {"code": found.group()})

        assert "_auth_user_id" in browser.session


def test_those_invited_into_a_group_sign_up_behind_one_address(chair: Person, group: Group) -> None:
    """Their mail tells them to sign up, all from the network of one institute, in one minute."""
    for number in range(23):
        groups.invite(actor=chair, group=group, address=f"guest{number}@lumen.example")
    GroupInvitation.objects.filter(address="guest22@lumen.example").update(state="withdrawn")
    for number in range(23):
        address, browser = f"Guest{number}@lumen.example", Client()
        fields = {"name": f"Guest {number}", "email": address, "password1": PASSWORD}
        assert browser.post("/accounts/signup/", fields).status_code == 302
        if number == 22:
            break
        code = code_in(mails_to(address.lower())[-1])
        browser.post("/accounts/confirm-email/", {"code": code, "action": "verify"})

        assert "_auth_user_id" in browser.session

    assert not mails_to("guest22@lumen.example")


def test_what_a_visitor_is_mailed_tells_nobody_who_is_invited(chair: Person, group: Group) -> None:
    """Else: 19 mails to addresses of one's own, one to somebody else's, and see if one more comes."""
    groups.invite(actor=chair, group=group, address="guest@lumen.example")
    Message.objects.all().delete()
    for asked in ("guest@lumen.example", "nobody@lumen.example"):
        cache.clear()
        own = [f"own{number}@lumen.example" for number in range(19)]
        for address in [*own, asked, "last@lumen.example", "one-more@lumen.example"]:
            Client().post("/accounts/login/code/", {"email": address})

        assert Message.objects.filter(to_address__startswith="own").count() == 19
        assert not Message.objects.filter(to_address__startswith="last").exists()
        Message.objects.all().delete()


@pytest.mark.parametrize("is_at_limit", [False, True])
@pytest.mark.parametrize("door", ["code", "reset", "sign-up", "join"])
def test_no_door_tells_who_is_invited(
    door: str,
    is_at_limit: bool,
    ada: Person,
    noor: Person,
    chair: Person,
    group: Group,
    hashes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("common.mail.queries.TROUBLE_AFTER_SECONDS", 3600)
    for address in ("ivo@lumen.example", noor.email):
        groups.invite(actor=chair, group=group, address=address)
    notified = {}
    for address in ("ivo@lumen.example", ada.email, noor.email, "eve@lumen.example"):
        cache.clear()
        if is_at_limit:
            for _ in range(20):
                throttling.count_within_limits("mail-visitor", "127.0.0.1", (20, 3600))
                throttling.count_within_limits("mail", address, (5, 3600))
        notified[address] = walk(door, address, address, "no-token", hashes)

    expected = notified.pop("eve@lumen.example")
    for address, seen in notified.items():
        assert seen == expected, address


def test_one_visitor_mails_twenty_strangers_an_hour(db: None) -> None:
    for number in range(22):
        Client().post("/join/start/", {"name": "A", "email": f"a{number}@lumen.example"})

    assert Message.objects.count() == 20


def test_counts_at_once_let_no_more_through(committed_db: str) -> None:
    cache.clear()

    outcomes = together(
        *[lambda: throttling.count_within_limits("mail", "ada@lumen.example", (5, 60))] * 16
    )

    assert outcomes.count(0) == 5


@pytest.mark.parametrize("door", [door for door in DOORS if door != "invitation"])
def test_addresses_too_long_for_a_mail_are_refused_in_words(door: str, db: None) -> None:
    (path, fields), *_more = DOORS[door]
    name = next(name for name, value in fields.items() if value == "{}")
    for address in (
        *("a@" + "b." * 124 + "example", "a@" + ".".join(["b" * 60] * 5) + ".example"),
        *('"a\\ b"@lumen.example', '"a\\@b"@lumen.example'),
    ):
        response = Client().post(path, {**fields, name: address})

        assert response.status_code in {200, 422}
        assert response.context["form"].errors[name]
