"""Who hears of a meeting and of talk, what they are shown, and that nobody else is."""

from datetime import time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from common.access import Level, viewer_for
from common.mail.compose import compose
from common.mail.models import Message
from notifications.content import contents_of
from notifications.deliver import hand_over
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_notification
from notifications.models import Event, Notification
from tests import factories
from tests.meetings.test_series import changed, in_days, planned, rows
from workinggroups.discussion import actions as talk
from workinggroups.meetings import actions
from workinggroups.meetings.models import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(chair, secretary, member, observer, outsider, staff, applicant, group):
    return group


def heard() -> set[str]:
    """Everybody who was told of the last event, in the inbox."""
    fan_out_waiting()
    last = Event.objects.order_by("-pk").first()
    return {
        notification.person.name
        for notification in Notification.objects.filter(event=last, channel="inbox")
    }


def cancelled(chair, group) -> Meeting:
    return actions.cancel_meeting(
        actor=chair, meeting=factories.meeting(group, "Weekly"), reason="Nobody can"
    )


def test_everybody_in_the_group_hears_of_a_meeting_and_nobody_else(
    cast, chair, secretary, member, observer
):
    cancelled(chair, cast)

    assert heard() == {secretary.name, member.name, observer.name}


def test_an_open_group_tells_its_own_people_and_not_the_whole_alliance(chair, member, outsider):
    group = factories.group("Open one", preset="open", chair=chair)
    factories.seat(group, member)

    cancelled(chair, group)

    assert heard() == {member.name}


def test_the_content_says_what_when_and_why(cast, chair, member):
    meeting = cancelled(chair, cast)
    event = Event.objects.get()

    content = contents_of([event], viewer_for(member.pk))[event.pk]

    assert content.title == "Cancelled: Weekly"
    assert content.url == meeting.get_absolute_url()
    assert content.detail.endswith("UTC. Nobody can")
    assert content.why == f"because you are in {cast.name}"


def test_there_is_no_content_for_somebody_who_may_not_read(cast, chair, outsider):
    cancelled(chair, cast)

    assert contents_of(Event.objects.all(), viewer_for(outsider.pk)) == {}


def test_the_mail_carries_the_meeting_and_asks_for_no_answer_by_mail(cast, chair, member):
    cancelled(chair, cast)
    fan_out_waiting()
    hand_over()
    message = Message.objects.get(to_address=member.email)

    mail = message_from_bytes(
        compose(message, render_notification(message)).message().as_bytes(), policy=default
    )

    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_param("method")) == ("meeting.ics", "PUBLISH")
    calendar = file.get_content()
    assert "METHOD:PUBLISH" in calendar
    assert "STATUS:CANCELLED" in calendar
    assert "ATTENDEE" not in calendar
    assert "RSVP" not in calendar
    assert "Replies to this e-mail are not read" in mail.get_body(("plain",)).get_content()


def test_a_change_of_26_meetings_is_one_mail_and_one_notification_for_each_person(
    cast, chair, secretary, member, observer
):
    until = in_days(3) + timedelta(weeks=25)
    series = planned(chair, cast, interval=1, until=until)
    first, *later = rows(series)
    assert 1 + len(later) == 26
    actions.answer_meeting(actor=member, meeting=later[3], is_coming=True)
    fan_out_waiting()
    Message.objects.all().delete()
    Notification.objects.all().delete()

    changed(chair, first, local_time=time(9))
    fan_out_waiting()
    hand_over()

    told = [secretary, member, observer]
    mails = Message.objects.order_by("to_address").values_list("to_address", flat=True)
    assert list(mails) == sorted(person.email for person in told)
    inbox = Notification.objects.filter(channel="inbox").values_list("person__name", flat=True)
    assert sorted(inbox) == sorted(person.name for person in told)
    assert {row.moved_from for row in rows(series)} == {row.starts_at for row in [first, *later]}


def test_a_new_topic_is_told_to_the_group_and_a_post_to_its_followers(
    cast, chair, secretary, member, observer
):
    topic = talk.start_topic(actor=member, group=cast, title="The limit", source="Needed?")
    assert heard() == {chair.name, secretary.name, observer.name}

    talk.add_post(actor=chair, topic=topic, source="Yes.")
    assert heard() == {member.name}

    talk.follow_topic(actor=member, topic=topic, is_muted=True)
    talk.add_post(actor=secretary, topic=topic, source="No.")
    assert heard() == {chair.name}


def test_a_topic_of_the_chairs_is_told_to_chairs(cast, chair, co_chair):
    talk.start_topic(
        actor=chair, group=cast, title="A complaint", source="About", level=Level.CHAIRS
    )

    assert heard() == {co_chair.name}


def test_a_hidden_post_is_told_no_more(cast, chair, member):
    topic = talk.start_topic(actor=member, group=cast, title="The limit", source="Needed?")
    event = Event.objects.get()
    assert event.pk in contents_of([event], viewer_for(chair.pk))

    talk.hide_post(actor=chair, post=topic.posts.get(), reason="Names a price")

    assert contents_of([event], viewer_for(chair.pk)) == {}
