"""A Valkey that takes connections and never answers costs a page a moment, and the next nothing."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache, caches
from django.db import transaction
from django.test import Client
from redis.exceptions import RedisError

from alliance.server import embedded, processes
from common import valkey
from common.wake_worker import _Enqueue, enqueue_on_commit
from members.people.models import Person
from tests.broker import forget_pools

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def stuck_valkey(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], None]]:
    """A real server, stopped amid its work, for the cache and the bell; call it to forget that."""
    server = embedded.Valkey(tmp_path, volatile=True)
    server.prepare()
    with (tmp_path / "log").open("ab") as log:
        process = embedded.run(server, log.fileno())
    settings.REDIS_URL = server.url()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": server.url()}}
    options = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3, "max_retries": 0}
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis+socket://{server.socket}")
    monkeypatch.setattr(current_app.conf, "broker_transport_options", options)
    monkeypatch.setattr(_Enqueue, "silent_until", 0.0)
    forget_pools()
    cache.set("warm", 1)  # connected before it stopped, as in a running site

    def forget() -> None:
        valkey._silent_until.clear()
        _Enqueue.silent_until = 0.0

    process.send_signal(signal.SIGSTOP)
    yield forget
    process.send_signal(signal.SIGCONT)
    monkeypatch.undo()
    forget_pools()
    caches["default"].close()
    valkey._silent_until.clear()
    processes.stop(process, stop_signal=signal.SIGKILL)


def seconds_of(act: Callable[[], object]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def test_no_page_waits_a_second(
    client: Client, person: Person, stuck_valkey: Callable[[], None]
) -> None:
    client.get("/accounts/login/")  # templates are read
    signing_in = {"login": "a@b.example", "password": "x" * 12}
    for page in (
        lambda: client.get("/search/?q=charter"),
        lambda: client.post("/accounts/login/", signing_in),
        lambda: client.get("/readyz"),
        lambda: client.get("/api/v1/search/?q=charter"),
    ):
        stuck_valkey()
        if seconds_of(page) >= 1:  # the machine may be busy with something else
            stuck_valkey()
            assert seconds_of(page) < 1


def test_after_one_wait_nobody_waits_for_some_seconds(
    client: Client, stuck_valkey: Callable[[], None]
) -> None:
    stuck_valkey()
    client.get("/readyz")

    assert seconds_of(ask_often) < valkey.ANSWER_SECONDS


def ask_often() -> None:
    for _ in range(50):
        with pytest.raises(RedisError):
            cache.get("anything")


def test_bell_after_commit_waits_less_than_a_second(
    django_capture_on_commit_callbacks: Any, stuck_valkey: Callable[[], None]
) -> None:
    def change() -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            enqueue_on_commit("mail.deliver_due")

    stuck_valkey()
    assert seconds_of(change) < 1
    assert _Enqueue.silent_until > 0  # it was really tried, and failed
