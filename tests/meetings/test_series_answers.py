"""The link in a mail about a series, by which its reader answers without signing in."""

import re
from datetime import time, timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.mail.models import Message
from common.times import ended
from members.people.models import Person
from notifications.deliver import hand_over
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_notification
from tests.meetings.test_series import changed, planned, rows
from workinggroups.groups.models import Group, Participation
from workinggroups.meetings import actions
from workinggroups.meetings.answers import (
    answer_token,
    read_series_token,
    series_answer_path,
    series_answer_token,
)
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries

pytestmark = pytest.mark.django_db


def link(series: MeetingSeries, person: Person) -> str:
    return series_answer_path(series.uuid, person)


def answers(person: Person) -> dict[int, str]:
    return dict(Attendance.objects.filter(person=person).values_list("meeting", "state"))


def mail_to(person: Person) -> str:
    """The text of all mails to this person since the last call."""
    fan_out_waiting()
    hand_over()
    mails = [render_notification(each) for each in Message.objects.filter(to_address=person.email)]
    Message.objects.all().delete()
    return "\n".join(mail.full_text for mail in mails if mail)


def test_a_mail_about_a_series_asks_and_leads_to_the_page_that_takes_the_answer(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    text = mail_to(member)
    assert "Say whether you are coming" in text
    (path,) = re.findall(rf"{re.escape(settings.SITE_URL)}(/meetings/answer/\S+)", text)

    page = client.get(path)

    assert page.status_code == 200
    assert series.title in page.text
    assert "Also for all meetings that follow" in page.text
    assert "checked" in re.findall(r'<input[^>]*name="following"[^>]*>', page.text)[0]
    assert answers(member) == {}


def test_the_mail_about_a_changed_series_asks_too(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    mail_to(member)
    second = changed(chair, rows(series)[2], local_time=time(9))

    (token,) = re.findall(r"/meetings/answer/series/([^/]+)/", mail_to(member))
    assert read_series_token(token) == (second.uuid, member.uuid)


def test_one_click_answers_for_the_next_meeting_and_all_that_follow(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    made = rows(series)

    page = client.post(link(series, member), {"answer": "coming", "following": "on"})

    assert page.status_code == 200
    assert f"You said you are coming to {len(made)} meetings, the last on" in page.text
    assert answers(member) == {row.pk: "coming" for row in made}


def test_without_the_tick_it_is_the_answer_to_the_next_meeting_only(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    first, second, *_rest = rows(series)
    actions.cancel_meeting(actor=chair, meeting=first, reason="Holiday.")

    client.post(link(series, member), {"answer": "regrets"})

    assert answers(member) == {second.pk: "regrets"}


def test_whoever_answered_before_changes_one_answer_unless_they_say_all(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    first = rows(series)[0]
    actions.answer_meeting(actor=member, meeting=rows(series)[3], is_coming=False)

    page = client.get(link(series, member)).text
    (tick,) = re.findall(r'<input[^>]*name="following"[^>]*>', page)
    assert "checked" not in tick

    client.post(link(series, member), {"answer": "coming", "meeting": str(first.uuid)})
    assert answers(member)[first.pk] == "coming"


def test_a_link_of_before_a_change_answers_for_the_series_that_goes_on(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    made = rows(series)
    changed(chair, made[1], local_time=time(9))
    changed(chair, made[4], local_time=time(10))

    client.post(link(series, member), {"answer": "coming", "following": "on"})
    assert answers(member) == {row.pk: "coming" for row in made}

    Meeting.objects.filter(pk=made[0].pk).update(
        starts_at=timezone.now() - timedelta(days=1), ends_at=timezone.now() - timedelta(hours=23)
    )
    client.post(link(series, member), {"answer": "regrets"})
    assert answers(member)[made[1].pk] == "regrets"


def test_an_answer_for_all_that_follow_goes_on_with_a_changed_series(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    made = rows(series)
    changed(chair, made[3], local_time=time(9))

    actions.answer_meeting(actor=member, meeting=made[1], is_coming=True, and_following=True)

    assert answers(member) == {row.pk: "coming" for row in made[1:]}


def test_an_ended_series_takes_no_answer_and_says_why(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    actions.end_series(actor=chair, series=series, reason="The work is done.")
    assert "Say whether you are coming" not in mail_to(member)

    page = client.get(link(series, member))
    assert page.status_code == 200
    assert "This series has ended." in page.text
    assert "The work is done." in page.text
    assert "<form" not in page.text.partition("<main")[2]

    client.post(link(series, member), {"answer": "coming"})
    assert answers(member) == {}


def test_a_series_without_a_coming_meeting_says_so(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    for row in rows(series):
        actions.cancel_meeting(actor=chair, meeting=row, reason="Holiday.")

    page = client.post(link(series, member), {"answer": "coming"})

    assert "No meeting of this series is scheduled." in page.text
    assert answers(member) == {}


def test_a_meeting_that_is_over_meanwhile_is_said_and_the_next_is_offered(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    first, second, *_rest = rows(series)
    actions.cancel_meeting(actor=chair, meeting=first, reason="Holiday.")

    page = client.post(link(series, member), {"answer": "regrets", "meeting": str(first.uuid)})

    assert page.status_code == 422
    assert "The meeting on this page no longer takes place." in page.text
    assert answers(member) == {}
    assert f'value="{second.uuid}"' in page.text
    (regrets,) = re.findall(r'<input[^>]*value="regrets"[^>]*>', page.text)
    assert "checked" in regrets


@pytest.mark.parametrize("posted", [{}, {"answer": "maybe"}, {"answer": "coming", "meeting": "x"}])
def test_what_is_no_answer_changes_nothing(
    client: Client, chair: Person, member: Person, group: Group, posted: dict[str, str]
) -> None:
    series = planned(chair, group)

    assert client.post(link(series, member), posted).status_code == 422
    assert answers(member) == {}


def test_the_link_is_a_404_for_whom_it_cannot_be(
    client: Client, chair: Person, member: Person, outsider: Person, group: Group
) -> None:
    series = planned(chair, group)
    assert client.get(link(series, outsider)).status_code == 404
    seat = Participation.objects.get(group=group, person=member)
    seat.during = ended(seat.during)
    seat.save(update_fields=["during"])

    assert client.get(link(series, member)).status_code == 404
    assert client.post(link(series, member), {"answer": "coming"}).status_code == 404
    assert answers(member) == {}


def test_links_of_meetings_and_of_series_are_not_each_other(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    meeting = rows(series)[0]
    assert signing.loads(answer_token(meeting.uuid, member), salt="meetings.answer")
    assert signing.loads(series_answer_token(series.uuid, member), salt="meetings.series-answer")

    single = reverse("meeting-answer-by-link", args=[answer_token(meeting.uuid, member)])
    assert client.get(single).status_code == 200
    for route, token in (
        ("meeting-answer-by-link", series_answer_token(series.uuid, member)),
        ("series-answer-by-link", answer_token(meeting.uuid, member)),
        ("series-answer-by-link", answer_token(series.uuid, member)),
        ("series-answer-by-link", "forged"),
    ):
        assert client.get(reverse(route, args=[token])).status_code == 404


def test_the_page_costs_as_much_with_many_meetings(
    client: Client, chair: Person, member: Person, group: Group
) -> None:
    few, many = planned(chair, group, interval=6), planned(chair, group, interval=1)
    client.get(link(few, member))

    with CaptureQueriesContext(connection) as of_few:
        client.post(link(few, member), {"answer": "coming", "following": "on"})
    with CaptureQueriesContext(connection) as of_many:
        client.post(link(many, member), {"answer": "coming", "following": "on"})
    assert len(of_many) == len(of_few)
