"""Tests that really commit: races, deferred constraints, what a second connection sees.

Django's TransactionTestCase empties tables with TRUNCATE, which the record refuses and no setting
may weaken. So each such test gets a database of its own, copied from the migrated one in a
fraction of a second, and the copy is dropped afterwards. A pytest plugin named in `addopts`.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def migrated_db(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """The migrated database, also in a run in which no test asks pytest-django for one."""
    from django.db import connection

    if any(_asks_pytest_django(item) for item in request.session.items):
        yield
        return
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        yield
        connection.creation.destroy_test_db(before, verbosity=0)


def _asks_pytest_django(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(fixtures))


@pytest.fixture
def committed_db(migrated_db: None, django_db_blocker: Any) -> Iterator[str]:
    """A fresh copy of the migrated database in which commits are commits; its name.

    Not to be used together with `db` or the `django_db` mark.
    """
    with copied_db(django_db_blocker) as name:
        yield name


@contextmanager
def copied_db(django_db_blocker: Any) -> Iterator[str]:
    """The same for fixtures that live longer than one test."""
    from django.db import connection

    with django_db_blocker.unblock():
        template = connection.settings_dict["NAME"]
        name = f"{template}_copy{next(_numbers)}"
        connection.close()
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # of a run that was killed
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = template
            _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def together(*calls: Callable[[], Any], timeout: float = 30) -> list[Any]:
    """Runs the calls in threads that start at once, each with its own connection.

    Answers, in their order, what each returned or the exception it raised.
    """
    from django.db import connections

    barrier = threading.Barrier(len(calls))
    outcomes: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout)
            outcomes[place] = call()
        except BaseException as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, call), daemon=True)
        for place, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout)
        assert not thread.is_alive(), "A call did not end: a deadlock, or a lock never released."
    return outcomes


def _execute(statement: str) -> None:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
