"""From the outbox to a real SMTP server: once, under one name, whatever fails on the way."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from common.mail import deliver, registry, schedule
from common.mail.actions import Queued, queue, queue_many, retry
from common.mail.choices import BATCH, LEASE_SECONDS, MAX_ATTEMPTS, State
from common.mail.claims import delivery_session
from common.mail.compose import message_id
from common.mail.deliver import claim, deliver_due
from common.mail.models import Delivery, Message
from common.mail.outcomes import Outcomes
from common.mail.registry import Mail
from tests.committed import together
from tests.mail.sink import Sink


def queued(key: str = "key", to: str = "ada@example.org", **ref: Any) -> Message:
    queue(dedupe_key=key, to_address=to, kind="test", ref=ref)
    return Message.objects.get(dedupe_key=key)


def queue_some(count: int) -> None:
    queue_many(
        Queued(dedupe_key=f"k{n}", to_address=f"p{n}@example.org", kind="test", ref={})
        for n in range(count)
    )


@pytest.mark.django_db
def test_due_mail_arrives_with_its_headers(sink: Sink) -> None:
    queued(list_id="safety", unsubscribe_url="https://x.example/stop/abc/")

    assert deliver_due() == 1

    (mail,) = sink.mails
    assert mail["To"] == "ada@example.org"
    assert mail["From"] == "Alliance <alliance@testserver>"
    assert mail["Subject"] == "The ballot closes today"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<safety.testserver>"
    assert mail["List-Unsubscribe"] == "<https://x.example/stop/abc/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"].endswith("@testserver>")
    assert "References" not in mail
    types = [part.get_content_type() for part in mail.iter_parts()]
    assert types == ["text/plain", "text/html"]
    assert set(Message.objects.values_list("state", "last_error", "leased_until")) == {
        (State.SENT, "", None)
    }


@pytest.mark.django_db
def test_mails_about_one_thing_refer_to_the_first_that_the_reader_got(sink: Sink) -> None:
    """Also within a batch; what was refused or went to somebody else is no first."""
    sink.refused_recipients = {"ada@example.org": "550 No such person"}
    queued(key="refused", thread_key="ballot:1")
    deliver_due()
    sink.refused_recipients = {}
    for key in ("a", "b"):
        queued(key=key, thread_key="ballot:1")
    queued(key="other", to="bob@example.org", thread_key="ballot:1")
    queued(key="lone", thread_key="ballot:2")
    assert deliver_due() == 4
    queued(key="c", thread_key="ballot:1")

    assert deliver_due() == 1

    threads: dict[tuple[str, str | None], list[Any]] = {}
    for mail in sink.mails:
        threads.setdefault((mail["To"], mail["References"]), []).append(mail)
    (first, lone) = threads["ada@example.org", None]
    assert [mail["Message-ID"] for mail in (first, lone)] == [message_id("a"), message_id("lone")]
    later = threads["ada@example.org", first["Message-ID"]]
    assert [mail["Subject"] for mail in later] == ["Re: The ballot closes today"] * 2
    assert [mail["In-Reply-To"] for mail in later] == [first["Message-ID"]] * 2
    assert len(threads["bob@example.org", None]) == 1


@pytest.mark.django_db
def test_batch_goes_over_one_connection(sink: Sink) -> None:
    queue_some(BATCH)

    assert deliver_due() == BATCH

    assert sink.sessions == 1
    assert len(sink.mails) == BATCH


@pytest.mark.django_db
def test_one_key_is_one_mail(sink: Sink) -> None:
    queued()
    deliver_due()
    queued()

    assert deliver_due() == 0
    assert len(sink.mails) == 1


@pytest.mark.django_db
def test_mail_that_is_not_allowed_any_more_is_dropped(sink: Sink) -> None:
    message = queued(gone=True)

    assert deliver_due() == 0

    message.refresh_from_db()
    assert (message.state, sink.mails) == (State.DROPPED, [])


@pytest.mark.django_db
def test_mail_put_off_is_not_sent_before_its_time(sink: Sink) -> None:
    later = timezone.now() + timedelta(hours=1)
    queue(dedupe_key="k", to_address="a@example.org", kind="test", ref={}, due_at=later)

    assert deliver_due() == 0


@pytest.mark.django_db
def test_address_refused_for_good_fails_with_the_reason_and_alone(sink: Sink) -> None:
    sink.refused_recipients = {"ada@example.org": "550 No such person"}
    refused, taken = queued(), queued(key="other", to="bob@example.org")

    assert deliver_due() == 1

    refused.refresh_from_db()
    taken.refresh_from_db()
    assert (refused.state, refused.last_error) == (State.FAILED, "550 No such person")
    assert taken.state == State.SENT


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["recipient", "content"])
def test_mail_refused_for_now_is_tried_again_later(sink: Sink, by: str) -> None:
    if by == "recipient":
        sink.refused_recipients = {"ada@example.org": "451 Greylisted"}
    else:
        sink.answer = lambda envelope: "452 Mailbox full"
    message = queued()
    before = timezone.now()

    assert deliver_due() == 0

    message.refresh_from_db()
    assert message.state == State.QUEUED
    assert message.last_error[:3] in {"451", "452"}
    assert timedelta(seconds=20) < message.due_at - before < timedelta(seconds=40)


@pytest.mark.django_db
def test_content_refused_for_good_fails(sink: Sink) -> None:
    sink.answer = lambda envelope: "554 Looks like spam"
    message = queued()

    deliver_due()

    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.FAILED, "554 Looks like spam")


@pytest.mark.django_db
def test_bug_in_one_kind_does_not_stop_the_others(sink: Sink) -> None:
    broken, good = queued(broken=True), queued(key="good")

    assert deliver_due() == 1

    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.state, broken.last_error) == (State.QUEUED, "Rendering failed: KeyError")
    assert good.state == State.SENT


@pytest.mark.django_db
def test_kind_that_nobody_words_fails(sink: Sink) -> None:
    queue(dedupe_key="k", to_address="a@example.org", kind="unknown", ref={})

    deliver_due()

    assert Message.objects.get().state == State.FAILED


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["a\r\nBcc: eve@example.org", "a\nb", "a\x00b", "a\u2028b"])
@pytest.mark.parametrize("header", ["subject", "list_id", "unsubscribe_url"])
def test_line_breaks_in_headers_are_refused(sink: Sink, header: str, bad: str) -> None:
    message = queued(**{header: bad.replace("\x00", "\x01")})

    deliver_due()

    message.refresh_from_db()
    assert sink.mails == []
    assert message.state == State.FAILED
    assert "control character" in message.last_error


@pytest.mark.django_db
def test_relay_that_is_away_costs_one_attempt_of_one_mail(settings: Any, sink: Sink) -> None:
    settings.EMAIL_PORT = 1
    queue_some(3)

    assert deliver_due() == 0

    assert sorted(Message.objects.values_list("state", "attempts")) == [
        (State.QUEUED, 0),
        (State.QUEUED, 0),
        (State.QUEUED, 1),
    ]


@pytest.mark.django_db
def test_relay_that_hangs_up_loses_nothing(sink: Sink) -> None:
    calls = iter(range(100))
    sink.answer = lambda envelope: "421 Closing" if next(calls) == 1 else None
    queue_some(4)

    deliver_due()
    Message.objects.filter(state=State.QUEUED).update(due_at=timezone.now())
    Delivery.objects.update(away_until=timezone.now())
    deliver_due()

    assert Delivery.objects.get().away_until is None
    assert Message.objects.filter(state=State.SENT).count() == 4
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 4


@pytest.mark.django_db
def test_killed_sender_sends_again_under_the_same_message_id(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay took the mail, and the process dies before it can write that down."""
    message = queued()

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Outcomes, "write", die)
        with pytest.raises(KeyboardInterrupt):
            deliver_due()
    assert deliver_due() == 1

    message.refresh_from_db()
    assert message.state == State.SENT
    assert len(sink.mails) == 2
    assert sink.mails[0]["Message-ID"] == sink.mails[1]["Message-ID"]


