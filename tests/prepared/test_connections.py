"""A statement is known to one connection only, and each learns it when it first asks."""

from django.db import connection

from common.prepared import Prepared, Slot
from members.people.models import Person
from tests import factories
from tests.committed import together

by_name = Prepared("test_by_name", lambda: Person.objects.filter(name=Slot("name")))


def test_a_new_connection_learns_the_statement_again(committed_db: str) -> None:
    factories.person("Dee Four")
    assert len(by_name(name="Dee Four")) == 1

    connection.close()

    assert len(by_name(name="Dee Four")) == 1


def test_threads_ask_on_connections_of_their_own(committed_db: str) -> None:
    factories.person("Dee Four")
    factories.person("Eve Five")

    names = ["Dee Four", "Eve Five"] * 8
    found = together(*(lambda name=name: by_name(name=name)[0].name for name in names))

    assert found == names
