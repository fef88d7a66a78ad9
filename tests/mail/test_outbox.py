"""The outbox's rows, how workers are woken, and what the administration sees of them."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.errors import WrongState
from common.mail import queries
from common.mail.actions import DELIVER, Queued, prune, queue, queue_many, retry, retry_all
from common.mail.choices import KEEP_DAYS, KEEP_FAILED_DAYS, State
from common.mail.deliver import deliver_due
from common.mail.models import Message
from common.mail.render import render_templates
from common.wake_worker import _Enqueue, enqueue_on_commit
from tests.broker import forget_pools
from tests.committed import together


def rings() -> int:
    """How often the workers' bell has been rung and not yet answered."""
    with current_app.connection_for_read() as broker:
        valkey = broker.default_channel.client  # type: ignore[attr-defined]
        count = valkey.llen("mail")
        valkey.delete("mail")
    return int(count)


def mail(key: str = "k", address: str = "a@example.org") -> None:
    queue(dedupe_key=key, to_address=address, kind="test", ref={"ids": [1]})


def test_mail_of_a_rolled_back_cause_is_not_queued(committed_db: str) -> None:
    rings()
    with transaction.atomic():
        mail()
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert rings() == 0


def test_commit_rings_the_bell_once(committed_db: str) -> None:
    rings()
    with transaction.atomic():
        mail("one")
        mail("two")
        queue_many([])

    assert rings() == 1


def test_long_mailing_gives_way_and_rings_again(committed_db: str) -> None:
    mail()
    rings()

    assert deliver_due(seconds=-1) == 0

    assert rings() == 1
    assert Message.objects.due().count() == 1


def test_same_key_from_two_transactions_is_one_mail(committed_db: str) -> None:
    outcomes = together(*[mail] * 8)

    assert outcomes == [None] * 8
    assert Message.objects.count() == 1


@pytest.fixture
def broker_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Points the workers' bell at another broker for this test."""

    def point(url: str) -> None:
        monkeypatch.setattr(current_app.conf, "broker_url", url)
        forget_pools()

    monkeypatch.setattr(_Enqueue, "silent_until", 0.0)
    yield point
    monkeypatch.undo()
    forget_pools()


def test_dead_broker_neither_fails_nor_holds_up_the_request(
    committed_db: str, tmp_path: Path, broker_at: Callable[[str], None]
) -> None:
    broker_at(f"redis+socket://{tmp_path}/none.sock")

    started = time.monotonic()
    with transaction.atomic():
        mail()

    assert time.monotonic() - started < 1
    assert _Enqueue.silent_until > started  # it was really tried, and failed
    assert Message.objects.get().state == State.QUEUED


def test_stuck_broker_holds_up_one_request_for_some_seconds_and_no_second(
    committed_db: str, broker_at: Callable[[str], None]
) -> None:
    with socket.socket() as stuck:  # accepts connections and never says a word
        stuck.bind(("127.0.0.1", 0))
        stuck.listen()
        broker_at(f"redis://127.0.0.1:{stuck.getsockname()[1]}/0")

        started = time.monotonic()
        mail("first")
        first = time.monotonic() - started
        mail("second")
        second = time.monotonic() - started - first

    assert first < 10
    assert second < 0.5
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_a_task_is_enqueued_once_and_another_beside_it() -> None:
    enqueue_on_commit(DELIVER)
    enqueue_on_commit(DELIVER)
    enqueue_on_commit("other.task")

    assert len(connection.run_on_commit) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a b@c.example", "a@b.example\nBcc: x@y.example", "@x.example"],
)
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        mail(address=address)


@pytest.mark.django_db
def test_fan_out_can_be_one_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mail_message (dedupe_key, to_address, kind, ref) "
            "SELECT 'k' || n, 'p' || n || '@example.org', 'test', jsonb_build_object('n', n) "
            "FROM generate_series(1, 3) n ON CONFLICT DO NOTHING"
        )

    assert Message.objects.due().count() == 3
    assert len(set(Message.objects.values_list("uuid"))) == 3


@pytest.mark.django_db
def test_only_failed_mails_can_be_retried() -> None:
    mail()

    with pytest.raises(WrongState):
        retry(message=Message.objects.get())


@pytest.mark.django_db
def test_after_an_outage_all_failed_mails_are_retried_at_once() -> None:
    queue_many(
        Queued(dedupe_key=f"k{n}", to_address="a@example.org", kind="test", ref={})
        for n in range(3)
    )
    Message.objects.exclude(dedupe_key="k0").update(state=State.FAILED, attempts=13)

    assert retry_all(messages=Message.objects.all()) == 2

    assert set(Message.objects.values_list("state", "attempts")) == {(State.QUEUED, 0)}


@pytest.mark.django_db
def test_log_forgets_addresses_in_time() -> None:
    now = timezone.now()
    for state, days in [
        (State.SENT, KEEP_DAYS + 1),
        (State.DROPPED, KEEP_DAYS + 1),
        (State.FAILED, KEEP_FAILED_DAYS + 1),
        (State.SENT, KEEP_DAYS - 1),
        (State.FAILED, KEEP_DAYS + 1),
        (State.QUEUED, 365),
    ]:
        mail(key := f"{state} {days}")
        Message.objects.filter(dedupe_key=key).update(
            state=state, created_at=now - timedelta(days=days)
        )

    prune()

    assert sorted(Message.objects.values_list("state", flat=True)) == ["failed", "queued", "sent"]


@pytest.mark.django_db
def test_administration_sees_counts_and_the_oldest_wait() -> None:
    mail("one", "Ada@example.org")
    mail("two")
    Message.objects.filter(dedupe_key="two").update(state=State.FAILED)

    outbox = queries.outbox()

    assert outbox.counts == {"queued": 1, "sending": 0, "sent": 0, "dropped": 0, "failed": 1}
    assert outbox.waiting_since == Message.objects.get(dedupe_key="one").due_at
    assert [m.dedupe_key for m in queries.deliveries(state="failed")] == ["two"]
    assert [m.dedupe_key for m in queries.deliveries(address="ada@example.org")] == ["one"]


def test_templates_escape_in_html_only(settings: Any) -> None:
    own = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [own, *settings.TEMPLATES[0]["DIRS"]]}]

    mail = render_templates("test", {"name": "<b>R&D</b>\nBcc: eve@example.org"})

    assert mail.subject == "News of <b>R&D</b> Bcc: eve@example.org"
    words = "Hello <b>R&D</b>\nBcc: eve@example.org.\n"
    assert mail.text == f"{words}Questions: {settings.SITE_URL}/pages/contact/\n"
    assert "<p>Hello &lt;b&gt;R&amp;D&lt;/b&gt;" in mail.html
