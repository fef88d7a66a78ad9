"""The mails of one event are worded together: few queries, each reader's own rights and way out."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.access import viewer_for, viewers_for
from common.mail.models import Message
from members.people.models import Person
from notifications.choices import NotificationState
from notifications.content import contents_for_readers, contents_of
from notifications.deliver import hand_over
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_notifications, stop_token
from notifications.models import Event, Notification
from tests import factories
from workinggroups.discussion import actions
from workinggroups.groups.models import Group, Participation

pytestmark = pytest.mark.django_db


def seat(group: Group, count: int) -> list[Person]:
    organization = factories.organization()
    people = [factories.member_of(organization) for _ in range(count)]
    for person in people:
        factories.seat(group, person, organization=organization)
    return people


def mails_of_a_post(group: Group, chair: Person) -> list[Message]:
    """What waits in the outbox after a topic was started that everybody has mailed at once."""
    actions.start_topic(actor=chair, group=group, title="The limit", source="Is it *needed*?")
    fan_out_waiting()
    Notification.objects.filter(channel="mail").update(rhythm="now")
    hand_over()
    return list(Message.objects.filter(kind="notice"))


def queries(messages: list[Message]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert all(render_notifications(messages).values())
    return len(captured)


def test_a_hundred_mails_cost_as_many_queries_as_ten(group: Group, chair: Person) -> None:
    seat(group, 100)
    messages = mails_of_a_post(group, chair)
    assert len(messages) == 100
    queries(messages[:1])

    assert queries(messages[:10]) == queries(messages) <= 5


def test_each_reader_has_a_way_out_of_ones_own(group: Group, chair: Person) -> None:
    people = seat(group, 3)
    messages = mails_of_a_post(group, chair)

    mails = render_notifications(messages)

    for person in people:
        (message,) = (each for each in messages if each.to_address == person.email)
        mail = mails[message.uuid]
        assert mail is not None
        token = re.compile(r"/notices/stop/([^/]+)/")
        found = {
            token.findall(text)[0].rpartition(":")[0].partition(":")[0]
            for text in (mail.full_text, mail.full_html, str(mail.unsubscribe_url))
        }
        assert found == {stop_token(person, "topic_started", group.uuid).partition(":")[0]}


def test_who_lost_the_seat_between_telling_and_sending_gets_nothing_and_the_others_do(
    group: Group, chair: Person
) -> None:
    left, *stayed = seat(group, 3)
    messages = mails_of_a_post(group, chair)
    Participation.objects.filter(person=left).update(during="[2020-01-01, 2020-01-02)")

    mails = render_notifications(messages)

    heard = {each.to_address for each in messages if mails[each.uuid]}
    assert heard == {person.email for person in stayed}
    assert Notification.objects.get(person=left, channel="mail").state == NotificationState.DROPPED


def test_contents_for_many_are_those_of_each(group: Group, chair: Person) -> None:
    people = [chair, *seat(group, 2), factories.person()]
    mails_of_a_post(group, chair)
    event = Event.objects.get()

    many = contents_for_readers((event, viewer_for(person.pk)) for person in people)

    each = {
        (event.pk, person.pk): content
        for person in people
        for content in contents_of([event], viewer_for(person.pk)).values()
    }
    assert many == each
    assert len(each) == 3


def test_viewers_of_many_are_those_of_each(
    group: Group, chair: Person, member: Person, observer: Person, staff: Person, outsider: Person
) -> None:
    gone = factories.person(is_active=False)
    people = [person.pk for person in (chair, member, observer, staff, outsider, gone)]

    assert viewers_for(people) == {person: viewer_for(person) for person in people}
