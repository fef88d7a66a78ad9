from uuid import uuid4

import pytest
from django.db.models import QuerySet

from common.access import viewer_for
from common.errors import Invalid
from members.people.models import Person
from notifications.actions import choose, mark_all_read, mark_read, notify
from notifications.choices import Channel, Frequency
from notifications.fan_out import fan_out, fan_out_waiting
from notifications.models import Event, Notification
from notifications.registry import register

from .conftest import Law, Story


def notified(channel: Channel) -> list[int]:
    return list(
        Notification.objects.filter(channel=channel)
        .order_by("person_id")
        .values_list("person_id", flat=True)
    )


def test_every_recipient_but_the_actor_is_notified_once(people: list[Person]) -> None:
    notify(Story(story=1), cause="s1", actor=people[0])

    fan_out_waiting()
    fan_out(Event.objects.get())

    assert notified(Channel.INBOX) == [person.pk for person in people[1:]]
    assert notified(Channel.MAIL) == [person.pk for person in people[1:]]


def test_the_same_cause_notifies_once(people: list[Person]) -> None:
    first = notify(Story(story=1), cause="s1")

    second = notify(Story(story=2), cause="s1")

    assert first == second
    assert Event.objects.count() == 1


def test_a_type_that_is_not_registered_is_refused(people: list[Person]) -> None:
    class Unregistered(Story):
        name = "unregistered"

    with pytest.raises(KeyError):
        notify(Unregistered(story=1), cause="s1")


def test_an_event_that_cannot_be_read_notifies_nobody_and_holds_up_no_later_event(
    people: list[Person],
) -> None:
    """Of a type that is gone, or with a payload that lacks a field; unknown fields are ignored."""
    Event.objects.create(kind="gone", dedupe_key="gone:1", ref={"story": 1})
    Event.objects.create(kind="story", dedupe_key="story:1", ref={})
    kept = Event.objects.create(kind="story", dedupe_key="story:2", ref={"story": 2, "more": 1})

    fan_out_waiting()

    assert set(Notification.objects.values_list("event", flat=True)) == {kept.pk}
    assert not Event.objects.filter(expanded_at=None).exists()


def test_a_choice_for_this_scope_goes_before_the_general_one(people: list[Person]) -> None:
    scope = uuid4()
    choose(actor=people[0], kind="story", frequency=Frequency.OFF)
    choose(actor=people[1], kind="story", frequency=Frequency.OFF)
    choose(actor=people[1], kind="story", frequency=Frequency.NOW, scope_uuid=scope)
    notify(Story(story=1), cause="s1", scope_uuid=scope)

    fan_out_waiting()

    assert notified(Channel.MAIL) == [person.pk for person in people[1:]]
    assert notified(Channel.INBOX) == [person.pk for person in people]


def test_a_mandatory_type_is_mailed_whatever_was_chosen(people: list[Person]) -> None:
    with pytest.raises(Invalid):
        choose(actor=people[0], kind="law", frequency=Frequency.OFF)
    notify(Law(story=1), cause="l1")

    fan_out_waiting()

    assert notified(Channel.MAIL) == [person.pk for person in people]


def test_a_suspended_person_is_not_notified(people: list[Person]) -> None:
    Person.objects.filter(pk=people[2].pk).update(is_active=False)
    notify(Story(story=1), cause="s1")

    fan_out_waiting()

    assert people[2].pk not in notified(Channel.INBOX)
    assert len(notified(Channel.INBOX)) == 3


def test_a_percent_sign_among_the_recipients_survives(people: list[Person]) -> None:
    """The SQL of recipients may hold LIKE patterns; they are values, not format marks."""

    class Like(Story):
        name = "like"

        def recipients(self) -> QuerySet[Person]:
            return Person.objects.filter(email__startswith="p1")

    register(Like)
    notify(Like(story=1), cause="k1")

    fan_out_waiting()

    assert notified(Channel.INBOX) == [people[1].pk]


def test_an_event_without_recipients_holds_up_no_later_event(people: list[Person]) -> None:
    """As of an action item that was closed before its owner was notified."""

    class Nobody(Story):
        name = "nobody"

        def recipients(self) -> QuerySet[Person]:
            return Person.objects.none()

    register(Nobody)
    notify(Nobody(story=1), cause="n1")
    notify(Story(story=1), cause="s2")

    fan_out_waiting()

    assert notified(Channel.INBOX) == [person.pk for person in people]


def unread_count(person: Person) -> int:
    return int(Notification.objects.visible_to(viewer_for(person.pk)).unread().count())


def test_reading_counts_only_ones_own_notifications(people: list[Person]) -> None:
    notify(Story(story=1), cause="s1")
    notify(Story(story=2), cause="s2")
    fan_out_waiting()
    others = list(Notification.objects.filter(person=people[1]).values_list("pk", flat=True))

    assert mark_read(actor=people[0], notification_ids=others) == 0
    assert unread_count(people[0]) == 2
    assert mark_all_read(actor=people[0]) == 2
    assert unread_count(people[0]) == 0
    assert unread_count(people[1]) == 2
