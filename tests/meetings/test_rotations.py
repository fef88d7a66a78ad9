"""Rotations: series that take turns, also in the place of one; scheduled at once, told once."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from common.access import viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from members.people.models import Person
from notifications.content import contents_of
from notifications.models import Event
from tests.meetings.test_series import in_days, local, planned, rows
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, queries
from workinggroups.meetings.choices import SERIES_AHEAD_DAYS
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries, TimePoll
from workinggroups.meetings.models.rotations import words_of_turns
from workinggroups.meetings.notifications.series import RotationPlanned

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"


def turns(first: int = 3, weeks: int = 1) -> list[tuple[date, time]]:
    hours = (time(15), time(7), time(22))
    return [(in_days(first + 7 * weeks * turn), hour) for turn, hour in enumerate(hours)]


def rotated(actor: Person, group: Group, **details: Any) -> list[MeetingSeries]:
    return actions.plan_rotation(
        actor=actor,
        group=group,
        **{
            "title": "Call",
            "times": turns(),
            "weeks": 1,
            "zone": PARIS,
            "duration_minutes": 60,
            **details,
        },
    )


def all_rows() -> list[Meeting]:
    return list(Meeting.objects.exclude(recurrence_id="").order_by("starts_at"))


def test_series_take_turns_and_the_group_is_told_once(
    chair: Person, member: Person, group: Group
) -> None:
    three = rotated(chair, group)

    assert [(each.interval, each.frequency) for each in three] == [(3, "weekly")] * 3
    assert len({each.rotation for each in three}) == 1
    made = all_rows()
    assert len(made) == (SERIES_AHEAD_DAYS - 3) // 7 + 1
    assert [local(row) for row in made[:4]] == [
        f"{in_days(3)} 15:00",
        f"{in_days(10)} 07:00",
        f"{in_days(17)} 22:00",
        f"{in_days(24)} 15:00",
    ]
    assert [event.kind for event in Event.objects.all()] == ["rotation_planned"]
    content = contents_of(Event.objects.all(), viewer_for(member.pk))[Event.objects.get().pk]
    assert "at 15:00, 07:00 and 22:00 in turn, Paris. Next:" in content.detail


def test_the_mail_holds_every_series(chair: Person, group: Group) -> None:
    three = rotated(chair, group)

    (file,) = RotationPlanned(group=group.pk, series=str(three[0].uuid)).attachments()

    events = [event for event in Calendar.from_ical(file.content).events if "RRULE" in event]
    assert {str(event["UID"]) for event in events} == {each.uid for each in three}
    assert all(event["RRULE"]["INTERVAL"] == [3] for event in events)


def test_the_feed_holds_every_series(chair: Person, group: Group) -> None:
    three = rotated(chair, group)

    assert set(queries.feed_series(viewer_for(chair.pk))) == set(three)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (2, "{rule}, at 15:00 and 07:00 in turn, Paris"),
        (3, "{rule}, at 15:00, 07:00 and 22:00 in turn, Paris"),
    ],
)
def test_the_rule_is_told_in_words(chair: Person, group: Group, count: int, words: str) -> None:
    series = rotated(chair, group, times=turns(weeks=2)[:count], weeks=2)

    assert words_of_turns(series) == words.format(rule=f"Every second {in_days(3):%A}")
    (line,) = queries.rules_in_words(group, viewer_for(chair.pk))
    assert (line.title, line.words) == ("Call", words_of_turns(series))


def test_turns_on_several_weekdays_are_told_one_by_one(chair: Person, group: Group) -> None:
    series = rotated(chair, group, times=[(in_days(3), time(15)), (in_days(9), time(7))])

    assert words_of_turns(series) == (
        f"Every second {in_days(3):%A}, 15:00 Paris; Every second {in_days(9):%A}, 07:00 Paris"
    )


def test_one_changed_alone_keeps_its_turn(chair: Person, group: Group) -> None:
    from tests.meetings.test_series import changed

    first, _second, _third = rotated(chair, group)
    changed(chair, rows(first)[1], local_time=time(16))

    (line,) = queries.rules_in_words(group, viewer_for(chair.pk))
    assert line.words == f"Every {in_days(3):%A}, at 07:00, 22:00 and 16:00 in turn, Paris"


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_only_officers_schedule(who: str, group: Group, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        rotated(request.getfixturevalue(who), group)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"times": []}, "times"),
        ({"times": turns() * 2}, "times"),
        ({"times": list(reversed(turns()))}, "times"),
        ({"times": [(in_days(3), time(9)), (in_days(3), time(15))]}, "times"),
        ({"times": [(in_days(3), time(9)), (in_days(17), time(15))]}, "times"),
        ({"times": [(in_days(-4), time(9)), (in_days(3), time(15))]}, "times"),
        ({"weeks": 0}, "weeks"),
        ({"weeks": 5}, "weeks"),
        ({"until": in_days(5)}, "until"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"title": "\u202ex"}, "title"),
    ],
)
def test_turns_that_cannot_be_are_refused_at_their_field(
    chair: Person, group: Group, details: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        rotated(chair, group, **details)

    assert refused.value.field == field
    assert not MeetingSeries.objects.exists()


# --- in the place of a series ------------------------------------------------------------------


def test_meetings_of_the_replaced_series_keep_their_dates_and_what_belongs_to_them(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group, interval=1)
    before = rows(series)
    actions.answer_meeting(actor=member, meeting=before[3], is_coming=True)
    actions.add_agenda_item(actor=chair, meeting=before[3], title="Budget")
    Event.objects.all().delete()

    three = rotated(chair, group, times=turns(first=17), replaces=series, sequence=series.sequence)

    series.refresh_from_db()
    assert series.until == in_days(16)
    assert [local(row) for row in rows(series)] == [f"{in_days(n)} 16:00" for n in (3, 10)]
    made = all_rows()
    assert [row.pk for row in made] == [row.pk for row in before]
    assert [local(row) for row in made[2:5]] == [
        f"{in_days(17)} 15:00",
        f"{in_days(24)} 07:00",
        f"{in_days(31)} 22:00",
    ]
    assert [row.series for row in made[2:6]] == [*three, three[0]]
    moved = made[3]
    assert moved.agenda.get().title == "Budget"
    assert Attendance.objects.get(meeting=moved).state == "coming"
    assert moved.moved_from == before[3].starts_at
    assert all(each.continues == series for each in three)
    assert [event.kind for event in Event.objects.all()] == ["rotation_planned"]
    reached = RotationPlanned(group=group.pk, series=str(three[0].uuid)).always_mailed()
    assert set(reached) == {member}


def test_a_series_that_has_not_begun_becomes_the_first_of_the_rotation(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group, interval=1)
    before = rows(series)

    three = rotated(chair, group, replaces=series, sequence=0)

    assert three[0] == series
    assert MeetingSeries.objects.count() == 3
    assert [row.pk for row in all_rows()] == [row.pk for row in before]
    assert {row.state for row in all_rows()} == {"planned"}


def test_where_dates_differ_meetings_take_them_in_order(chair: Person, group: Group) -> None:
    series = planned(chair, group, interval=2)
    before = rows(series)

    rotated(chair, group, times=turns(first=4), replaces=series, sequence=0)

    made = all_rows()
    assert [row.pk for row in made[: len(before)]] == [row.pk for row in before]
    assert [local(row)[:10] for row in made[:4]] == [f"{in_days(n)}" for n in (3, 4, 11, 18)]
    assert made[-1].local_date > in_days(SERIES_AHEAD_DAYS - 7)


def test_a_cancelled_and_a_moved_meeting_stay_as_they_are(chair: Person, group: Group) -> None:
    series = planned(chair, group, interval=1)
    _first, second, third, *_rest = rows(series)
    actions.cancel_meeting(actor=chair, meeting=second, reason="Holiday.")
    Meeting.objects.filter(pk=third.pk).update(follows_series=False, title="Long call")

    three = rotated(chair, group, replaces=series, sequence=0)

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, second.series) == ("cancelled", three[1])
    assert (third.title, third.series, local(third)[11:]) == ("Long call", three[2], "16:00")


def test_after_the_last_date_meetings_are_cancelled_with_the_reason(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group, interval=1)

    rotated(chair, group, replaces=series, sequence=0, until=in_days(24))

    rest = Meeting.objects.filter(recurrence_id="")
    assert {row.cancelled_reason for row in rest} == {"The series no longer meets on this date."}
    assert len(all_rows()) == 4


def test_of_a_series_that_ends_before_nothing_changes(chair: Person, group: Group) -> None:
    series = planned(chair, group, interval=1, until=in_days(20))

    rotated(chair, group, times=turns(first=31), replaces=series, sequence=0)

    series.refresh_from_db()
    assert series.until == in_days(20)
    assert len(rows(series)) == 3


def test_who_saw_another_state_of_the_series_is_told(chair: Person, group: Group) -> None:
    series = planned(chair, group)
    MeetingSeries.objects.update(sequence=1)

    with pytest.raises(Conflict):
        rotated(chair, group, replaces=series, sequence=0)


def test_a_rotation_is_not_replaced_in_part(chair: Person, group: Group) -> None:
    first, *_others = rotated(chair, group)

    with pytest.raises(WrongState):
        rotated(chair, group, replaces=first, sequence=0)


# --- from a poll, and its end ------------------------------------------------------------------


def test_a_poll_ends_in_a_rotation(chair: Person, group: Group) -> None:
    poll = actions.open_poll(
        actor=chair,
        group=group,
        title="Call",
        zone=PARIS,
        duration_minutes=60,
        options=[*turns(), (in_days(5), time(9))],
        answers_due_on=in_days(2),
        frequency="weekly",
    )

    first, *_others = rotated(chair, group, poll=poll)

    poll.refresh_from_db()
    assert (poll.state, poll.series) == ("decided", first)
    assert [option.is_chosen for option in poll.options.all()] == [True, False, True, True]
    with pytest.raises(WrongState):
        rotated(chair, group, poll=poll)
    assert TimePoll.objects.get().closed_by == chair


def test_all_turns_are_ended_at_once(chair: Person, member: Person, group: Group) -> None:
    first, second, third = rotated(chair, group)
    Event.objects.all().delete()

    actions.end_rotation(actor=chair, series=second, reason="Done.")

    assert {each.state for each in MeetingSeries.objects.all()} == {"ended"}
    assert {row.state for row in all_rows()} == {"cancelled"}
    assert [event.kind for event in Event.objects.all()] == ["series_ended"]
    with pytest.raises(NotAllowed):
        actions.end_rotation(actor=member, series=first, reason="Done.")
    with pytest.raises(WrongState):
        actions.end_rotation(actor=chair, series=third, reason="Done.")


def test_one_time_is_a_plain_series(chair: Person, group: Group) -> None:
    (series,) = rotated(chair, group, times=turns()[:1])

    assert (series.rotation, series.interval) == (None, 1)
    assert timezone.now() < rows(series)[0].starts_at.astimezone(ZoneInfo(PARIS))


def soon_and_checked_in(member: Person, meeting: Meeting) -> Meeting:
    """The same meeting, which begins in ten minutes and to which the member has checked in."""
    starts_at = timezone.now() + timedelta(minutes=10)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    meeting.refresh_from_db()
    actions.check_in(actor=member, meeting=meeting)
    return meeting


def test_nobody_is_present_at_a_meeting_that_ended_with_its_rotation(
    chair: Person, member: Person, group: Group
) -> None:
    three = rotated(chair, group)
    meeting = soon_and_checked_in(member, all_rows()[0])

    actions.end_rotation(actor=chair, series=three[0], reason="Done.")

    meeting.refresh_from_db()
    assert meeting.is_cancelled
    assert meeting.attendance.get().state == "coming"


def test_nobody_is_present_at_a_meeting_that_a_rotation_moves(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group, first_on=in_days(3), interval=1)
    meeting = soon_and_checked_in(member, rows(series)[0])

    rotated(chair, group, replaces=series, sequence=series.sequence)

    meeting.refresh_from_db()
    assert meeting.starts_at > timezone.now() + timedelta(days=1)
    assert meeting.attendance.get().state == "coming"


@pytest.mark.parametrize("year", [1, 9999])
def test_first_dates_of_years_without_meetings_are_refused(
    chair: Person, group: Group, year: int
) -> None:
    with pytest.raises(Invalid, match="year"):
        rotated(chair, group, times=[(date(year, 12, 28), time(15))])
