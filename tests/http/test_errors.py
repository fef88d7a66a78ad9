"""Each error has one answer: a page, a fragment or a problem, with the way out in words."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from common.http.errors import is_outage
from members.people.models import Person

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]

CASES = [
    ("not-allowed", 403, "Only the chair can do this."),
    ("wrong-state", 409, "The ballot is closed."),
    ("conflict", 409, "Somebody saved meanwhile."),
    ("invalid", 400, "Type a title."),
    ("too-many", 429, "Wait a little."),
    ("denied", 403, "Staff only."),
    ("database", 503, "One of our servers is not responding."),
    ("cut-off", 503, "One of our servers is not responding."),
    ("valkey", 503, "One of our servers is not responding."),
]


@pytest.mark.parametrize(("how", "status", "sentence"), CASES)
def test_page_says_what_happened(browser: Client, how: str, status: int, sentence: str) -> None:
    response = browser.get(f"/fail/{how}/")

    assert response.status_code == status
    assert sentence in response.content.decode()
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize(("how", "status", "sentence"), CASES)
def test_htmx_gets_a_fragment(browser: Client, how: str, status: int, sentence: str) -> None:
    response = browser.get(f"/fail/{how}/", headers={"HX-Request": "true"})

    assert response.status_code == status
    assert sentence in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(
    ("how", "status", "sentence"), [case for case in CASES if case[1] not in (503,)]
)
def test_api_gets_a_problem(
    browser: Client, person: Person, how: str, status: int, sentence: str
) -> None:
    browser.force_login(person)

    response = browser.get(f"/api/v1/notes/{how}/")

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert response.json()["detail"].startswith(sentence.split(" and ")[0][:25])


@pytest.mark.parametrize("how", ["validation", "data"])
@pytest.mark.parametrize("address", ["/fail/{}/", "/api/v1/notes/{}/"])
def test_a_value_that_no_form_stopped_is_a_fault_of_ours(
    browser: Client, person: Person, how: str, address: str
) -> None:
    browser.raise_request_exception = False
    browser.force_login(person)

    response = browser.get(address.format(how))

    assert response.status_code == 500
    assert "This is no id." not in response.content.decode()


def test_invalid_names_its_field_in_the_api(browser: Client, person: Person) -> None:
    browser.force_login(person)

    problem = browser.get("/api/v1/notes/invalid/").json()

    assert problem["errors"] == [{"field": "title", "message": "Type a title."}]


@pytest.mark.parametrize("how", ["database", "cut-off", "valkey"])
def test_api_says_when_to_come_back(browser: Client, person: Person, how: str) -> None:
    browser.force_login(person)

    response = browser.get(f"/api/v1/notes/{how}/")

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0


def test_limits_and_outages_say_when_to_come_back(browser: Client) -> None:
    assert browser.get("/fail/too-many/")["Retry-After"] == "30"
    assert browser.get("/fail/database/")["Retry-After"] == "10"


def test_lost_database_in_middleware_is_503_too(browser: Client) -> None:
    response = browser.get("/fail-in-middleware/")

    assert response.status_code == 503
    assert response["Retry-After"] == "10"


def test_broken_page_is_500_with_a_reference_and_nothing_of_the_error(browser: Client) -> None:
    response = browser.get("/fail/broken/")

    page = response.content.decode()
    assert response.status_code == 500
    assert response["X-Request-Id"] in page
    assert "hunter2" not in page


def test_hidden_and_nonexistent_are_the_same_bytes(browser: Client, person: Person) -> None:
    hidden = browser.get("/fail/missing/").content
    nonexistent = browser.get("/no/such/page/?with=query").content
    browser.force_login(person)
    signed_in = browser.get("/fail/missing/").content

    assert hidden == nonexistent == signed_in
    assert b"csrf" not in hidden
    assert b"secret-plans" not in hidden


def test_post_keeps_what_was_typed(browser: Client) -> None:
    text = "Clause 4 <b>must</b> stay.\nSecond line."

    response = browser.post("/fail/conflict/", {"text": text, "password": "hunter2 hunter2"})

    page = response.content.decode()
    assert "Clause 4 &lt;b&gt;must&lt;/b&gt; stay.\nSecond line." in page
    assert "hunter2" not in page


def test_method_is_refused_before_anybody_is_asked_who_they_are(browser: Client) -> None:
    for method in ("put", "patch", "delete", "options", "trace"):
        response = getattr(browser, method)("/write/")
        assert response.status_code == 405, method
        assert response["Allow"] == "GET, HEAD, POST"
    assert browser.delete("/api/v1/notes/")["Content-Type"] == "application/problem+json"


def test_a_read_only_database_is_an_outage_and_a_fault_inside_it_is_none() -> None:
    def raised(statements: str) -> BaseException:
        with (
            pytest.raises(DatabaseError) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statements)
        return caught.value

    read_only = raised("SET TRANSACTION READ ONLY; CREATE TABLE kept (word text)")
    too_deep = raised(f"SELECT websearch_to_tsquery('{'-' * 500}')")

    assert is_outage(read_only)
    assert not is_outage(too_deep)
