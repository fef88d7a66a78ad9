"""After a restore mail waits until staff release it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.mail.actions import queue
from common.mail.deliver import deliver_due
from common.mail.models import Message
from common.mail.pauses import hold, is_held
from common.record.models import Record
from members.people import mails
from members.people.models import Person
from notifications.deliver import hand_over
from notifications.fan_out import fan_out_waiting
from notifications.models import Notification
from tests import factories
from tests.browser import signed_in
from tests.mail.sink import Sink, sink
from workinggroups.groups.models import Group
from workinggroups.meetings import actions as meetings

__all__ = ["sink"]

pytestmark = pytest.mark.django_db


def notified_of_a_meeting(group: Group, chair: Person) -> None:
    meetings.cancel_meeting(
        actor=chair, meeting=factories.meeting(group, "Weekly"), reason="Nobody can"
    )
    fan_out_waiting()


def states() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("kind", "state"))


def test_held_mail_waits_codes_go_out_and_staff_release_what_is_not_too_old(
    sink: Sink, group: Group, chair: Person, member: Person, staff: Person
) -> None:
    notified_of_a_meeting(group, chair)
    hand_over()
    Message.objects.update(created_at=timezone.now() - timedelta(days=3))
    hold()
    notified_of_a_meeting(group, chair)
    mails.queue_code(to_address=staff.email, purpose="sign_in", code="ABCD")

    assert hand_over() == 0
    assert deliver_due() == 1

    assert states() == {("notice", "queued"), ("sign_in_code", "sent")}
    client, page = signed_in(staff), reverse("staff-mail")
    assert "Mail has been held since the restore" in client.get(reverse("staff")).content.decode()
    waiting = Message.objects.open().count() + Notification.objects.filter(state="waiting").count()
    assert f"{waiting} e-mails are waiting" in client.get(page).content.decode()
    assert signed_in(member).post(reverse("staff-mail-release")).status_code == 404
    refused = client.post(reverse("staff-mail-release"), {"drop_before": "yesterday"})
    assert refused.status_code == 400
    assert is_held()

    day = (timezone.now() - timedelta(days=1)).date().isoformat()
    client.post(reverse("staff-mail-release"), {"drop_before": day})

    assert not is_held()
    assert hand_over() > 0
    deliver_due()
    assert states() == {("notice", "dropped"), ("notice", "sent"), ("sign_in_code", "sent")}
    record = Record.objects.get(kind="mail")
    assert (record.verb, record.actor_uuid) == ("released", staff.uuid)
    assert json.loads(record.facts)["drop_before"] == day


def test_held_mail_is_released_once(staff: Person) -> None:
    client: Client = signed_in(staff)
    hold()

    answers = [client.post(reverse("staff-mail-release")).status_code for _ in range(2)]

    assert answers == [302, 409]
    assert Record.objects.filter(kind="mail").count() == 1


def test_mail_that_may_be_repeated_is_not_sent_by_queueing_it_again(sink: Sink) -> None:
    queue(dedupe_key="k", to_address="a@example.org", kind="invitation", ref={})
    hold()
    queue(dedupe_key="k", to_address="a@example.org", kind="invitation", ref={})

    assert deliver_due() == 0
    assert Message.objects.get().state == "queued"
