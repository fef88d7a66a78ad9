"""Planning, moving, cancelling: the calendar identity stays, the sequence rises, the group hears."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from common.access import Level
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.ui.date_format import moment_words
from notifications.models import Event
from tests import factories
from workinggroups.meetings import actions
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.meetings import MeetingMoved, start_words

pytestmark = pytest.mark.django_db

WHEN = {
    "title": "Guardrail interface",
    "local_date": date(2030, 11, 26),
    "local_time": time(18),
    "zone": "Europe/Zurich",
    "duration_minutes": 60,
}


def plan(actor, group, **changes) -> Meeting:
    return actions.plan_meeting(actor=actor, group=group, **{**WHEN, **changes})


def change(actor, meeting, **changes) -> Meeting:
    return actions.change_meeting(
        actor=actor, meeting=meeting, **{**WHEN, "sequence": meeting.sequence, **changes}
    )


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_a_planned_meeting_is_at_its_hour_in_its_zone(chair, group):
    meeting = plan(chair, group)

    assert meeting.starts_at == datetime(2030, 11, 26, 17, tzinfo=UTC)
    assert meeting.ends_at == datetime(2030, 11, 26, 18, tzinfo=UTC)
    assert (meeting.number, meeting.sequence, meeting.level) == (1, 0, Level.MEMBERS)


def test_planning_is_recorded_and_told_to_the_group(chair, group):
    meeting = plan(chair, group)

    assert kinds() == ["meeting_planned"]
    assert Record.objects.get(object_uuid=meeting.uuid).verb == "planned"


def test_meetings_are_numbered_within_their_group(chair, group):
    other = factories.group("Other", chair=chair)

    numbers = [plan(chair, group).number, plan(chair, group).number, plan(chair, other).number]

    assert numbers == [1, 2, 1]


@pytest.mark.parametrize("who", ["chair", "co_chair", "secretary"])
def test_officers_plan(who, group, request):
    assert plan(request.getfixturevalue(who), group).pk


@pytest.mark.parametrize("who", ["member", "observer", "outsider", "staff"])
def test_others_do_not_plan(who, group, request):
    with pytest.raises(NotAllowed):
        plan(request.getfixturevalue(who), group)

    assert not Meeting.objects.exists()


def test_a_concluded_group_plans_no_meeting(chair, group):
    group.state = "concluded"
    group.save(update_fields=["state"])

    with pytest.raises(WrongState):
        plan(chair, group)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zone": "Mars/Base"}, "zone"),
        ({"local_date": date(2030, 3, 31), "local_time": time(2, 30)}, "local_time"),
        ({"local_date": date(2030, 10, 27), "local_time": time(2, 30)}, "fold"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 1441}, "duration_minutes"),
    ],
)
def test_an_hour_that_cannot_be_is_refused_with_its_field(chair, group, changes, field):
    with pytest.raises(Invalid) as refusal:
        plan(chair, group, **changes)

    assert refusal.value.field == field


def test_a_moved_meeting_keeps_its_identity_and_raises_its_sequence(chair, group):
    meeting = plan(chair, group)
    uid, start = meeting.uid, meeting.starts_at

    moved = change(chair, meeting, local_time=time(19))

    assert (moved.uid, moved.sequence, moved.moved_from) == (uid, 1, start)
    assert moved.starts_at == start + timedelta(hours=1)
    assert kinds() == ["meeting_planned", "meeting_moved"]
    event = MeetingMoved(group=group.pk, meeting=str(moved.uuid))
    words = event.detail(moved, "UTC")
    assert words.startswith(start_words(moved, "UTC"))
    assert f"Previously scheduled for {moment_words(start, 'UTC')}." in words


def test_another_place_raises_the_sequence_without_a_move(chair, group):
    meeting = change(chair, plan(chair, group), place="Room 4")

    assert (meeting.sequence, meeting.moved_from) == (1, None)


def test_another_title_alone_is_told_to_nobody(chair, group):
    meeting = change(chair, plan(chair, group), title="Another title")

    assert (meeting.title, meeting.sequence) == ("Another title", 0)
    assert kinds() == ["meeting_planned"]


def test_a_move_over_another_move_is_refused(chair, co_chair, group):
    meeting = plan(chair, group)
    change(co_chair, meeting, local_time=time(19))

    with pytest.raises(Conflict):
        change(chair, meeting, local_time=time(20), sequence=0)


def test_a_cancelled_meeting_stays_with_reason_and_name(chair, group):
    meeting = actions.cancel_meeting(actor=chair, meeting=plan(chair, group), reason=" No quorum ")

    assert (meeting.state, meeting.sequence) == ("cancelled", 1)
    assert (meeting.cancelled_reason, meeting.cancelled_by) == ("No quorum", chair)
    assert list(Meeting.objects.coming()) == [meeting]
    assert list(Meeting.objects.upcoming()) == []
    assert kinds() == ["meeting_planned", "meeting_cancelled"]


def test_cancelling_needs_a_reason(chair, group):
    with pytest.raises(Invalid) as refusal:
        actions.cancel_meeting(actor=chair, meeting=plan(chair, group), reason="  ")

    assert refusal.value.field == "reason"


def test_nothing_is_changed_in_a_cancelled_meeting(chair, group):
    meeting = actions.cancel_meeting(actor=chair, meeting=plan(chair, group), reason="Ill")

    for act in (
        lambda: actions.cancel_meeting(actor=chair, meeting=meeting, reason="Again"),
        lambda: change(chair, meeting, sequence=1),
        lambda: actions.answer_meeting(actor=chair, meeting=meeting, is_coming=True),
        lambda: actions.add_agenda_item(actor=chair, meeting=meeting, title="Late"),
        lambda: actions.save_notes(actor=chair, meeting=meeting, base=0, source="x"),
        lambda: actions.offer_minutes(actor=chair, meeting=meeting),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_past_meeting_is_not_cancelled(chair, group):
    with pytest.raises(WrongState):
        actions.cancel_meeting(
            actor=chair, meeting=factories.past_meeting(group), reason="Too late"
        )


def test_a_held_meeting_is_not_moved(chair, group):
    meeting = factories.past_meeting(group, state="held")

    with pytest.raises(WrongState):
        change(chair, meeting)


def test_members_neither_move_nor_cancel(member, group):
    meeting = factories.meeting(group)

    with pytest.raises(NotAllowed):
        change(member, meeting)
    with pytest.raises(NotAllowed):
        actions.cancel_meeting(actor=member, meeting=meeting, reason="Mine")


def test_lists_of_what_comes_and_what_was(group):
    now = timezone.now()
    running = factories.meeting(group, starts_at=now - timedelta(minutes=30))
    next_one = factories.meeting(group, starts_at=now + timedelta(days=2))
    soon = factories.meeting(group, starts_at=now + timedelta(days=1))
    older = factories.meeting(group, starts_at=now - timedelta(days=9))
    last = factories.meeting(group, starts_at=now - timedelta(days=2))

    assert list(Meeting.objects.upcoming()) == [running, soon, next_one]
    assert list(Meeting.objects.past()) == [last, older]
