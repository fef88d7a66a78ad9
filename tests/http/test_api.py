"""The API's ground: closed by default, strict, and one shape of error."""

import pytest
from django.test import Client

from members.people.models import Person, Session

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]
NOTES = "/api/v1/notes/"


@pytest.fixture
def api(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def post(api: Client, data: object, **headers: str) -> tuple[int, dict[str, object]]:
    response = api.post(NOTES, data, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def test_endpoint_without_a_rule_serves_nobody(api: Client) -> None:
    assert api.get("/api/v1/closed/").status_code == 403


def test_stranger_is_asked_for_a_token(client: Client) -> None:
    response = client.get(NOTES)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_unknown_key_is_refused_by_name(api: Client) -> None:
    status, problem = post(api, {"title": "a", "tittle": "b"})

    assert status == 400
    assert problem["errors"] == [{"field": "tittle", "message": "Unknown field."}]


def test_each_wrong_field_is_named(api: Client) -> None:
    status, problem = post(api, {"title": "x" * 21, "count": 5000})

    assert status == 400
    assert {error["field"] for error in problem["errors"]} == {"title", "count"}  # type: ignore[attr-defined]


def test_unknown_filter_is_refused_by_name(api: Client) -> None:
    response = api.get(NOTES + "?stat=open")

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "stat"


def test_nonexistent_address_is_a_problem_without_detail(api: Client) -> None:
    response = api.get("/api/v1/nothing/here/")

    assert response.json() == {"type": "about:blank", "title": "Not Found", "status": 404}


def test_hidden_and_nonexistent_are_the_same_problem(api: Client) -> None:
    assert api.get(NOTES + "missing/").content == api.get("/api/v1/nothing/").content


def test_same_idempotency_key_creates_once(api: Client) -> None:
    before = Session.objects.count()

    first = post(api, {"title": "a"}, **{"Idempotency-Key": "k1"})
    second = post(api, {"title": "a"}, **{"Idempotency-Key": "k1"})

    assert first == second
    assert first[0] == 201
    assert Session.objects.count() == before + 1


def test_idempotency_key_is_bound_to_its_request(api: Client) -> None:
    post(api, {"title": "a"}, **{"Idempotency-Key": "k1"})

    assert post(api, {"title": "b"}, **{"Idempotency-Key": "k1"})[0] == 422


def test_refused_request_leaves_its_key_free(api: Client) -> None:
    assert post(api, {"title": ""}, **{"Idempotency-Key": "k1"})[0] == 400

    assert post(api, {"title": "a"}, **{"Idempotency-Key": "k1"})[0] == 201


def test_unsafe_call_by_cookie_wants_the_token(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    response = client.post(NOTES, {"title": "a"}, content_type="application/json")

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