@pytest.mark.django_db
def test_outcome_of_a_lost_lease_is_not_written(sink: Sink) -> None:
    queued()
    with delivery_session() as me:
        (late,) = claim(1, me)
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    with delivery_session() as me:
        (current,) = claim(1, me)

    Outcomes().write(late, State.FAILED)

    current.refresh_from_db()
    assert current.state == State.SENDING


@pytest.mark.django_db
def test_mail_is_given_up_after_a_day_and_can_be_retried(sink: Sink) -> None:
    sink.answer = lambda envelope: "451 Not now"
    message = queued()
    for _ in range(MAX_ATTEMPTS):
        Message.objects.update(due_at=timezone.now())
        deliver_due()
    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.FAILED, "451 Not now")

    sink.answer = lambda envelope: None
    retry(message=message)

    assert deliver_due() == 1


def test_waits_double_and_span_a_day() -> None:
    waits = [schedule.wait_seconds(attempts) for attempts in range(1, MAX_ATTEMPTS)]

    assert 24 <= waits[0] <= 36
    assert all(later > earlier for earlier, later in pairwise(waits[:9]))
    assert 18 * 3600 < sum(waits) < 48 * 3600


def test_lease_outlives_a_batch_that_is_begun() -> None:
    assert deliver.LEASE_RESERVE_SECONDS * 2 < LEASE_SECONDS


def test_several_senders_never_take_the_same_mail(committed_db: str, sink: Sink) -> None:
    with transaction.atomic():
        queue_some(3 * BATCH)

    sent = together(*[deliver_due] * 4)

    assert sum(sent) == 3 * BATCH
    assert len({mail["To"] for mail in sink.mails}) == len(sink.mails) == 3 * BATCH


def test_registering_a_kind_twice_is_refused() -> None:
    def other(message: Message) -> Mail | None:
        return None

    with pytest.raises(ValueError, match="twice"):
        registry.register("test", other)
