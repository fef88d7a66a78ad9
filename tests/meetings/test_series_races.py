"""Two people, or a person and the periodic task, at one series at once."""

import os
import random
from datetime import time, timedelta
from itertools import takewhile

from django.utils import timezone

from common.errors import Conflict
from demo.clock import Clock, set_back
from members.people.models import Person
from tests import factories
from tests.committed import together
from tests.meetings.test_series import details_of, planned, rows
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries


def group_with_two_chairs() -> tuple[Group, Person, Person]:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", preset="listed", chair=chair)
    other = factories.member_of(organization, "Cora Cochair")
    factories.seat(group, other, office="co_chair")
    return group, chair, other


ROUNDS = int(os.environ.get("SERIES_ROUNDS", "3"))


def test_of_two_who_change_a_series_one_wins_and_nothing_is_doubled(committed_db: str) -> None:
    """Round by round from another meeting on, so that each round changes what the last one left."""
    group, chair, other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    before = {row.pk for row in rows(series)}
    dice = random.Random(ROUNDS)

    for number in range(ROUNDS):
        coming = list(Meeting.objects.select_related("series").order_by("starts_at"))
        start = coming[dice.randrange(len(coming) - 1)]
        earlier = coming[: coming.index(start)]
        assert start.series is not None
        hours = {chair: time(9, number % 60), other: time(20, number % 60)}
        asked = [details_of(start.series, start, local_time=at) for at in hours.values()]

        outcomes = together(
            *(
                lambda actor=actor, details=details: actions.change_series(actor=actor, **details)
                for actor, details in zip(hours, asked, strict=True)
            )
        )

        (lost,) = (one for one in outcomes if isinstance(one, Conflict))
        (won,) = (one for one in outcomes if isinstance(one, MeetingSeries))
        # Who lost is told what there is now.
        assert f"It is now: {won.words}." in str(lost)
        assert {row.pk for row in Meeting.objects.all()} == before
        after = list(Meeting.objects.order_by("starts_at"))
        assert [row.starts_at for row in after[: len(earlier)]] == [
            row.starts_at for row in earlier
        ]
        following = {row for row in after if row.recurrence_id >= won.first_on.strftime("%Y%m%d")}
        assert {row.local_time for row in following if row.series_id == won.pk} == {won.local_time}
        assert len({row.recurrence_id[:8] for row in after}) == len(after)


def test_what_is_done_to_one_meeting_meanwhile_is_kept(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    start, cancelled, answered, *_rest = rows(series)

    outcomes = together(
        lambda: actions.change_series(actor=chair, **details_of(series, start, local_time=time(9))),
        lambda: actions.cancel_meeting(actor=other, meeting=cancelled, reason="Holiday."),
        lambda: actions.answer_meeting(actor=other, meeting=answered, is_coming=True),
        lambda: actions.add_agenda_item(actor=other, meeting=answered, title="Budget"),
    )

    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    cancelled.refresh_from_db()
    answered.refresh_from_db()
    assert (cancelled.state, cancelled.cancelled_reason) == ("cancelled", "Holiday.")
    assert f"{answered.local_time:%H:%M}" == "09:00"
    assert Attendance.objects.get(meeting=answered).state == "coming"
    assert answered.agenda.get().title == "Budget"


def test_two_periodic_tasks_make_and_number_nothing_twice(committed_db: str) -> None:
    group, chair, _other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    count = len(rows(series))
    first, second = rows(series)[:2]
    for row in (first, second):
        row.starts_at -= timedelta(days=60)
        row.ends_at -= timedelta(days=60)
        row.save()
    MeetingSeries.objects.update(made_until=rows(series)[-4].local_date)

    outcomes = together(
        actions.extend_series, actions.extend_series,
        actions.number_begun_meetings, actions.number_begun_meetings,
    )  # fmt: skip

    assert sorted(outcomes) == [0, 0, 0, 2]
    assert len(rows(series)) == count
    numbers = Meeting.objects.exclude(number=None).order_by("starts_at")
    assert list(numbers.values_list("number", flat=True)) == [1, 2]


def test_a_horizon_that_two_tasks_extend_has_each_meeting_once(committed_db: str) -> None:
    group, chair, _other = group_with_two_chairs()
    weekly, monthly = (
        planned(chair, group, interval=1),
        planned(chair, group, local_time=time(18), frequency=Frequency.MONTHLY_WEEKDAY, interval=1),
    )

    for number in range(ROUNDS):
        with set_back(Clock(timezone.now() + timedelta(days=28 * (number + 1)))):
            made = together(actions.extend_series, actions.extend_series)

        assert all(isinstance(one, int) for one in made)
        assert sum(made) > 0
        for series in (weekly, monthly):
            series.refresh_from_db()
            dates = [actions.original_date(row) for row in rows(series)]
            rule = takewhile(
                lambda day, last=series.made_until: day <= last, series.recurrence.dates()
            )
            assert dates == list(rule)
