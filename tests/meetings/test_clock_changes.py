"""When the local hour of a series shifts elsewhere: against looking at every meeting in every zone."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from members.people.zones import zones
from workinggroups.meetings.clock_changes import (
    SHORT,
    HourShift,
    Occurrence,
    hour_shifts,
    occurrence_on,
    shifts_between,
)
from workinggroups.meetings.recurrence import Recurrence

PARIS, NEW_YORK, LAGOS = "Europe/Paris", "America/New_York", "Africa/Lagos"
ALL_ZONES = sorted(zones() - {"UTC"})


def meetings(
    home: str,
    *,
    at: time = time(16),
    first: date = date(2027, 1, 5),
    count: int = 104,
    interval: int = 1,
    frequency: str = "weekly",
    skipped: tuple[date, ...] = (),
) -> list[Occurrence]:
    rule = Recurrence(first=first, frequency=frequency, interval=interval)
    days = [day for day, _n in zip(rule.dates(), range(count), strict=False)]
    return [occurrence_on(day, at, ZoneInfo(home)) for day in days if day not in skipped]


def shifts(home: str, zone: str, **rule: Any) -> list[HourShift]:
    return hour_shifts(meetings(home, **rule), ZoneInfo(home), ZoneInfo(zone))


def words(shift: HourShift) -> str:
    until = f", back {shift.back:%Y-%m-%d}" if shift.back else ""
    return f"{shift.first:%Y-%m-%d}: {shift.after:%H:%M} for {shift.before:%H:%M}{until}"


def test_the_hour_shifts_while_only_one_of_two_zones_has_changed() -> None:
    assert [words(each) for each in shifts(PARIS, NEW_YORK, count=52)] == [
        "2027-03-16: 11:00 for 10:00, back 2027-03-30",
        "2027-11-02: 11:00 for 10:00, back 2027-11-09",
    ]


def test_where_clocks_do_not_change_the_hour_shifts_twice_a_year() -> None:
    assert [words(each) for each in shifts(PARIS, LAGOS, count=52)] == [
        "2027-03-30: 15:00 for 16:00",
        "2027-11-02: 16:00 for 15:00",
    ]


def test_at_home_it_shifts_only_where_an_hour_is_skipped() -> None:
    assert shifts(PARIS, PARIS) == []
    assert shifts(PARIS, "Europe/Berlin") == []
    sunday = shifts(PARIS, PARIS, at=time(2, 30), first=date(2027, 1, 3), count=52)
    assert [words(each) for each in sunday] == ["2027-03-28: 03:30 for 02:30, back 2027-04-04"]


def test_the_change_has_one_day_for_all_series() -> None:
    changed = {
        shifts(PARIS, NEW_YORK, count=20)[0].changed_on,
        shifts("Asia/Tokyo", NEW_YORK, count=20, interval=2)[0].changed_on,
        shifts("Europe/Berlin", NEW_YORK, at=time(3), first=date(2027, 1, 8), count=20)[
            0
        ].changed_on,
    }

    assert changed == {date(2027, 3, 14)}


def test_a_monthly_series_tells_of_the_change_at_its_next_meeting() -> None:
    monthly = {"frequency": "monthly_weekday", "first": date(2027, 1, 19), "count": 6}

    assert [words(each) for each in shifts(PARIS, NEW_YORK, **monthly)] == [
        "2027-03-16: 11:00 for 10:00, back 2027-04-20"
    ]


def test_a_shift_that_no_meeting_falls_into_is_none() -> None:
    assert shifts(PARIS, NEW_YORK, first=date(2027, 3, 9), interval=4, count=3) == []


def test_after_a_long_break_the_first_meeting_shifts() -> None:
    break_ = tuple(date(2027, 3, 2) + timedelta(weeks=week) for week in range(10))

    assert [words(each) for each in shifts(PARIS, LAGOS, count=30, skipped=break_)] == [
        "2027-05-11: 15:00 for 16:00"
    ]


def looked_at(occurrences: list[Occurrence], zone: str) -> list[tuple[datetime, time, time]]:
    """Where the hour on the wall is another one than at the meeting before; by looking at each."""
    place = ZoneInfo(zone)
    walls = [(each.at, each.at.astimezone(place).time()) for each in occurrences]
    return [
        (at, before, after)
        for (_earlier, before), (at, after) in pairwise(walls)
        if before != after
    ]


@pytest.mark.parametrize(
    "home", [PARIS, NEW_YORK, LAGOS, "Australia/Lord_Howe", "America/Santiago", "Asia/Gaza"]
)
@pytest.mark.parametrize("interval", [1, 2])
def test_in_every_zone_people_are_told_exactly_when_the_hour_shifts(
    home: str, interval: int
) -> None:
    """Over the coming two years: each shift by itself or with the one before, and nothing else."""
    occurrences = meetings(home, interval=interval, count=104 // interval)
    for zone in ALL_ZONES:
        told: dict[datetime, tuple[time, time]] = {}
        for shift in hour_shifts(occurrences, ZoneInfo(home), ZoneInfo(zone)):
            told[shift.first] = (shift.before, shift.after)
            if shift.back:
                assert shift.back - shift.first <= SHORT
                told[shift.back] = (shift.after, shift.before)

        expected = {at: (before, after) for at, before, after in looked_at(occurrences, zone)}
        assert told == expected, zone


def test_in_every_zone_a_daily_look_tells_of_each_shift_once_within_the_week_before() -> None:
    occurrences = meetings(PARIS)
    home, week = ZoneInfo(PARIS), timedelta(days=7)
    for zone in ALL_ZONES:
        place = ZoneInfo(zone)
        told: dict[datetime, int] = {}
        moment = occurrences[0].at
        while moment < occurrences[-1].at:
            for shift in shifts_between(occurrences, home, place, moment, moment + week):
                told[shift.first] = told.get(shift.first, 0) + 1
            moment += week

        expected = [each.first for each in hour_shifts(occurrences, home, place)]
        assert sorted(told) == expected, zone
        assert set(told.values()) <= {1}


def test_half_an_hour_is_a_shift_too() -> None:
    in_lord_howe = shifts("Australia/Sydney", "Australia/Lord_Howe", count=52)

    assert [words(each) for each in in_lord_howe] == [
        "2027-04-06: 16:30 for 16:00",
        "2027-10-05: 16:00 for 16:30",
    ]


def test_across_the_date_line_the_hour_is_that_of_the_other_day() -> None:
    in_auckland = shifts("Africa/Abidjan", "Pacific/Auckland", at=time(23, 30), count=20)

    assert [words(each) for each in in_auckland] == ["2027-04-06: 11:30 for 12:30"]
