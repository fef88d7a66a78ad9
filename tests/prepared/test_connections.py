"""A statement is known to one connection only, and each learns it when it first asks."""

from collections.abc import Iterator
from itertools import count

import pytest
from django.db import (
    DataError,
    InternalError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import QuerySet

from common.prepared_statements import PreparedQuery, prepared
from members.people.models import Person
from tests import factories
from tests.committed import together

_letters = count(ord("a"))


@pytest.fixture
def by_name(committed_db: str) -> Iterator[PreparedQuery[..., Person]]:
    """A query that no connection knows yet, and one person it finds."""
    factories.person("Dee Four")

    def people_named(name: str) -> QuerySet[Person]:
        return Person.objects.filter(name=name)

    people_named.__name__ = f"test_by_name_{chr(next(_letters))}"
    yield prepared(people_named)
    connection.close()


def cut_off() -> None:
    """The server ends our connection, as its restart does."""
    pid = connection.connection.info.backend_pid

    def end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])

    assert together(end) == [None]


def test_a_new_connection_learns_the_statement_again(by_name: PreparedQuery[..., Person]) -> None:
    assert len(by_name(name="Dee Four")) == 1

    connection.close()

    assert len(by_name(name="Dee Four")) == 1


def test_a_connection_that_ended_between_requests_is_replaced(
    by_name: PreparedQuery[..., Person],
) -> None:
    assert len(by_name(name="Dee Four")) == 1

    cut_off()
    close_old_connections()  # as a request begins

    assert len(by_name(name="Dee Four")) == 1


def test_a_connection_that_ends_within_a_request_costs_that_request(
    by_name: PreparedQuery[..., Person],
) -> None:
    cut_off()

    with pytest.raises(OperationalError):
        by_name(name="Dee Four")

    close_old_connections()
    assert len(by_name(name="Dee Four")) == 1


def test_a_statement_outlives_the_rollback_of_its_first_asking(
    by_name: PreparedQuery[..., Person],
) -> None:
    with transaction.atomic():
        assert len(by_name(name="Dee Four")) == 1
        transaction.set_rollback(True)

    assert len(by_name(name="Dee Four")) == 1


def test_asking_in_a_transaction_that_failed_is_an_error_of_django(
    by_name: PreparedQuery[..., Person],
) -> None:
    @transaction.atomic
    def fail_and_ask() -> None:
        with connection.cursor() as cursor, pytest.raises(DataError):
            cursor.execute("SELECT 1 / 0")
        by_name(name="Dee Four")

    with pytest.raises(InternalError):
        fail_and_ask()

    assert len(by_name(name="Dee Four")) == 1


def test_threads_ask_on_connections_of_their_own(by_name: PreparedQuery[..., Person]) -> None:
    factories.person("Eve Five")

    names = ["Dee Four", "Eve Five"] * 8
    found = together(*(lambda name=name: by_name(name=name)[0].name for name in names))

    assert found == names
