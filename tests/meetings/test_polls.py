"""Polls for a time: opened by officers, answered by everybody in the group, decided once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from common.access import Level
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.times import ended
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from tests import factories
from workinggroups.groups.models import Group, Participation
from workinggroups.meetings import actions, queries
from workinggroups.meetings.choices import POLL_MAX_OPTIONS, POLLS_OPEN_MAX, Frequency
from workinggroups.meetings.models import (
    Attendance,
    Meeting,
    MeetingSeries,
    OptionAnswer,
    TimeOption,
    TimePoll,
)

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"


def in_days(count: int) -> date:
    return timezone.now().astimezone(ZoneInfo(PARIS)).date() + timedelta(days=count)


def opened(chair: Person, group: Group, **details: Any) -> TimePoll:
    return actions.open_poll(
        actor=chair,
        group=group,
        **{
            "title": "Kick-off",
            "zone": PARIS,
            "duration_minutes": 60,
            "options": [(in_days(8), time(16)), (in_days(9), time(9, 30)), (in_days(9), time(20))],
            "answers_due_on": in_days(5),
            **details,
        },
    )


def options(poll: TimePoll) -> list[TimeOption]:
    return list(poll.options.all())


def answered(person: Person, poll: TimePoll, *answers: str) -> None:
    given = zip((option.uuid for option in options(poll)), answers, strict=False)
    actions.answer_poll(actor=person, poll=poll, answers={uuid: one for uuid, one in given if one})


def answers_of(person: Person, poll: TimePoll) -> list[str]:
    rows = OptionAnswer.objects.filter(person=person, option__poll=poll)
    return list(rows.order_by("option__starts_at").values_list("answer", flat=True))


def notified(kind: str) -> set[str]:
    """Everybody who was notified of the last event of this kind, in the inbox."""
    fan_out_waiting()
    last = Event.objects.filter(kind=kind).order_by("-pk").first()
    inbox = Notification.objects.filter(event=last, channel="inbox")
    return set(inbox.values_list("person__name", flat=True)) if last else set()


# --- opening -----------------------------------------------------------------------------------


def test_a_poll_proposes_times_in_order_and_asks_the_group(
    chair: Person, member: Person, observer: Person, outsider: Person, group: Group
) -> None:
    poll = opened(chair, group, options=[(in_days(9), time(9, 30)), (in_days(8), time(16))] * 2)

    assert [option.local_start for option in options(poll)] == [
        (in_days(8), time(16)),
        (in_days(9), time(9, 30)),
    ]
    local = options(poll)[0].starts_at.astimezone(ZoneInfo(PARIS))
    assert (local.date(), local.time()) == (in_days(8), time(16))
    assert notified("time_poll_opened") == {member.name, observer.name}


@pytest.mark.parametrize("who", ["member", "observer", "outsider"])
def test_only_officers_open_a_poll(who: str, group: Group, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        opened(request.getfixturevalue(who), group)


def test_the_secretary_opens_a_poll(secretary: Person, group: Group) -> None:
    assert opened(secretary, group).created_by == secretary


def test_a_poll_is_read_by_the_people_of_the_group_also_in_an_open_one(
    chair: Person, outsider: Person
) -> None:
    group = factories.group("Open one", preset="open", chair=chair)

    assert opened(chair, group).level == Level.MEMBERS


NEVER = date(2031, 3, 30)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"options": [(in_days(8), time(16))]}, "times"),
        ({"options": [(in_days(8), time(16))] * 2}, "times"),
        ({"options": [(in_days(-1), time(16)), (in_days(8), time(16))]}, "times"),
        ({"options": [(in_days(8), time(16)), (date(2080, 1, 1), time(16))]}, "times"),
        ({"options": [(in_days(8), time(16)), (date(1, 1, 1), time(16))]}, "times"),
        (
            {
                "options": [
                    (in_days(8), time(number // 60, number % 60))
                    for number in range(POLL_MAX_OPTIONS + 1)
                ]
            },
            "times",
        ),
        ({"answers_due_on": in_days(-2)}, "answers_due_on"),
        ({"answers_due_on": in_days(10)}, "answers_due_on"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"title": "\u202egnol oot"}, "title"),
        ({"frequency": "yearly"}, "frequency"),
        ({"frequency": "weekly", "interval": 0}, "interval"),
        ({"frequency": "weekly", "until": in_days(8)}, "until"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    chair: Person, group: Group, details: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        opened(chair, group, **details)

    assert refused.value.field == field
    assert not TimePoll.objects.exists()


def test_a_time_that_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first(
    chair: Person, group: Group
) -> None:
    with set_back(Clock(datetime(2027, 3, 1, tzinfo=ZoneInfo("UTC")))):
        with pytest.raises(Invalid, match="does not exist"):
            opened(
                chair,
                group,
                options=[(date(2027, 3, 28), time(2, 30)), (date(2027, 3, 29), time(2, 30))],
                answers_due_on=date(2027, 3, 20),
            )
        poll = opened(
            chair,
            group,
            options=[(date(2027, 10, 31), time(2, 30)), (date(2027, 11, 1), time(2, 30))],
            answers_due_on=date(2027, 3, 20),
        )

    assert options(poll)[0].starts_at.isoformat() == "2027-10-31T00:30:00+00:00"


def test_a_monthly_rule_has_to_fit_each_first_date(chair: Person, group: Group) -> None:
    last_week = [
        day for day in map(in_days, range(1, 60)) if (day + timedelta(days=7)).month != day.month
    ]
    first_week = next(day for day in map(in_days, range(1, 60)) if day.day < 8)

    opened(
        chair,
        group,
        frequency=Frequency.MONTHLY_LAST,
        options=[(day, time(16)) for day in last_week[:2]],
        answers_due_on=in_days(0),
    )
    with pytest.raises(Invalid) as refused:
        opened(
            chair,
            group,
            frequency=Frequency.MONTHLY_LAST,
            options=[(last_week[0], time(16)), (first_week, time(16))],
            answers_due_on=in_days(0),
        )

    assert refused.value.field == "times"


def test_a_group_has_so_many_open_polls_and_no_more(chair: Person, group: Group) -> None:
    for number in range(POLLS_OPEN_MAX):
        factories.time_poll(group, f"Poll {number}")

    with pytest.raises(Invalid, match="open polls"):
        opened(chair, group)


def test_a_concluded_group_is_asked_nothing(chair: Person, member: Person, group: Group) -> None:
    poll = opened(chair, group)
    Group.objects.filter(pk=group.pk).update(state="concluded")

    with pytest.raises(WrongState):
        opened(chair, group)
    with pytest.raises(WrongState):
        answered(member, poll, "yes")
    with pytest.raises(WrongState):
        actions.decide_poll(actor=chair, poll=poll, option=options(poll)[0])


# --- answering ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["chair", "member", "observer"])
def test_everybody_with_a_seat_answers_and_changes_the_answer(
    who: str, chair: Person, group: Group, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    poll = opened(chair, group)

    answered(person, poll, "yes", "no", "if_needed")
    answered(person, poll, "", "yes")

    assert answers_of(person, poll) == ["yes", "yes", "if_needed"]
    assert OptionAnswer.objects.filter(organization=None).count() == 0


def test_nobody_from_elsewhere_answers(chair: Person, outsider: Person, group: Group) -> None:
    poll = opened(chair, group)

    with pytest.raises(NotAllowed):
        answered(outsider, poll, "yes")


@pytest.mark.parametrize("given", ["maybe", "YES", "", "0"])
def test_an_answer_that_is_none_is_refused(chair: Person, group: Group, given: str) -> None:
    poll = opened(chair, group)

    with pytest.raises(Invalid):
        actions.answer_poll(actor=chair, poll=poll, answers={options(poll)[0].uuid: given})


def test_a_time_of_another_poll_is_refused_and_nothing_is_saved(
    chair: Person, group: Group
) -> None:
    poll, other = opened(chair, group), opened(chair, group)
    answers = {options(poll)[0].uuid: "yes", options(other)[0].uuid: "yes"}

    with pytest.raises(Invalid):
        actions.answer_poll(actor=chair, poll=poll, answers=answers)

    assert not OptionAnswer.objects.exists()


def test_an_answer_counts_while_its_person_is_in_the_group(
    chair: Person, member: Person, group: Group
) -> None:
    poll = opened(chair, group)
    answered(chair, poll, "yes", "if_needed")
    answered(member, poll, "yes", "no")

    before = queries.tallies_of([poll])
    seat = Participation.objects.get(person=member)
    seat.during = ended(seat.during)
    seat.save()
    after = queries.tallies_of([poll])

    first, second, third = (option.pk for option in options(poll))
    assert (before[first].yes, before[second].if_needed, before[second].no) == (2, 1, 1)
    assert (after[first].yes, after[second].no, after[third].answers) == (1, 0, 0)


# --- deciding ----------------------------------------------------------------------------------


def test_a_chosen_time_becomes_a_meeting_with_those_coming_who_said_yes(
    chair: Person, member: Person, observer: Person, group: Group
) -> None:
    poll = opened(chair, group)
    answered(chair, poll, "no", "yes")
    answered(member, poll, "yes", "yes")
    answered(observer, poll, "yes", "if_needed")

    decided = actions.decide_poll(
        actor=chair,
        poll=poll,
        option=options(poll)[1],
        place="Room 4",
        join_url="https://x.example/",
    )

    meeting = Meeting.objects.get()
    assert decided.meeting == meeting
    assert (decided.state, decided.closed_by) == ("decided", chair)
    assert [option.is_chosen for option in options(poll)] == [False, True, False]
    assert meeting.title == "Kick-off"
    assert meeting.starts_at == options(poll)[1].starts_at
    assert (meeting.zone, meeting.duration_minutes, meeting.place) == (PARIS, 60, "Room 4")
    coming = Attendance.objects.filter(meeting=meeting)
    assert {row.person: row.state for row in coming} == {chair: "coming", member: "coming"}
    assert {row.organization_id for row in coming} == {member.affiliations.get().organization_id}
    assert notified("meeting_planned") == {member.name, observer.name}


def test_people_who_left_meanwhile_do_not_come(chair: Person, member: Person, group: Group) -> None:
    poll = opened(chair, group)
    answered(member, poll, "yes")
    seat = Participation.objects.get(person=member)
    seat.during = ended(seat.during)
    seat.save()

    actions.decide_poll(actor=chair, poll=poll, option=options(poll)[0])

    assert not Attendance.objects.exists()
    assert not OptionAnswer.objects.exists()


def test_a_poll_for_a_series_becomes_one(chair: Person, member: Person, group: Group) -> None:
    poll = opened(chair, group, frequency=Frequency.WEEKLY, interval=2, until=in_days(60))
    answered(member, poll, "yes")

    decided = actions.decide_poll(actor=chair, poll=poll, option=options(poll)[0], title="Call")

    series = MeetingSeries.objects.get()
    assert decided.series == series
    assert decided.meeting is None
    assert (series.title, series.first_on, series.local_time) == ("Call", in_days(8), time(16))
    assert (series.frequency, series.interval, series.until) == ("weekly", 2, in_days(60))
    assert series.meetings.count() == 4
    assert not Attendance.objects.exists()
    assert notified("series_planned") == {member.name}


@pytest.mark.parametrize("who", ["member", "observer", "outsider"])
def test_only_officers_decide(
    who: str, chair: Person, group: Group, request: pytest.FixtureRequest
) -> None:
    poll = opened(chair, group)

    with pytest.raises(NotAllowed):
        actions.decide_poll(actor=request.getfixturevalue(who), poll=poll, option=options(poll)[0])


def test_a_time_that_has_passed_is_not_chosen(chair: Person, group: Group) -> None:
    poll = opened(chair, group)

    with set_back(Clock(options(poll)[0].starts_at + timedelta(minutes=1))):
        with pytest.raises(Invalid, match="has passed"):
            actions.decide_poll(actor=chair, poll=poll, option=options(poll)[0])
        actions.decide_poll(actor=chair, poll=poll, option=options(poll)[1])


def test_a_time_of_another_poll_is_not_chosen(chair: Person, group: Group) -> None:
    poll, other = opened(chair, group), opened(chair, group)

    with pytest.raises(Invalid):
        actions.decide_poll(actor=chair, poll=poll, option=options(other)[0])


def _decide(chair: Person, poll: TimePoll) -> object:
    return actions.decide_poll(actor=chair, poll=poll, option=options(poll)[0])


def _cancel(chair: Person, poll: TimePoll) -> object:
    return actions.cancel_poll(actor=chair, poll=poll, reason="Not needed.")


@pytest.mark.parametrize("close", [_decide, _cancel])
def test_a_closed_poll_takes_nothing_more(
    chair: Person, member: Person, group: Group, close: Callable[[Person, TimePoll], object]
) -> None:
    poll = opened(chair, group)
    close(chair, poll)

    for act in (
        lambda: answered(member, poll, "yes"),
        lambda: _decide(chair, poll),
        lambda: _cancel(chair, poll),
        lambda: changed(chair, poll),
    ):
        with pytest.raises(WrongState):
            act()


# --- cancelling and changing -------------------------------------------------------------------


def test_a_cancelled_poll_says_why_and_notifies_those_who_answered(
    chair: Person, member: Person, observer: Person, group: Group
) -> None:
    poll = opened(chair, group)
    answered(member, poll, "yes")

    actions.cancel_poll(actor=chair, poll=poll, reason=" We meet in spring. ")

    poll.refresh_from_db()
    assert (poll.state, poll.cancelled_reason) == ("cancelled", "We meet in spring.")
    assert notified("time_poll_cancelled") == {member.name}


def test_a_poll_is_cancelled_with_a_reason_by_officers(
    chair: Person, member: Person, group: Group
) -> None:
    poll = opened(chair, group)

    with pytest.raises(Invalid):
        actions.cancel_poll(actor=chair, poll=poll, reason="  ")
    with pytest.raises(NotAllowed):
        actions.cancel_poll(actor=member, poll=poll, reason="No.")


def changed(actor: Person, poll: TimePoll, **details: Any) -> TimePoll:
    return actions.change_poll(
        actor=actor,
        poll=poll,
        **{
            "version": poll.version,
            "title": poll.title,
            "note": "",
            "answers_due_on": poll.answers_due_on,
            **details,
        },
    )


def test_new_times_are_added_to_the_others_and_asked_for_again(
    chair: Person, member: Person, group: Group
) -> None:
    poll = opened(chair, group)
    answered(member, poll, "yes", "no", "no")

    changed(chair, poll, title="First call", options=[(in_days(12), time(9))])

    poll.refresh_from_db()
    assert poll.title == "First call"
    assert len(options(poll)) == 4
    assert answers_of(member, poll) == ["yes", "no", "no"]
    assert Event.objects.filter(kind="time_poll_opened").count() == 2


def test_another_day_or_title_asks_nobody_again(chair: Person, group: Group) -> None:
    poll = opened(chair, group)

    changed(
        chair, poll, title="First call", answers_due_on=in_days(7), options=[(in_days(8), time(16))]
    )

    assert Event.objects.filter(kind="time_poll_opened").count() == 1
    assert len(options(poll)) == 3


def test_of_two_who_change_a_poll_the_second_is_told(
    chair: Person, secretary: Person, group: Group
) -> None:
    poll = opened(chair, group)
    changed(chair, poll, title="First call")

    with pytest.raises(Conflict):
        changed(secretary, poll, title="Second call")


def test_no_more_times_than_a_poll_can_have(chair: Person, group: Group) -> None:
    poll = opened(chair, group)
    more = [(in_days(10), time(number // 60, number % 60)) for number in range(POLL_MAX_OPTIONS)]

    with pytest.raises(Invalid):
        changed(chair, poll, options=more)


# --- reminders ---------------------------------------------------------------------------------


def at_noon(day: date) -> Clock:
    return Clock(datetime.combine(day, time(12), tzinfo=ZoneInfo(PARIS)))


def test_those_who_have_not_answered_are_reminded_once_the_day_before(
    chair: Person, member: Person, observer: Person, group: Group
) -> None:
    poll = opened(chair, group)
    answered(member, poll, "no")

    with set_back(at_noon(in_days(3))):
        assert actions.remind_of_polls() == 0
    for day in (4, 4, 5):
        with set_back(at_noon(in_days(day))):
            actions.remind_of_polls()

    assert Event.objects.filter(kind="time_poll_due").count() == 1
    assert notified("time_poll_due") == {chair.name, observer.name}


def test_a_poll_of_the_same_day_reminds_nobody_at_once(chair: Person, group: Group) -> None:
    opened(chair, group, answers_due_on=in_days(1))

    assert actions.remind_of_polls() == 0


def test_the_chairs_and_the_opener_hear_once_that_the_day_is_over(
    chair: Person, co_chair: Person, secretary: Person, member: Person, group: Group
) -> None:
    opened(secretary, group)

    with set_back(at_noon(in_days(6))):
        actions.remind_of_polls()
    assert not Event.objects.filter(kind="time_poll_over").exists()
    for _run in range(2):
        with set_back(at_noon(in_days(7))):
            actions.remind_of_polls()

    assert Event.objects.filter(kind="time_poll_over").count() == 1
    with set_back(at_noon(in_days(7))):
        assert notified("time_poll_over") == {chair.name, co_chair.name, secretary.name}


def test_a_closed_poll_and_a_concluded_group_remind_nobody(chair: Person, group: Group) -> None:
    _cancel(chair, opened(chair, group))
    other = factories.group("Ended", chair=chair)
    opened(chair, other)
    Group.objects.filter(pk=other.pk).update(state="concluded")

    for day in (4, 7):
        with set_back(at_noon(in_days(day))):
            assert actions.remind_of_polls() == 0


def test_an_answer_that_came_meanwhile_needs_no_reminder(
    chair: Person, member: Person, group: Group
) -> None:
    poll = opened(chair, group)
    with set_back(at_noon(in_days(4))):
        actions.remind_of_polls()

    answered(member, poll, "yes")

    assert notified("time_poll_due") == {chair.name}


# --- what becomes of the rest --------------------------------------------------------------------


def test_people_take_their_answers_along(chair: Person, member: Person, group: Group) -> None:
    from members.people.exports import export

    poll = opened(chair, group)
    answered(member, poll, "yes", "", "no")
    answered(chair, poll, "no")

    own = export(member)["meetings"]["polls"]

    assert [(row["poll"], row["answer"]) for row in own] == [
        ("Kick-off", "yes"),
        ("Kick-off", "no"),
    ]
