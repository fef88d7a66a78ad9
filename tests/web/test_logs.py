"""Logs are JSON, know the request, and keep secrets to themselves."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from common.web.logs import JsonFormatter, RequestIdFilter
from members.people.models import Person
from tests.people.conftest import PASSWORD

pytestmark = [pytest.mark.urls("tests.web.urls"), pytest.mark.django_db]


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
    assert any("tests/web/urls.py" in str(frame) for frame in fault["trace"])  # type: ignore[attr-defined]


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
