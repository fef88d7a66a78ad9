"""What a reader is told of a meeting names the hour on their own clock, and the meeting's beside it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.mail.models import Message
from members.onboarding.actions import invitations
from members.onboarding.mails import render_invitation
from notifications.deliver import hand_over, queue_digest
from notifications.fan_out import fan_out_waiting
from notifications.mails import render_digest, render_notifications
from notifications.models import Notification
from tests import factories
from tests.browser import signed_in
from tests.days.conftest import mail_to
from workinggroups.meetings import actions

pytestmark = pytest.mark.django_db

STARTS = datetime(2037, 11, 26, 17, tzinfo=UTC)


def read_in(person, zone):
    person.zone = zone
    person.save(update_fields=["zone"])
    return person


def cancelled(chair, group):
    meeting = factories.meeting(group, "Weekly", starts_at=STARTS, zone="America/Chicago")
    return actions.cancel_meeting(actor=chair, meeting=meeting, reason="Nobody can")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (
            "Asia/Shanghai",
            "Fri 27 Nov 2037, 01:00 CST (UTC+8); in Chicago Thu 26 Nov, 11:00 (UTC-6)",
        ),
        ("America/Chicago", "Thu 26 Nov 2037, 11:00 CST (UTC-6)."),
        ("UTC", "Thu 26 Nov 2037, 17:00 UTC; in Chicago 11:00 (UTC-6)"),
    ],
)
def test_mail_inbox_api_and_digest_speak_the_readers_hour(chair, member, group, zone, words):
    read_in(member, zone)
    cancelled(chair, group)

    mail = mail_to(member)
    browser = signed_in(member)
    inbox = browser.get("/inbox/").text
    (notified,) = browser.get("/api/v1/notices/").json()["results"]
    Notification.objects.filter(channel="mail").update(
        rhythm="digest", state="waiting", created_at=timezone.now() - timedelta(days=2)
    )
    queue_digest(member, timezone.now())
    digest = render_digest(Message.objects.get(kind="digest"))

    assert digest is not None
    for text in (mail.text, mail.html, inbox, notified["detail"], digest.text, digest.html):
        assert words in text
        assert "Nobody can" in text


def test_the_end_of_corrections_is_told_with_its_hour(chair, member, group):
    read_in(member, "Pacific/Auckland")
    held = factories.past_meeting(group, state="held")
    factories.notes(held, author=chair)
    actions.offer_minutes(actor=chair, meeting=held, correction_days=3)

    assert (
        " NZ"
        in mail_to(member).text.partition("Participants can ask for corrections until")[2][:60]
    )


def test_mails_of_readers_in_many_zones_are_worded_once_a_zone(chair, group):
    zones = ["Asia/Shanghai", "Asia/Taipei", "America/Chicago", "Europe/Prague", "Europe/Paris"]
    organization = factories.organization("Crowd")
    for number in range(40):
        person = factories.member_of(organization, f"Person {number}")
        factories.seat(group, read_in(person, zones[number % 5]), organization=organization)
    meeting = factories.meeting(group, "Weekly", starts_at=STARTS, zone="America/Chicago")
    factories.agenda_item(meeting)
    actions.post_agenda(actor=chair, meeting=meeting)
    fan_out_waiting()
    Notification.objects.filter(channel="mail").update(rhythm="now")
    hand_over()
    messages = list(Message.objects.filter(kind="notice"))

    with CaptureQueriesContext(connection) as captured:
        worded = render_notifications(messages)

    assert len(messages) == 40
    assert len({mail.text.partition("Stop")[0] for mail in worded.values() if mail}) == 3
    assert len(captured) <= 5


def test_an_invitation_says_in_the_readers_time_when_it_ends(
    representative, organization, outsider
):
    read_in(outsider, "Asia/Tokyo")

    invitations.invite(
        actor=representative, organization=organization, address=outsider.email, role="colleague"
    )
    invitations.invite(
        actor=representative, organization=organization, address="new@e.example", role="colleague"
    )

    for address, zone in ((outsider.email, "JST (UTC+9)"), ("new@e.example", "UTC")):
        mail = render_invitation(Message.objects.get(to_address=address))
        assert mail is not None
        assert re.search(rf"once, until \w+ \d+ \w+ \d+, \d\d:\d\d {re.escape(zone)}:", mail.text)
        assert f" {zone}." in mail.html
