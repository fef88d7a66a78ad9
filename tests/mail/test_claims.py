"""A claim ends with its sender: killed, paused, slow, or cut off from the database."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from common.mail import deliver
from common.mail.actions import Queued, queue_many
from common.mail.choices import State
from common.mail.claims import LOCKS, delivery_session, free_abandoned
from common.mail.deliver import claim, deliver_due
from common.mail.models import Message
from tests.committed import together
from tests.mail.sending import sending
from tests.mail.sink import Sink


def queue_some(count: int) -> None:
    queue_many(
        Queued(dedupe_key=f"k{n}", to_address=f"p{n}@example.org", kind="test", ref={})
        for n in range(count)
    )


def wait_until(check: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def ids(sink: Sink) -> Counter[str]:
    """How often the relay took each mail."""
    return Counter(str(mail["Message-ID"]) for mail in sink.mails)


class SlowSink(Sink):
    """Has read `begun` mails, and answers each after `seconds` or once they are set to nothing."""

    seconds: float = 0
    begun = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.begun += 1
        end = time.monotonic() + self.seconds
        while time.monotonic() < end and self.seconds:
            await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def slow(sink: Sink) -> SlowSink:
    """The test's relay, which can be told to take its time."""
    sink.__class__ = SlowSink
    assert isinstance(sink, SlowSink)
    return sink


@pytest.mark.parametrize("taken", [1, 4])
def test_mails_of_a_killed_sender_are_free_at_once(
    committed_db: str, sink: Sink, settings: Any, taken: int
) -> None:
    queue_some(6)
    with sending(committed_db, settings.EMAIL_PORT, die_after=taken) as process:
        assert process.wait(30) == -signal.SIGKILL
    assert len(sink.mails) == taken

    wait_until(lambda: not held_locks())
    assert deliver_due() == 6 - taken + 1

    # Only the mail that the relay took and nobody wrote down is repeated, under its own name.
    assert sorted(ids(sink).values()) == [1] * 5 + [2]
    assert set(Message.objects.values_list("state", "claimed_by")) == {(State.SENT, None)}


def test_mails_of_a_paused_sender_stay_its_own_until_their_lease_ends(
    committed_db: str, slow: SlowSink, settings: Any
) -> None:
    queue_some(3)
    slow.seconds = 60
    with sending(committed_db, settings.EMAIL_PORT, lease_seconds=5) as process:
        wait_until(lambda: slow.begun == 1)
        process.send_signal(signal.SIGSTOP)
        slow.seconds = 0
        wait_until(lambda: len(slow.mails) == 1)  # in flight when it was paused

        assert deliver_due() == 0

        wait_until(lambda: Message.objects.due().count() == 3)  # the lease has ended
        assert deliver_due() == 3
        process.send_signal(signal.SIGCONT)
        assert process.wait(20) == 0

    # Back again, it begins none of those it has lost; the one in flight was taken twice.
    assert sorted(ids(slow).values()) == [1, 1, 2]
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


def test_a_slow_relay_makes_nobody_else_send(committed_db: str, slow: SlowSink) -> None:
    queue_some(4)
    slow.seconds = 0.3

    def meanwhile() -> int:
        wait_until(lambda: Message.objects.filter(state=State.SENDING).exists())
        sent = 0
        while Message.objects.open().exists():
            sent += deliver_due()
        return sent

    outcomes = together(deliver_due, meanwhile)

    assert outcomes == [4, 0]
    assert set(ids(slow).values()) == {1}


def test_sender_that_lost_its_session_begins_no_mail(committed_db: str, sink: Sink) -> None:
    queue_some(2)
    with delivery_session() as me:
        batch = claim(2, me)
        connection.close()

        assert deliver.deliver(batch, me, time.monotonic() + 60) == 0

    assert sink.mails == []
    assert deliver_due() == 2


def test_sender_cut_off_by_the_database_writes_down_what_the_relay_took(
    committed_db: str, slow: SlowSink, settings: Any
) -> None:
    queue_some(3)
    slow.seconds = 60
    with sending(committed_db, settings.EMAIL_PORT) as process:
        wait_until(lambda: slow.begun == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = %s AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())",
                [LOCKS],
            )
        slow.seconds = 0
        assert process.wait(20) == 0

    assert deliver_due() == 2

    assert sorted(ids(slow).values()) == [1, 1, 1]


def test_what_a_living_sender_has_is_not_freed(committed_db: str) -> None:
    queue_some(2)
    with delivery_session() as me:
        claim(2, me)

        free_abandoned()

        assert Message.objects.filter(state=State.SENDING, claimed_by=me.number).count() == 2

    free_abandoned()
    assert Message.objects.filter(state=State.QUEUED, claimed_by=None).count() == 2


@pytest.mark.django_db
def test_what_cannot_be_begun_in_time_is_given_back_untried(sink: Sink) -> None:
    queue_some(3)
    with delivery_session() as me:
        batch = claim(3, me)

        assert deliver.deliver(batch, me, time.monotonic() - 1) == 0

    assert set(Message.objects.values_list("state", "attempts")) == {(State.QUEUED, 0)}


@pytest.mark.django_db
def test_lock_is_given_back_at_the_end() -> None:
    with delivery_session():
        assert held_locks() == 1

    assert held_locks() == 0


def held_locks() -> int:
    """In this database: other tests run beside it on the same server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE classid = %s AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCKS],
        )
        return int(cursor.fetchone()[0])
