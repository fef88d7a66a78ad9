from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid
from members.people.zones import zones
from workinggroups.meetings.local_time import instant, instants, zone_of_record

ZURICH = ZoneInfo("Europe/Zurich")


def test_an_ordinary_hour_is_one_moment():
    assert instant(date(2026, 11, 26), time(18), ZURICH) == datetime(2026, 11, 26, 17, tzinfo=UTC)


def test_ten_oclock_in_new_york_stays_ten_oclock_over_the_change_of_clocks():
    new_york = ZoneInfo("America/New_York")

    before = instant(date(2026, 10, 29), time(10), new_york)
    after = instant(date(2026, 11, 5), time(10), new_york)

    assert (before.hour, after.hour) == (14, 15)


def test_an_hour_skipped_in_spring_is_refused_and_names_the_hour_clocks_show_instead():
    with pytest.raises(Invalid, match=r"02:30.*Europe/Zurich.*03:30") as refusal:
        instant(date(2027, 3, 28), time(2, 30), ZURICH)

    assert refusal.value.field == "local_time"


def test_an_hour_repeated_in_autumn_asks_which_one_is_meant():
    with pytest.raises(Invalid, match=r"first as CEST.*later as CET") as refusal:
        instant(date(2026, 10, 25), time(2, 30), ZURICH)

    assert refusal.value.field == "fold"


def test_an_hour_repeated_in_autumn_can_be_chosen():
    first = instant(date(2026, 10, 25), time(2, 30), ZURICH, fold=0)
    second = instant(date(2026, 10, 25), time(2, 30), ZURICH, fold=1)

    assert (first.hour, second.hour) == (0, 1)


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_a_year_far_away_is_refused(year):
    with pytest.raises(Invalid) as refusal:
        instant(date(year, 1, 1), time(0), ZoneInfo("Pacific/Auckland"))

    assert refusal.value.field == "local_date"


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../etc/passwd", "/etc/passwd", "Europe", "a" * 300]
)
def test_a_zone_nobody_knows_is_refused(name):
    with pytest.raises(Invalid) as refusal:
        zone_of_record(name)

    assert refusal.value.field == "zone"


@given(
    day=st.dates(date(2000, 1, 2), date(2099, 12, 30)),
    at=st.times(),
    zone=st.sampled_from(sorted(zones())),
)
def test_every_moment_found_shows_the_wanted_time_there(day, at, zone):
    found = instants(day, at, ZoneInfo(zone))

    assert len(found) <= 2
    for moment in found:
        assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, at)
