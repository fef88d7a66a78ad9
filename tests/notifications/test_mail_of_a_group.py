"""What a reader's mails have in common: their thread, how to stop them, and where to answer."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.mail.deliver import deliver_due
from common.mail.models import Message
from members.people.models import Person
from notifications.actions import choose, resume, stop
from notifications.choices import DIGEST, Frequency
from notifications.deliver import hand_over, queue_digest
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_digest, stop_token
from notifications.models import Notification, Preference
from tests import factories
from tests.browser import signed_in
from tests.mail.sink import Sink, sink
from workinggroups.discussion import actions as talk
from workinggroups.groups.models import Group, Participation
from workinggroups.meetings import actions as meetings
from workinggroups.meetings.models import Attendance, Meeting

__all__ = ["sink"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(chair: Person, member: Person) -> Group:
    group = factories.group("Second group", chair=chair)
    factories.seat(group, member)
    return group


def notified(sink: Sink, reader: Person) -> list[EmailMessage]:
    """What the reader gets by mail of all that happened since the last asking."""
    sink.mails.clear()
    fan_out_waiting()
    hand_over()
    deliver_due()
    return [mail for mail in sink.mails if mail["To"] == reader.email]


def stop_path(mail: EmailMessage) -> str:
    found = re.fullmatch(r"<http://testserver(/.*)>", str(mail["List-Unsubscribe"]))
    assert found, mail["List-Unsubscribe"]
    return found[1]


def one_click(mail: EmailMessage) -> str:
    """As a mail program stops it, without cookies; the page it is answered."""
    answer = Client(enforce_csrf_checks=True).post(
        stop_path(mail), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    return str(answer.content.decode())


def topic_in(group: Group, chair: Person, title: str) -> Any:
    return talk.start_topic(actor=chair, group=group, title=title, source="Needed?")


@pytest.fixture
def at_once(member: Person) -> None:
    choose(actor=member, kind="topic_started", frequency=Frequency.NOW)


def test_mails_of_a_topic_are_one_thread_that_begins_with_one_the_reader_got(
    sink: Sink, group: Group, chair: Person, secretary: Person, member: Person
) -> None:
    """The start of the topic went to this reader's digest, so the thread begins with a post."""
    topic = topic_in(group, chair, "The limit")
    talk.follow_topic(actor=member, topic=topic, is_muted=False)
    mails = notified(sink, member)
    for writer in (chair, secretary, chair):
        talk.add_post(actor=writer, topic=topic, source="Yes.")
        mails += notified(sink, member)

    subject = f"[{group.name}] The limit"
    assert [mail["Subject"] for mail in mails] == [subject, f"Re: {subject}", f"Re: {subject}"]
    assert [mail["References"] for mail in mails] == [None, *[mails[0]["Message-ID"]] * 2]
    assert {mail["List-Id"] for mail in mails} == {f"<post-added.{group.list_name}.testserver>"}


def test_one_click_stops_what_the_list_id_names_and_can_be_undone(
    sink: Sink, group: Group, other: Group, chair: Person, member: Person, at_once: None
) -> None:
    topic_in(group, chair, "First")
    (mail,) = notified(sink, member)
    assert mail["List-Id"] == f"<topic-started.{group.list_name}.testserver>"
    assert Client().get(stop_path(mail)).status_code == 200
    topic_in(group, chair, "Still mailed, since nothing was stopped by looking")
    assert len(notified(sink, member)) == 1

    page = one_click(mail)

    assert "Undo" in page
    topic_in(group, chair, "Not mailed")
    topic_in(other, chair, "Of another group")
    meetings.cancel_meeting(
        actor=chair, meeting=factories.meeting(group, "Weekly"), reason="Nobody can"
    )
    assert {mail["Subject"] for mail in notified(sink, member)} == {
        f"[{other.name}] Of another group",
        f"[{group.name}] Weekly",
    }
    Client().post(stop_path(mail), {"undo": "1", "before": ""})
    topic_in(group, chair, "Mailed again")
    assert len(notified(sink, member)) == 1


def test_changes_of_a_meeting_one_comes_to_are_mailed_though_such_mail_was_stopped(
    sink: Sink, group: Group, chair: Person, member: Person, observer: Person
) -> None:
    meeting = factories.meeting(group, "Weekly")
    meetings.answer_meeting(actor=member, meeting=meeting, is_coming=True)
    for person in (member, observer):
        stop(actor=person, kind="meeting_cancelled", scope_uuid=group.uuid)
        stop(actor=person, kind="meeting_cancelled")

    meetings.cancel_meeting(actor=chair, meeting=meeting, reason="Nobody can")

    assert len(notified(sink, member)) == 1
    assert not [mail for mail in sink.mails if mail["To"] == observer.email]


