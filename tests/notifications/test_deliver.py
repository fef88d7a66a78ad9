from datetime import UTC, datetime

from common.mail.models import Message
from members.people.models import Person
from notifications.actions import notify
from notifications.deliver import hand_over, hand_over_digests, last_morning
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_digest, render_notification
from notifications.models import Notification

from .conftest import RECIPIENTS, Gossip, Story


def test_due_notifications_are_in_the_outbox_once(people: list[Person]) -> None:
    notify(Story(story=1), cause="s1")
    fan_out_waiting()

    assert hand_over() == 4
    assert hand_over() == 0
    assert set(Message.objects.values_list("to_address", flat=True)) == {
        person.email for person in people
    }


def test_who_left_between_telling_and_sending_gets_nothing(people: list[Person]) -> None:
    notify(Story(story=1), cause="s1")
    fan_out_waiting()
    hand_over()
    RECIPIENTS.discard(people[0].pk)

    mails = {message.to_address: render_notification(message) for message in Message.objects.all()}

    assert mails[people[0].email] is None
    kept = mails[people[1].email]
    assert kept is not None
    assert kept.subject == "Story 1"
    assert "because you asked" in kept.full_text
    assert kept.unsubscribe_url is not None


def test_the_digest_of_a_day_holds_what_waited_until_its_morning(people: list[Person]) -> None:
    Person.objects.filter(pk=people[0].pk).update(zone="Pacific/Auckland")
    notify(Gossip(story=1), cause="g1")
    notify(Gossip(story=2), cause="g2")
    fan_out_waiting()
    Notification.objects.update(created_at=datetime(2026, 3, 1, 17, 0, tzinfo=UTC))

    # 18:30 UTC is 07:30 in Auckland: the morning has come there, and not yet elsewhere.
    assert hand_over_digests(datetime(2026, 3, 1, 18, 30, tzinfo=UTC)) == 1
    assert hand_over_digests(datetime(2026, 3, 1, 18, 40, tzinfo=UTC)) == 0
    assert hand_over_digests(datetime(2026, 3, 2, 7, 10, tzinfo=UTC)) == 3

    digest = render_digest(Message.objects.get(to_address=people[0].email))
    assert digest is not None
    assert digest.subject == "2 updates since yesterday · Alliance"
    assert "Story 1" in digest.text
    assert "Story 2" in digest.text


def test_a_late_notification_waits_for_the_next_digest_and_is_not_lost(
    people: list[Person],
) -> None:
    notify(Gossip(story=1), cause="g1")
    fan_out_waiting()
    Notification.objects.update(created_at=datetime(2026, 3, 1, 6, 0, tzinfo=UTC))
    hand_over_digests(datetime(2026, 3, 1, 7, 5, tzinfo=UTC))
    notify(Gossip(story=2), cause="g2")
    fan_out_waiting()
    # Written before the morning, committed after the digest was made.
    Notification.objects.filter(event__dedupe_key="gossip:g2").update(
        created_at=datetime(2026, 3, 1, 6, 59, 59, tzinfo=UTC)
    )

    assert hand_over_digests(datetime(2026, 3, 1, 7, 10, tzinfo=UTC)) == 0
    assert hand_over_digests(datetime(2026, 3, 2, 7, 10, tzinfo=UTC)) == 4


def test_an_empty_digest_is_never_sent(people: list[Person]) -> None:
    notify(Gossip(story=1), cause="g1")
    fan_out_waiting()
    Notification.objects.update(created_at=datetime(2026, 3, 1, 6, 0, tzinfo=UTC))
    hand_over_digests(datetime(2026, 3, 1, 7, 5, tzinfo=UTC))
    RECIPIENTS.clear()

    assert render_digest(Message.objects.get(to_address=people[0].email)) is None


def test_last_morning_before_seven_is_yesterdays(people: list[Person]) -> None:
    people[0].zone = "Europe/Zurich"

    morning = last_morning(people[0], datetime(2026, 3, 2, 5, 0, tzinfo=UTC))

    assert morning == datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
