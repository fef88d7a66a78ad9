"""When what can be done in a meeting: the table, and what the clock makes of a meeting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import WrongState
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.phases import (
    OPEN_IN,
    LiveAct,
    Phase,
    is_live_page_linked,
    phase_of,
    require_open,
)

pytestmark = pytest.mark.django_db

# Each act by the phases in which it is open, as a chair would tell them.
TABLE = {
    "check in": "gathering running",
    "record who is present": "running overrun over",
    "add guests": "gathering running overrun over",
    "say that one was there": "overrun over",
    "confirm or decline that someone was there": "overrun over",
    "record that the notice of competition law was shown": "gathering running overrun",
    "ask to speak, and call speakers": "running overrun",
    "begin and end items of the agenda": "running overrun",
}

MOMENTS = [
    (timedelta(minutes=16), "early"),
    (timedelta(minutes=14), "gathering"),
    (timedelta(minutes=-1), "running"),
    (timedelta(minutes=-59), "running"),
    (timedelta(minutes=-61), "overrun"),
    (timedelta(minutes=-119), "overrun"),
    (timedelta(minutes=-121), "over"),
    (timedelta(days=-30), "over"),
]


def test_the_table_says_what_is_open_when() -> None:
    assert {act.value: set(phases) for act, phases in OPEN_IN.items()} == {
        act: set(phases.split()) for act, phases in TABLE.items()
    }
    assert set(OPEN_IN) == set(LiveAct)


@pytest.mark.parametrize(("until_start", "phase"), MOMENTS)
def test_the_clock_decides_on_the_phase(group: Group, until_start: timedelta, phase: str) -> None:
    meeting = factories.meeting(group, starts_at=timezone.now() + until_start)

    assert phase_of(meeting) == phase


def test_a_phase_begins_at_its_moment(group: Group) -> None:
    meeting = factories.meeting(group)
    start, end = meeting.starts_at, meeting.ends_at

    assert phase_of(meeting, start - timedelta(minutes=15)) == Phase.GATHERING
    assert phase_of(meeting, start) == Phase.RUNNING
    assert phase_of(meeting, end) == Phase.OVERRUN
    assert phase_of(meeting, end + timedelta(hours=1)) == Phase.OVER


def closed(group: Group) -> dict[str, Meeting]:
    cancelled = factories.running_meeting(group, state="cancelled")
    approved = factories.past_meeting(group)
    factories.approve_minutes(approved)
    concluded = factories.running_meeting(factories.group("Done", state="concluded"))
    return {"cancelled": cancelled, "approved": approved, "concluded": concluded}


@pytest.mark.parametrize("phase", ["cancelled", "approved", "concluded"])
@pytest.mark.parametrize("act", list(LiveAct))
def test_what_is_closed_stays_closed(group: Group, act: LiveAct, phase: str) -> None:
    meeting = closed(group)[phase]

    assert phase_of(meeting) == phase
    with pytest.raises(WrongState):
        require_open(act, meeting)


@pytest.mark.parametrize("act", list(LiveAct))
@pytest.mark.parametrize(("until_start", "phase"), MOMENTS)
def test_a_refusal_says_what_to_do(
    group: Group, act: LiveAct, until_start: timedelta, phase: str
) -> None:
    meeting = factories.meeting(group, starts_at=timezone.now() + until_start)

    if phase in TABLE[act].split():
        require_open(act, meeting)
        return
    with pytest.raises(WrongState) as refused:
        require_open(act, meeting)
    assert refused.value.message.endswith(".")


def test_what_was_entered_afterwards_is_over(group: Group) -> None:
    now = timezone.now()
    meeting = factories.meeting(group, starts_at=now - timedelta(minutes=61), entered_at=now)

    assert phase_of(meeting) == Phase.OVER
    assert not is_live_page_linked(meeting)


@pytest.mark.parametrize(
    ("until_start", "is_linked"),
    [
        (timedelta(minutes=16), False),
        (timedelta(minutes=14), True),
        (timedelta(minutes=-30), True),
        (timedelta(hours=-24), True),
        (timedelta(hours=-26), False),
    ],
)
def test_the_page_is_linked_until_a_day_after(
    group: Group, until_start: timedelta, is_linked: bool
) -> None:
    meeting = factories.meeting(group, starts_at=timezone.now() + until_start)

    assert is_live_page_linked(meeting) == is_linked
    meeting.state = "cancelled"
    assert not is_live_page_linked(meeting)
