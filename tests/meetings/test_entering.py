"""A meeting that took place before anybody wrote it down here: on record, and nobody is told."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import Invalid, NotAllowed
from common.record.models import Record
from notifications.models import Event
from tests import factories
from workinggroups.groups.models import ActionItem
from workinggroups.meetings import actions
from workinggroups.meetings.models import Meeting

pytestmark = pytest.mark.django_db

THEN = {
    "title": "First meeting",
    "local_date": date(2021, 3, 4),
    "local_time": time(18),
    "zone": "Europe/Zurich",
    "duration_minutes": 60,
}
MINUTES = "We met.\n\naction: @Mira Member writes the protocol by 2021-04-01"


def enter(actor, group, **changes) -> Meeting:
    return actions.enter_past_meeting(actor=actor, group=group, **{**THEN, **changes})


def test_a_past_meeting_is_held_with_its_notes_and_says_when_it_was_entered(chair, group):
    meeting = enter(chair, group, notes=MINUTES)

    assert (meeting.state, meeting.notes_count) == ("held", 1)
    assert meeting.starts_at == datetime(2021, 3, 4, 17, tzinfo=UTC)
    assert meeting.is_entered_afterwards
    record = Record.objects.get(object_uuid=meeting.uuid)
    assert (record.verb, record.actor_uuid) == ("entered_afterwards", chair.uuid)


def test_nobody_is_told_of_it_and_nobody_gets_something_to_do(chair, member, group):
    enter(chair, group, notes=MINUTES)

    assert not Event.objects.exists()
    assert not ActionItem.objects.exists()


def test_who_was_there_is_recorded_as_for_any_meeting(chair, member, group):
    meeting = enter(chair, group)

    actions.record_attendance(
        actor=chair, meeting=meeting, roster=[chair.pk, member.pk], present=[member.pk]
    )

    assert {row.person: row.state for row in meeting.attendance.all()} == {
        chair: "absent",
        member: "present",
    }


def test_its_minutes_are_late_only_three_weeks_after_it_was_entered(chair, group):
    meeting = enter(chair, group)
    assert not meeting.minutes_are_late
    assert not Meeting.objects.minutes_late().exists()

    Meeting.objects.update(entered_at=factories.ago(days=22))

    meeting.refresh_from_db()
    assert meeting.minutes_are_late
    assert Meeting.objects.minutes_late().get() == meeting


def test_what_is_still_to_come_cannot_be_entered_as_past(chair, group):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(Invalid, match="not over"):
        enter(chair, group, local_date=tomorrow)


def test_only_officers_enter_one(member, group):
    with pytest.raises(NotAllowed):
        enter(member, group)


def test_a_chair_enters_one_and_is_led_to_the_attendance(chair, group, client_of):
    client = client_of(chair)
    form = {**THEN, "local_date": "2021-03-04", "local_time": "18:00", "notes": "We met."}
    assert "Add a past meeting" in client.get(reverse("meetings", args=[group.slug])).text

    answer = client.post(reverse("meeting-enter", args=[group.slug]), form)

    meeting = Meeting.objects.get()
    assert answer.url == reverse("meeting-attendance", args=[group.slug, meeting.number])
    page = client.get(meeting.get_absolute_url()).text
    assert "Added afterwards." in page
    assert "Chiara Chair added this meeting on" in page


def test_notes_that_are_too_long_are_refused_with_everything_typed_kept(chair, group, client_of):
    form = {**THEN, "local_date": "2021-03-04", "local_time": "18:00", "notes": "x" * 2_000_000}

    answer = client_of(chair).post(reverse("meeting-enter", args=[group.slug]), form)

    assert answer.status_code in {413, 422}
    assert not Meeting.objects.exists()


def test_a_running_meeting_says_so_also_once_attendance_is_recorded(chair, group, client_of):
    meeting = factories.meeting(group, starts_at=factories.ago(minutes=10), state="held")

    running = client_of(chair).get(meeting.get_absolute_url()).text
    Meeting.objects.update(starts_at=factories.ago(minutes=90), ends_at=factories.ago(minutes=30))
    over = client_of(chair).get(meeting.get_absolute_url()).text

    assert "In progress" in running
    assert "Held" not in running
    assert "Held" in over
