"""The record in the database: chained at COMMIT, gapless under concurrency, beyond change."""

import threading
from collections.abc import Iterable
from importlib import import_module
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from common.identifiers import new_uuid
from common.record import queries
from common.record.actions import write
from common.record.models import Chain, Record, Unchained
from common.record.verify import GENESIS, verify
from tests.committed import together

THING = uuid4()


def act(verb: str = "approved", **facts: object) -> Record:
    return write(actor_uuid=uuid4(), verb=verb, kind="application", object_uuid=THING, facts=facts)


def head_hash() -> str:
    head = queries.head()
    assert head
    return head.hash


def broken_at(heads: Iterable[str] = ()) -> int | None:
    broken = verify(queries.export(), heads)
    return broken.position if broken else None


def break_rules(statement: str) -> None:
    """What an operator with the database password can do: switch the guards off first."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def test_record_is_chained_when_its_transaction_commits(committed_db: str) -> None:
    with transaction.atomic():
        first = act()
        second = act(verb="rejected")
        assert not Chain.objects.exists()

    links = list(Chain.objects.all())

    assert [link.position for link in links] == [1, 2]
    assert [link.record_uuid for link in links] == [first.uuid, second.uuid]
    assert links[0].prev == GENESIS
    assert links[1].prev == links[0].hash
    assert queries.head() == links[1]
    assert not Unchained.objects.exists()


def test_records_of_one_transaction_are_linked_in_the_order_they_were_written(
    committed_db: str,
) -> None:
    written = []
    with transaction.atomic():
        written += [act(number=number) for number in range(60)]
        with transaction.atomic():
            act(verb="rolled_back")
            transaction.set_rollback(True)
        connection.check_constraints()  # what is looked at early is linked early
        written += [act(number=number) for number in range(60, 90)]

    links = list(Chain.objects.all())

    assert [link.record_uuid for link in links] == [record.uuid for record in written]
    assert [link.position for link in links] == list(range(1, 91))
    assert broken_at() is None
    assert not Unchained.objects.exists()


def test_links_of_before_and_after_stand_in_one_chain(committed_db: str) -> None:
    """The chain goes on over the migration that links a whole transaction at once, and back."""
    linked_at_once = import_module("common.record.migrations.0003_linked_at_once")
    act(number=1)
    for change in (linked_at_once.BACKWARDS, linked_at_once.FORWARDS):
        with connection.cursor() as cursor:
            cursor.execute(change)
        with transaction.atomic():
            act(number=2)
            act(number=3)

    assert broken_at() is None
    assert Chain.objects.count() == 5


def test_record_of_a_rolled_back_act_does_not_stand(committed_db: str) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)

    assert not Record.objects.exists()
    assert not Chain.objects.exists()


def test_database_and_verifier_agree_on_the_bytes(committed_db: str) -> None:
    act(number=3, code="état_é", nothing=None, flags=[True, False], share=0.5)
    write(actor_uuid=None, verb="lapsed", kind="membership", object_uuid=THING)

    assert verify(queries.export(), [head_hash()]) is None


@pytest.mark.parametrize("table", ["record_record", "record_chain"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"]
)
def test_what_stands_in_the_record_cannot_be_changed(
    committed_db: str, table: str, statement: str
) -> None:
    act()
    column = "verb = 'x'" if table == "record_record" else "prev = ''"

    with pytest.raises(DatabaseError, match="refused"), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))

    assert Record.objects.count() == Chain.objects.count() == 1


def test_links_cannot_be_made_by_hand(committed_db: str) -> None:
    act()

    with pytest.raises(DatabaseError, match="refused"):
        Chain.objects.create(position=2, record_uuid=uuid4(), prev="0" * 64, hash="0" * 64)
    with pytest.raises(DatabaseError, match="refused"):
        Unchained.objects.create(record_uuid=uuid4())


def test_concurrent_commits_leave_no_gap(committed_db: str) -> None:
    def acts() -> None:
        for _ in range(15):
            with transaction.atomic():
                act()
                act()

    outcomes = together(*[acts] * 8)

    assert outcomes == [None] * 8
    assert Chain.objects.count() == 8 * 15 * 2
    assert verify(queries.export()) is None


def test_lock_of_the_chain_is_taken_after_deferred_checks(committed_db: str) -> None:
    """Another table's deferred check waits for a row lock; whoever holds it can still commit.

    With the chain locked first, each would wait for the other.
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE parent (id int PRIMARY KEY)")
        cursor.execute(
            "CREATE TABLE child (parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
        )
        cursor.execute("INSERT INTO parent VALUES (1)")
    holds_row, goes_on = threading.Event(), threading.Event()

    def child_after_record() -> None:
        holds_row.wait(10)
        with transaction.atomic(), connection.cursor() as cursor:
            act()
            cursor.execute("INSERT INTO child VALUES (1)")
            goes_on.set()

    def holder_of_the_row() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM parent FOR UPDATE")
            holds_row.set()
            goes_on.wait(10)
            cursor.execute("SELECT pg_sleep(0.3)")  # the other is in its COMMIT by now
            act()

    assert together(child_after_record, holder_of_the_row) == [None, None]
    assert verify(queries.export()) is None


def test_chain_notices_what_an_operator_changes(committed_db: str) -> None:
    for number in range(5):
        act(number=number)
    head = head_hash()
    victim = Chain.objects.get(position=3).record_uuid

    break_rules(f"UPDATE record_record SET actor_uuid = NULL WHERE uuid = '{victim}'")

    assert broken_at([head]) == 3
    with pytest.raises(CommandError, match="position 3"):
        call_command("verify_record", head=[head])


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("DELETE FROM record_chain WHERE position = 5", 5),
        ("DELETE FROM record_chain WHERE position = 2", 2),
        ("DELETE FROM record_record WHERE uuid IN (SELECT record_uuid FROM record_chain)", 1),
        ("DELETE FROM record_record; DELETE FROM record_chain", 1),
        ("UPDATE record_record SET at = at + interval '1 microsecond'", 1),
    ],
)
def test_chain_notices_missing_and_moved_rows(
    committed_db: str, statement: str, position: int
) -> None:
    for number in range(5):
        act(number=number)
    head = head_hash()

    break_rules(statement)

    assert broken_at([head]) == position


def test_record_without_a_link_does_not_verify(committed_db: str) -> None:
    act()
    stray = (
        "INSERT INTO record_record VALUES "
        f"('{new_uuid()}', now(), NULL, 'approved', 'vote', '{uuid4()}', '{{}}')"
    )

    break_rules(stray)

    assert broken_at() == 2
