"""Staff look after accounts; for everybody else these pages do not exist."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.people import actions, api_tokens
from members.people.models import ApiToken, Person
from members.people.tasks import purge_expired
from tests.people.mailbox import code_in, mails_to

Browsers = Callable[..., Client]
LIST = "/staff/accounts/"


@pytest.mark.parametrize("path", [LIST, LIST + "{uuid}/"])
def test_pages_exist_for_staff_only(
    client_of: Browsers, staff: Person, ada: Person, path: str
) -> None:
    path = path.format(uuid=ada.uuid)

    assert client_of(staff).get(path).status_code == 200
    assert client_of(ada).get(path).content == client_of(ada).get("/no/such/").content
    assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_account_is_found_by_part_of_name_or_address(
    client_of: Browsers, staff: Person, ada: Person, noor: Person
) -> None:
    browser = client_of(staff)

    for words in ("ekstrom", "EKSTRÖM", "ada@"):
        page = browser.get(LIST, {"q": words}).content.decode()
        assert ada.email in page, words
        assert noor.email not in page, words
    assert "No accounts found." in browser.get(LIST, {"q": "nobody at all"}).content.decode()


def test_last_seen_is_known_from_the_first_sign_in(
    client: Client, client_of: Browsers, staff: Person, noor: Person, ada: Person
) -> None:
    client.post("/accounts/login/code/", {"email": noor.email})
    code = code_in(mails_to(noor.email)[-1])
    client.post("/accounts/login/code/confirm/", {"code": code})

    assert "Never" not in client_of(staff).get(f"{LIST}{noor.uuid}/").content.decode()
    assert "Never" in client_of(staff).get(f"{LIST}{ada.uuid}/").content.decode()


def test_suspending_by_its_page_and_back(client_of: Browsers, staff: Person, ada: Person) -> None:
    browser = client_of(staff)
    page = f"{LIST}{ada.uuid}/"

    browser.post(page + "suspend/")
    assert "This account was suspended on" in browser.get(page).content.decode()
    assert browser.post(page + "suspend/").status_code == 409
    browser.post(page + "restore/")

    ada.refresh_from_db()
    assert ada.is_active


def test_suspending_wants_a_recent_sign_in(client_of: Browsers, staff: Person, ada: Person) -> None:
    response = client_of(staff, recent=False).post(f"{LIST}{ada.uuid}/suspend/")

    assert response["Location"].startswith("/accounts/confirm/")
    ada.refresh_from_db()
    assert ada.is_active


def test_nobody_else_suspends(client_of: Browsers, ada: Person, noor: Person) -> None:
    assert client_of(noor).post(f"{LIST}{ada.uuid}/suspend/").status_code == 404
    ada.refresh_from_db()
    assert ada.is_active


def test_staff_ends_a_token(client_of: Browsers, staff: Person, ada: Person) -> None:
    from datetime import timedelta

    token, _secret = api_tokens.create_token(
        actor=ada, name="Laptop", scopes=["read"], valid=timedelta(days=1)
    )
    path = f"{LIST}{ada.uuid}/tokens/{token.uuid}/revoke/"

    assert client_of(ada).post(path).status_code == 404
    client_of(staff).post(path)

    assert not ApiToken.objects.exists()


def test_list_costs_the_same_for_two_and_twenty(client_of: Browsers, staff: Person) -> None:
    browser = client_of(staff)
    counts = []
    for first, last in ((0, 2), (2, 20)):
        for number in range(first, last):
            actions.create_person(
                actor=None, email=f"p{number}@lumen.example", name=f"Person {number}"
            )
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(LIST).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15


def test_api_says_who_calls(client_of: Browsers, ada: Person) -> None:
    assert Client().get("/api/v1/me/").status_code == 401

    me = client_of(ada).get("/api/v1/me/").json()

    assert me["email"] == "ada@lumen.example"
    assert set(me) == {
        "uuid", "name", "email", "time_zone", "language", "in_directory", "joined_at"
    }  # fmt: skip


def test_what_has_ended_is_swept_away(ada: Person) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from members.people.models import Session

    now = timezone.now()
    Session.objects.create(session_key="old", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(days=1))
    token, _secret = api_tokens.create_token(
        actor=ada, name="x", scopes=["read"], valid=timedelta(days=1)
    )
    ApiToken.objects.filter(pk=token.pk).update(expiry=now - timedelta(seconds=1))

    purge_expired()

    assert [row.session_key for row in Session.objects.all()] == ["new"]
    assert not ApiToken.objects.exists()