def test_who_stops_mail_of_meetings_is_told_what_still_comes(member: Person) -> None:
    pages = {
        name: Client().get(reverse("notices-stop", args=[stop_token(member, name)]))
        for name in ("meeting_cancelled", "topic_started")
    }

    said = "We will still notify you of changes to meetings you said you would attend."
    assert said in pages["meeting_cancelled"].content.decode()
    assert "Meeting cancelled" in pages["meeting_cancelled"].content.decode()
    assert said not in pages["topic_started"].content.decode()


def test_links_of_mails_from_before_stop_the_kind_everywhere(
    sink: Sink, group: Group, other: Group, chair: Person, member: Person, at_once: None
) -> None:
    path = reverse("notices-stop", args=[stop_token(member, "topic_started")])

    page = Client().post(path).content.decode()

    topic_in(group, chair, "One")
    topic_in(other, chair, "Two")
    assert notified(sink, member) == []
    before = re.search(r'name="before" value="(\w*)"', page)
    assert before
    Client().post(path, {"undo": "1", "before": before[1]})
    preference = Preference.objects.get(person=member, kind="topic_started")
    assert preference.rhythm == Frequency.NOW


def test_what_was_stopped_by_a_link_is_listed_and_goes_on_by_a_button(
    group: Group, member: Person
) -> None:
    stop(actor=member, kind="post_added", scope_uuid=group.uuid)
    stop(actor=member, kind=DIGEST)
    client, page = signed_in(member), reverse("notices-settings")
    shown = client.get(page).content.decode()
    assert f"A post in a topic you follow, {group.name}" in shown
    assert "Daily digest" in shown

    for row in Preference.objects.filter(person=member):
        client.post(page, {"resume": row.pk})

    assert not Preference.objects.filter(person=member).exists()


def test_a_digest_says_when_where_and_why_and_is_stopped_by_one_click(
    sink: Sink, group: Group, chair: Person, member: Person
) -> None:
    Person.objects.filter(pk=member.pk).update(zone="Asia/Tokyo")
    member.refresh_from_db()
    topic_in(group, chair, "The limit")
    fan_out_waiting()
    mailed = Notification.objects.filter(channel="mail")
    mailed.update(created_at="2026-03-01T00:00Z")
    mailed.get(person=member).event.__class__.objects.update(at="2026-03-01T16:30Z")

    morning = datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert queue_digest(member, morning)
    message = Message.objects.get(kind="digest")
    assert render_digest(message) is not None
    deliver_due()
    (mail,) = sink.mails

    assert mail["Subject"] == "1 update since yesterday · Alliance"
    assert mail["List-Id"] == "<digest.testserver>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert f"[{group.name}] " in text
    assert "Mon 2 Mar 2026, 01:30 JST (UTC+9)" in text
    assert f"because you are in {group.name}" in text
    one_click(mail)
    topic_in(group, chair, "After that")
    fan_out_waiting()
    assert not Notification.objects.filter(channel="mail", person=member, state="waiting").exists()
    resume(actor=member, kind=DIGEST)
    topic_in(group, chair, "And again")
    fan_out_waiting()
    assert Notification.objects.filter(channel="mail", person=member, state="waiting").count() == 1


def answer_url(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"Say whether you are coming:\s+http://testserver(\S+)", body.get_content())
    assert found, body.get_content()
    return found[1]


def moved(chair: Person, meeting: Meeting) -> Meeting:
    return meetings.change_meeting(
        actor=chair,
        meeting=meeting,
        sequence=meeting.sequence,
        title=meeting.title,
        local_date=meeting.local_date,
        local_time=meeting.local_time,
        zone="UTC",
        duration_minutes=75,
    )


def test_the_link_of_a_mail_answers_for_its_reader_and_only_on_confirming(
    sink: Sink, group: Group, chair: Person, member: Person, observer: Person
) -> None:
    meeting = moved(chair, factories.meeting(group, "Weekly", zone="UTC"))
    (mail,) = notified(sink, member)
    path = answer_url(mail)
    client = Client(enforce_csrf_checks=True)

    shown = client.get(path).content.decode()

    assert "Weekly" in shown
    assert str(member) in shown
    assert not Attendance.objects.exists()
    assert client.post(path, {"answer": "perhaps"}).status_code == 422
    assert client.post(path, {"answer": "regrets"}).status_code == 200
    assert Attendance.objects.get(person=member, meeting=meeting).state == "regrets"
    end_seat(member, group)
    assert client.get(path).status_code == 404
    assert client.post(path, {"answer": "coming"}).status_code == 404
    assert client.get(reverse("meeting-answer-by-link", args=["forged"])).status_code == 404
    other = next(each for each in sink.mails if each["To"] == observer.email)
    meetings.cancel_meeting(actor=chair, meeting=meeting, reason="Nobody can")
    closed = client.post(answer_url(other), {"answer": "coming"})
    assert "cancelled" in closed.content.decode()
    assert not Attendance.objects.filter(person=observer).exists()


def end_seat(person: Person, group: Group) -> None:
    """The person's seat in the group has ended."""
    ended = "[2020-01-01, 2020-01-02)"
    Participation.objects.filter(group=group, person=person).update(during=ended)
