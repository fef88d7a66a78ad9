"""Personal tokens: shown once, never stronger than their owner, ended at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people import actions, api_tokens
from members.people.models import ApiToken, Person
from tests.people.mailbox import mails_to
from tests.people.test_sign_in import sign_in_by_password

pytestmark = pytest.mark.urls("tests.http.urls")
NOTES = "/api/v1/notes/"


def make(person: Person, *scopes: str, days: int = 30) -> tuple[ApiToken, str]:
    return api_tokens.create_token(
        actor=person, name="Laptop", scopes=list(scopes or ["read"]), valid=timedelta(days=days)
    )


def status(secret: str, method: str = "get") -> int:
    call = getattr(Client(), method)
    headers = {"Authorization": f"Bearer {secret}"}
    return (
        int(
            call(
                NOTES, {"title": "x"}, headers=headers, content_type="application/json"
            ).status_code
        )
        if method != "get"
        else int(call(NOTES, headers=headers).status_code)
    )


def test_token_acts_for_its_owner(ada: Person) -> None:
    _token, secret = make(ada)

    response = Client().get(NOTES, headers={"Authorization": f"Bearer {secret}"})

    assert response.json() == {"person": "Ada Ekström"}


def test_secret_is_shown_once_and_stored_as_a_digest(client: Client, ada: Person) -> None:
    sign_in_by_password(client, ada)

    made = client.post("/settings/tokens/", {"name": "Laptop", "scopes": "read", "days": "30"})

    secret = str(made.context["secret"])
    assert secret.startswith("alliance_")
    assert made["Cache-Control"] == "private, no-store"
    assert secret.encode() in made.content
    assert secret.encode() not in client.get("/settings/tokens/").content
    assert secret not in str(ApiToken.objects.values().get())
    assert status(secret) == 200
    assert "token" in mails_to(ada.email)[-1].subject


def test_read_token_cannot_write(ada: Person) -> None:
    assert status(make(ada, "read")[1], "post") == 403
    assert status(make(ada, "read", "write")[1], "post") == 201


def test_revoked_expired_and_owners_end(ada: Person) -> None:
    token, secret = make(ada)
    api_tokens.revoke_token(actor=ada, token=token)
    assert status(secret) == 401

    token, secret = make(ada)
    ApiToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    assert status(secret) == 401

    _token, secret = make(ada)
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert status(secret) == 401


def test_token_of_somebody_else_does_not_exist(client: Client, ada: Person, noor: Person) -> None:
    token, _secret = make(noor)
    sign_in_by_password(client, ada)

    assert client.post(f"/settings/tokens/{token.uuid}/revoke/").status_code == 404
    with pytest.raises(NotAllowed):
        api_tokens.revoke_token(actor=ada, token=token)
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_staff_revokes_the_token_of_another(ada: Person, noor: Person) -> None:
    token, secret = make(noor)
    ada = actions.make_staff(person=ada)

    api_tokens.revoke_token(actor=ada, token=token)

    assert status(secret) == 401
    assert Record.objects.get(verb="revoked").actor_uuid == ada.uuid


def test_last_use_is_noted_but_not_on_every_call(ada: Person) -> None:
    token, secret = make(ada)
    status(secret)
    token.refresh_from_db()
    first = token.last_used_at

    status(secret)

    token.refresh_from_db()
    assert first is not None
    assert token.last_used_at == first


@pytest.mark.parametrize("valid", [timedelta(), timedelta(days=366), timedelta(days=-1)])
def test_token_lasts_a_year_at_most(ada: Person, valid: timedelta) -> None:
    with pytest.raises(Invalid) as refused:
        api_tokens.create_token(actor=ada, name="x", scopes=["read"], valid=valid)

    assert refused.value.field == "days"


def test_database_refuses_a_token_for_longer_than_a_year(ada: Person) -> None:
    with pytest.raises(IntegrityError):
        ApiToken.objects.create(user=ada, expiry=timedelta(days=400), name="x", scopes=["read"])


def test_token_needs_a_known_scope_and_a_name(ada: Person) -> None:
    for name, scopes, field in (
        ("x", [], "scopes"),
        ("x", ["all"], "scopes"),
        (" ", ["read"], "name"),
    ):
        with pytest.raises(Invalid) as refused:
            api_tokens.create_token(actor=ada, name=name, scopes=scopes, valid=timedelta(days=1))
        assert refused.value.field == field


def test_twenty_first_token_is_refused(client: Client, ada: Person) -> None:
    for _ in range(20):
        make(ada)

    with pytest.raises(WrongState):
        make(ada)
    sign_in_by_password(client, ada)
    page = client.post("/settings/tokens/", {"name": "One more", "scopes": "read", "days": "30"})
    assert "You have 20 tokens" in page.content.decode()
    assert 'value="One more"' in page.content.decode()


def test_list_of_tokens_costs_the_same_for_two_and_twenty(client: Client, ada: Person) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in_by_password(client, ada)
    counts = []
    for more in (2, 18):
        for _ in range(more):
            make(ada)
        with CaptureQueriesContext(connection) as queries:
            client.get("/settings/tokens/")
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15
