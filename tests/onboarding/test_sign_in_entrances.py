"""Every door that signs somebody in, and each way to end what it began from elsewhere."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from common.mail.models import Message
from members.people import actions, api_tokens, urls
from members.people.models import ApiToken, Person, Session
from tests import factories
from tests.browser import BACKEND, signed_in
from tests.committed import together
from tests.onboarding.test_pages import code_in, mail_to
from tests.people import mailbox
from tests.people.conftest import PASSWORD
from tests.people.test_sign_in import set_up_totp, sign_in_by_password, signed_in_as, totp

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "ada@lumen.example"


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


@pytest.fixture
def ada(db: None) -> Person:
    return actions.create_person(
        actor=None, email=ADDRESS, name="Ada Ekström", password=PASSWORD, email_confirmed=True
    )


# --- the doors: each signs one person in in a new browser ------------------------------------------


def by_password() -> Client:
    _ada()
    client = Client()
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    return client


def by_mailed_code() -> Client:
    _ada()
    client = Client()
    client.post("/accounts/login/code/", {"email": ADDRESS})
    code = mailbox.code_in(mailbox.mails_to(ADDRESS)[-1])
    client.post("/accounts/login/code/confirm/", {"code": code, "action": "verify"})
    return client


def by_second_factor() -> Client:
    person = _ada()
    first = Client()
    sign_in_by_password(first, person)
    secret = set_up_totp(first)
    cache.clear()  # A code works once; the clock has not moved since the set-up.
    client = Client()
    sign_in_by_password(client, person)
    client.post("/accounts/second-factor/", {"code": totp(secret)})
    return client


def by_signing_up() -> Client:
    client = Client()
    fields = {"name": "Ada Ekström", "email": ADDRESS, "password1": PASSWORD}
    client.post("/accounts/signup/", fields)
    code = mailbox.code_in(mailbox.mails_to(ADDRESS)[-1])
    client.post("/accounts/confirm-email/", {"code": code, "action": "verify"})
    return client


def by_applying() -> Client:
    client = Client()
    client.post(reverse("join-start"), {"name": "Ada Ekström", "email": ADDRESS})
    client.post(reverse("join-code"), {"code": code_in(mail_to(ADDRESS, "sign_in_code"))})
    return client


def by_invitation() -> Client:
    return _invited(password="")


def by_invitation_with_a_password() -> Client:
    return _invited(password=PASSWORD)


@override_settings(DEVELOPMENT=True)
def by_development_page() -> Client:
    actions.create_person(
        actor=None, email="chair@lumen.example", name="Ines Duarte", email_confirmed=True
    )
    client = Client()
    client.post("/dev/sign-in/", {"role": "chair"})
    return client


def _ada() -> Person:
    return actions.create_person(
        actor=None, email=ADDRESS, name="Ada Ekström", password=PASSWORD, email_confirmed=True
    )


def _invited(password: str) -> Client:
    aurora = factories.organization("Aurora Labs")
    by = factories.member_of(aurora, "Rea Representative")
    factories.invitation(aurora, ADDRESS, by, token="a-secret-of-the-mail")
    page = reverse("invitation", args=["a-secret-of-the-mail"])
    client = Client()
    client.post(f"{page}code/")
    client.post(f"{page}code/", {"code": code_in(mail_to(ADDRESS, "sign_in_code"))})
    client.post(page, {"name": "Ada Ekström", "zone": "UTC", "password": password})
    return client


# Each door with the function of ours that it comes through, where it is not a page of allauth.
DOORS: dict[Callable[[], Client], str] = {
    by_password: "account_login",
    by_mailed_code: "account_confirm_login_code",
    by_second_factor: "mfa_authenticate",
    by_signing_up: "account_email_verification_sent",
    by_applying: "members/onboarding/views/joining.py:code sign_in",
    by_invitation: "members/onboarding/views/invitations.py:invitation_code sign_in",
    by_invitation_with_a_password: "members/onboarding/views/invitations.py:_accept stay_signed_in",
    by_development_page: "demo/views.py:sign_in sign_in_at_once",
}
# A page of the entrance that is a function of ours as well.
OWN_PAGES = {"members/people/views/codes.py:confirm_address sign_in"}
# Pages of the entrance that sign nobody in.
NO_DOORS = {
    "account_request_login_code",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "person_confirm_by_code",
}


def person_in(client: Client) -> Person:
    row = Session.objects.select_related("person").get(session_key=client.session.session_key)
    assert row.person is not None
    return row.person


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_what_a_door_began_is_listed_and_ended_from_elsewhere(door: Callable[[], Client]) -> None:
    client = door()
    elsewhere = Client(headers={"User-Agent": "Elsewhere"})
    elsewhere.force_login(person_in(client), backend=BACKEND)
    listed = elsewhere.get("/settings/sign-ins/").context["sign_ins"]
    key = client.session.session_key

    elsewhere.post("/settings/sign-ins/")

    assert key in {sign_in.session_key for sign_in in listed}
    assert [row.session_key for row in Session.objects.filter(person=person_in(elsewhere))] == [
        elsewhere.session.session_key
    ]
    assert signed_in_as(client).startswith("/accounts/login/")
    assert not signed_in_as(elsewhere).startswith("/accounts/login/")


def test_every_door_is_tried_above() -> None:
    """Whoever adds a page that signs in adds its door; and only one file calls the library."""
    sign_ins = {"sign_in", "sign_in_at_once", "stay_signed_in"}
    library = {"login", "alogin", "perform_login", "update_session_auth_hash", "force_login"}
    callers, library_callers = set(), set()
    apps = ["alliance", "catalogue", "common", "demo", "members", "notifications", "workinggroups"]
    for path in [path for app in apps for path in (ROOT / app).rglob("*.py")]:
        where = str(path.relative_to(ROOT))
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    if name in sign_ins:
                        callers.add(f"{where}:{function.name} {name}")
                    elif name in library:
                        library_callers.add(where)

    names = {str(pattern.name) for pattern in urls.entrance}

    assert library_callers == {"members/people/sign_in.py"}
    assert callers == OWN_PAGES | {door for door in DOORS.values() if ":" in door}
    assert names - NO_DOORS == {door for door in DOORS.values() if ":" not in door}


# --- the ends --------------------------------------------------------------------------------------


def set_up_a_second_factor(person: Person) -> None:
    # allauth says that it is set up once the transaction is committed.
    with TestCase.captureOnCommitCallbacks(execute=True):
        set_up_totp(signed_in(person))


def suspend_and_restore(person: Person) -> None:
    staff = factories.person("Sade Staff", staff=True)
    actions.suspend(actor=staff, person=person)
    # A sign-in that was under way just then.
    Client().force_login(person, backend=BACKEND)
    actions.restore(actor=staff, person=Person.objects.get(pk=person.pk))


def change_the_password(person: Person) -> None:
    new = "another long enough phrase"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert signed_in(person).post("/settings/password/", fields).status_code == 302


def reset_the_password(person: Person) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": person.email})
    code = mailbox.code_in(mailbox.mails_to(person.email)[-1])
    client.post("/accounts/password/reset/confirm/", {"code": code})
    new = "another long enough phrase"
    done = client.post("/accounts/password/reset/complete/", {"password1": new, "password2": new})
    assert done.status_code == 302
    assert signed_in_as(client).startswith("/accounts/login/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "end",
    [set_up_a_second_factor, suspend_and_restore, change_the_password, reset_the_password],
    ids=lambda end: end.__name__,
)
def test_no_sign_in_outlives_what_ends_it(end: Callable[[Person], None]) -> None:
    client = by_invitation_with_a_password()
    person = person_in(client)
    unseen = Client()  # Came in by no door of ours, and so is in no list that a door might keep.
    unseen.force_login(person, backend=BACKEND)

    end(person)

    for browser in (client, unseen):
        assert signed_in_as(browser).startswith("/accounts/login/")


@pytest.mark.django_db
def test_tokens_of_a_suspended_person_do_not_come_back(ada: Person) -> None:
    from datetime import timedelta

    staff = factories.person("Sade Staff", staff=True)
    _token, secret = api_tokens.create_token(
        actor=ada, name="Laptop", scopes=["read"], valid=timedelta(days=1)
    )

    actions.suspend(actor=staff, person=ada)
    actions.restore(actor=staff, person=ada)

    bearer = {"Authorization": f"Bearer {secret}"}
    assert Client(headers=bearer).get("/api/v1/me/").status_code == 401
    assert not ApiToken.objects.exists()


# --- guesses ---------------------------------------------------------------------------------------


def test_of_sixteen_guesses_at_once_three_are_compared(committed_db: str) -> None:
    person = actions.create_person(
        actor=None, email="noor@lumen.example", name="نور حداد", email_confirmed=True
    )
    confirming, entering = Client(), Client()
    confirming.force_login(person, backend=BACKEND)
    confirming.post("/accounts/confirm/code/", {"send": "1"})
    entering.post("/accounts/login/code/", {"email": person.email})
    assert Message.objects.filter(to_address=person.email).count() == 2

    for client, page in (
        (confirming, "/accounts/confirm/code/"),
        (entering, "/accounts/login/code/confirm/"),
    ):
        answers = together(*[_guess(client, page) for _ in range(16)])

        said = [answer.content.decode() for answer in answers if answer.status_code != 302]
        compared = sum("This is not the code we sent." in page for page in said)
        # allauth's page ends the attempt with the third wrong code, without showing it again.
        assert compared == (3 if client is confirming else 2), page


def _guess(client: Client, page: str) -> Callable[[], object]:
    browser = Client()
    browser.cookies = client.cookies.copy()
    return lambda: browser.post(page, {"code": "AAAA-AAAA", "action": "verify"})


def test_every_page_that_takes_a_code_counts_one_by_one() -> None:
    taking = {
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_confirm_password_reset_code",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "person_confirm_by_code",
    }
    marked = {
        str(pattern.name)
        for pattern in urls.entrance
        if getattr(pattern.callback, "guesses_one_by_one", False)
    }

    assert marked == taking
