"""A relay that takes connections and says nothing costs one sender a few seconds, and nobody else."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from celery import current_app

from common.mail.actions import DELIVER, Queued, queue_many
from common.mail.choices import RELAY_FIRST_WAIT_SECONDS, State
from common.mail.deliver import deliver_due
from common.mail.models import Delivery, Message
from common.mail.pauses import pauses

OTHERS = ("notifications.tell", "notifications.tell_digests", "files.make_pictures")

pytestmark = pytest.mark.django_db


@contextmanager
def relay(greeting: bytes = b"", drip: bytes = b"") -> Iterator[int]:
    """A real socket that says `greeting` and then `drip` again and again; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    taken, _ = server.accept()
                except OSError:
                    return
                with taken:
                    taken.sendall(greeting)
                    while not ended.wait(0.1):
                        try:
                            taken.sendall(drip)
                        except OSError:
                            break

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        ended.set()
    thread.join(2)


@pytest.fixture
def bounds(settings: Any) -> Any:
    """Short ones, so that the test is."""
    settings.EMAIL_BACKEND = "common.mail.relay.RelayBackend"
    settings.EMAIL_CONNECT_TIMEOUT = 0.3
    settings.EMAIL_TIMEOUT = 5
    settings.EMAIL_TOTAL_TIMEOUT = 0.6
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return settings


def queue_some(count: int) -> None:
    queue_many(
        Queued(dedupe_key=f"k{n}", to_address=f"p{n}@example.org", kind="test", ref={})
        for n in range(count)
    )


@pytest.mark.parametrize(("greeting", "drip"), [(b"", b""), (b"220 hello\r\n", b"2")])
def test_silent_relay_is_tried_once_and_then_left_alone_by_all(
    bounds: Any, greeting: bytes, drip: bytes
) -> None:
    queue_some(14)
    with relay(greeting, drip) as port:
        bounds.EMAIL_PORT = port
        began = time.monotonic()
        deliver_due()
        first = time.monotonic() - began
        queue_some(15)
        began = time.monotonic()
        assert [deliver_due() for _ in range(14)] == [0] * 14
        later = time.monotonic() - began

    assert first < 3
    assert later < 1
    assert pauses().away_until is not None
    assert list(Message.objects.filter(attempts__gt=0).values_list("attempts", flat=True)) == [1]
    assert set(Message.objects.values_list("state", flat=True)) == {State.QUEUED}


@contextmanager
def tiring_relay() -> Iterator[int]:
    """A relay that takes one mail, and at the second says no whole line any more; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            taken, _ = server.accept()
            mails = 0
            with taken, taken.makefile("rb") as lines, suppress(OSError):
                taken.sendall(b"220 hello\r\n")
                for line in lines:
                    mails += line.startswith(b"mail")
                    while mails == 2:
                        taken.sendall(b"2")
                        time.sleep(0.1)
                    if line == b"data\r\n":
                        taken.sendall(b"354 go on\r\n")
                        while next(lines, b".\r\n") != b".\r\n":
                            pass
                    taken.sendall(b"250 fine\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
    thread.join(2)


def test_each_mail_of_a_connection_has_its_own_time(bounds: Any) -> None:
    queue_some(3)
    threads = threading.active_count()
    with tiring_relay() as port:
        bounds.EMAIL_PORT = port
        began = time.monotonic()
        deliver_due()
        assert time.monotonic() - began < 3

    assert sorted(Message.objects.values_list("state", "attempts")) == [
        (State.QUEUED, 0),
        (State.QUEUED, 1),
        (State.SENT, 1),
    ]
    assert threading.active_count() == threads


def test_the_wait_for_the_relay_doubles_and_one_sender_tries(bounds: Any) -> None:
    queue_some(5)
    bounds.EMAIL_PORT = 1
    waits = []
    for _ in range(4):
        began = time.time()
        deliver_due()
        row = Delivery.objects.get()
        assert row.away_until is not None
        waits.append(row.away_until.timestamp() - began)
        Delivery.objects.update(away_until="2020-01-01T00:00Z")

    assert [round(wait / RELAY_FIRST_WAIT_SECONDS) for wait in waits] == [1, 2, 4, 4]


def test_mail_has_a_queue_of_its_own() -> None:
    route = current_app.amqp.router.route({}, DELIVER)

    others = {current_app.amqp.router.route({}, name)["queue"].name for name in OTHERS}

    assert route["queue"].name == "mail"
    assert others == {"celery"}
    assert set(current_app.amqp.queues) == {"celery", "mail"}
