from uuid import uuid4

import pytest

from common.access import viewer_for
from common.errors import Invalid
from members.people.models import Person
from notifications.actions import announce, choose, mark_all_read, mark_read
from notifications.choices import Channel, Rhythm
from notifications.expand import expand, expand_waiting
from notifications.models import Event, Notice


def told(channel: Channel) -> list[int]:
    return list(
        Notice.objects.filter(channel=channel)
        .order_by("person_id")
        .values_list("person_id", flat=True)
    )


def test_everybody_in_the_audience_but_the_actor_is_told_once(people: list[Person]) -> None:
    announce(kind="story", dedupe_key="s1", ref={"story": 1}, actor=people[0])

    expand_waiting()
    expand(Event.objects.get())

    assert told(Channel.INBOX) == [person.pk for person in people[1:]]
    assert told(Channel.MAIL) == [person.pk for person in people[1:]]


def test_the_same_key_announces_once(people: list[Person]) -> None:
    first = announce(kind="story", dedupe_key="s1", ref={"story": 1})

    second = announce(kind="story", dedupe_key="s1", ref={"story": 2})

    assert first == second
    assert Event.objects.count() == 1


def test_an_unknown_kind_is_refused(people: list[Person]) -> None:
    with pytest.raises(KeyError):
        announce(kind="nonsense", dedupe_key="s1", ref={})


def test_a_choice_for_this_scope_goes_before_the_general_one(people: list[Person]) -> None:
    scope = uuid4()
    choose(actor=people[0], kind="story", rhythm=Rhythm.OFF)
    choose(actor=people[1], kind="story", rhythm=Rhythm.OFF)
    choose(actor=people[1], kind="story", rhythm=Rhythm.NOW, scope_uuid=scope)
    announce(kind="story", dedupe_key="s1", ref={"story": 1}, scope_uuid=scope)

    expand_waiting()

    assert told(Channel.MAIL) == [person.pk for person in people[1:]]
    assert told(Channel.INBOX) == [person.pk for person in people]


def test_a_mandatory_kind_is_mailed_whatever_was_chosen(people: list[Person]) -> None:
    with pytest.raises(Invalid):
        choose(actor=people[0], kind="law", rhythm=Rhythm.OFF)
    announce(kind="law", dedupe_key="l1", ref={"story": 1})

    expand_waiting()

    assert told(Channel.MAIL) == [person.pk for person in people]


def test_a_suspended_person_is_not_told(people: list[Person]) -> None:
    Person.objects.filter(pk=people[2].pk).update(is_active=False)
    announce(kind="story", dedupe_key="s1", ref={"story": 1})

    expand_waiting()

    assert people[2].pk not in told(Channel.INBOX)
    assert len(told(Channel.INBOX)) == 3


def test_a_percent_sign_in_the_audience_survives(people: list[Person]) -> None:
    """The audience's own SQL may hold LIKE patterns; they are values, not format marks."""
    from notifications import registry
    from notifications.registry import Kind

    from .conftest import lines

    registry.register(
        Kind(
            "like",
            "Like",
            "Tests",
            lambda event: Person.objects.filter(email__startswith="p1"),
            lines,
        )
    )
    announce(kind="like", dedupe_key="k1", ref={"story": 1})

    expand_waiting()

    assert told(Channel.INBOX) == [people[1].pk]


def test_an_audience_of_nobody_holds_up_no_later_event(people: list[Person]) -> None:
    """As of an action item that was closed before its owner was told."""
    from notifications import registry
    from notifications.registry import Kind

    from .conftest import lines

    registry.register(Kind("nobody", "Nobody", "Tests", lambda event: Person.objects.none(), lines))
    announce(kind="nobody", dedupe_key="n1", ref={"story": 1})
    announce(kind="story", dedupe_key="s2", ref={"story": 1})

    expand_waiting()

    assert told(Channel.INBOX) == [person.pk for person in people]


def unread_count(person: Person) -> int:
    return int(Notice.objects.visible_to(viewer_for(person.pk)).unread().count())


def test_reading_counts_only_ones_own_notices(people: list[Person]) -> None:
    announce(kind="story", dedupe_key="s1", ref={"story": 1})
    announce(kind="story", dedupe_key="s2", ref={"story": 2})
    expand_waiting()
    others = list(Notice.objects.filter(person=people[1]).values_list("pk", flat=True))

    assert mark_read(actor=people[0], notice_ids=others) == 0
    assert unread_count(people[0]) == 2
    assert mark_all_read(actor=people[0]) == 2
    assert unread_count(people[0]) == 0
    assert unread_count(people[1]) == 2
