"""Mails of one kind are worded together, anew once their rights are old, and fail one by one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from common.mail import batch_rendering, registry
from common.mail.actions import Queued, queue_many
from common.mail.choices import State
from common.mail.deliver import deliver_due
from common.mail.models import Message
from common.mail.registry import Mail
from tests.mail.conftest import words
from tests.mail.sink import Sink

asked: list[int] = []  # how many mails each asking was about
forbidden: set[str] = set()  # to whom nothing may be said any more

pytestmark = pytest.mark.django_db


def words_together(messages: Sequence[Message]) -> Mapping[UUID, Mail | None]:
    asked.append(len(messages))
    return {
        message.uuid: None if message.to_address in forbidden else words(message)
        for message in messages
    }


@pytest.fixture(autouse=True)
def shared_kind() -> Iterator[None]:
    registry.register("shared", words, render_many=words_together)
    asked.clear()
    forbidden.clear()
    yield
    del registry._renderers["shared"], registry._render_many["shared"]


def queue_some(count: int, **ref: Any) -> None:
    queue_many(
        Queued(dedupe_key=f"k{n}", to_address=f"p{n}@example.org", kind="shared", ref=ref)
        for n in range(count)
    )


def test_a_batch_is_worded_at_once(sink: Sink) -> None:
    queue_some(10)

    assert deliver_due() == 10

    assert asked == [10]


def test_a_right_that_goes_while_a_batch_is_sent_slowly_is_gone_for_the_rest(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_rendering, "FRESH_SECONDS", 0.0)

    def take_away(envelope: object) -> None:
        forbidden.update(f"p{n}@example.org" for n in range(4))

    sink.answer = take_away
    queue_some(4)

    assert deliver_due() == 1

    assert asked == [4, 3, 2, 1]
    assert len(sink.mails) == 1
    assert Message.objects.filter(state=State.DROPPED).count() == 3


def test_a_mail_that_cannot_be_worded_does_not_stop_the_others_of_its_kind(sink: Sink) -> None:
    queue_some(3)
    Message.objects.filter(dedupe_key="k1").update(ref={"broken": True})

    assert deliver_due() == 2

    broken = Message.objects.get(dedupe_key="k1")
    assert (broken.state, broken.last_error) == (State.QUEUED, "Rendering failed: KeyError")


def test_a_refused_recipient_does_not_stop_the_others(sink: Sink) -> None:
    sink.refused_recipients = {"p1@example.org": "550 No such person"}
    queue_some(3)

    assert deliver_due() == 2

    assert asked == [3]
    assert Message.objects.get(dedupe_key="k1").state == State.FAILED
