"""Logs are JSON, know the request, and keep secrets to themselves."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from common.http.logs import JsonFormatter, RequestIdFilter
from members.people.models import Person
from tests.people.conftest import PASSWORD

pytestmark = [pytest.mark.urls("tests.http.urls"), pytest.mark.django_db]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything the production format writes during the test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_request_line_names_the_route_and_not_the_path(
    browser: Client, written: io.StringIO
) -> None:
    response = browser.get("/fail/not-allowed/?token=s3cret")

    (line,) = [line for line in lines(written) if line["logger"] == "alliance.request"]
    assert line["route"] == "fail/<slug:how>/"
    assert line["status"] == 403
    assert line["request_id"] == response["X-Request-Id"]
    assert "s3cret" not in written.getvalue()
    assert "not-allowed" not in written.getvalue()


def test_passwords_and_codes_are_never_written(browser: Client, written: io.StringIO) -> None:
    browser.post("/accounts/login/", {"login": "ada@lumen.example", "password": PASSWORD})
    browser.post("/fail/broken/", {"password": PASSWORD, "code": "ABCD-EFGH"})

    text = written.getvalue()
    assert PASSWORD not in text
    assert "ABCD-EFGH" not in text
    assert "ada@lumen.example" not in text


def test_fault_is_written_with_its_place(browser: Client, written: io.StringIO) -> None:
    response = browser.get("/fail/broken/")

    (fault,) = [line for line in lines(written) if "trace" in line]
    assert fault["level"] == "error"
    assert fault["request_id"] == response["X-Request-Id"]
    assert any("tests/http/urls.py" in str(frame) for frame in fault["trace"])  # type: ignore[attr-defined]


def test_rows_quoted_by_the_database_are_not_written(
    browser: Client, written: io.StringIO, person: Person
) -> None:
    """PostgreSQL's second line repeats the row that offends."""
    from django.db import IntegrityError, transaction

    try:
        with transaction.atomic():
            Person.objects.create(email="ADA@lumen.example", name="Twin")
    except IntegrityError:
        logging.getLogger("alliance.test").exception("A row was refused.")

    text = written.getvalue()
    assert "person_email_unique" in text
    assert "lumen.example" not in text.lower()


def test_rows_quoted_in_the_errors_of_tasks_are_not_written(written: io.StringIO) -> None:
    """Celery writes the text of the error, and that of the trace, into its own line."""
    from celery import shared_task
    from django.db import IntegrityError

    @shared_task(name="tests.breaks")
    def breaks() -> None:
        raise IntegrityError("duplicate key\nDETAIL: Key (email)=(ada@lumen.example) exists.")

    breaks.apply()

    text = written.getvalue()
    assert "tests.breaks" in text
    assert "IntegrityError" in text
    assert "lumen.example" not in text


@pytest.mark.parametrize("much", ["fields", "fields as files", "files"])
def test_a_form_of_too_many_parts_is_told_so_and_fills_no_log(
    browser: Client, written: io.StringIO, much: str
) -> None:
    if much == "files":
        data: dict[str, object] = {f"f{i}": io.BytesIO(b"x") for i in range(11)}
    else:
        data = {f"f{i}": "x" for i in range(501)}
    if much == "fields":
        body = "&".join(f"{name}=x" for name in data)
        answer = browser.generic(
            "POST", "/echo/", body, content_type="application/x-www-form-urlencoded"
        )
    else:
        answer = browser.post("/echo/", data)

    assert answer.status_code == 400
    assert "at most 500 fields and 10 files" in answer.content.decode()
    assert {line["level"] for line in lines(written)} <= {"info", "warning"}
    assert not [line for line in lines(written) if "trace" in line]
