"""Minutes beyond the working day, against a count of every minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from members.people.zones import zones
from workinggroups.meetings.burden import Burden, burden_of, parts_between

ZONES = st.sampled_from(sorted(zones()))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def counted(start: datetime, minutes: int, zone: ZoneInfo) -> Burden:
    """What a person with a watch would write down, minute by minute."""
    edge = night = 0
    for minute in range(minutes):
        local = (start + timedelta(minutes=minute)).astimezone(zone)
        if local.strftime("%a") in {"Sat", "Sun"} or local.hour < 7 or local.hour >= 22:
            night += 1
        elif local.hour < 8 or local.hour >= 18:
            edge += 1
    return Burden(edge, night)


@given(MOMENTS, st.integers(1, 24 * 60), ZONES)
# Clocks go forward and back during the meeting; a day is skipped; half an hour; midnight on Friday.
@example(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), 120, "Europe/Paris")
@example(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), 120, "Europe/Paris")
@example(datetime(2027, 4, 3, 14, 0, tzinfo=UTC), 1440, "Australia/Lord_Howe")
@example(datetime(2027, 10, 2, 14, 0, tzinfo=UTC), 1440, "Australia/Lord_Howe")
@example(datetime(2027, 3, 14, 6, 0, tzinfo=UTC), 1440, "America/Los_Angeles")
@example(datetime(2027, 1, 8, 22, 15, tzinfo=UTC), 180, "Asia/Kathmandu")
def test_the_minutes_are_those_of_a_count_of_every_minute(
    start: datetime, minutes: int, zone: str
) -> None:
    assert burden_of(start, minutes, ZoneInfo(zone)) == counted(start, minutes, ZoneInfo(zone))


@given(MOMENTS, st.integers(1, 24 * 60), ZONES)
def test_the_parts_fill_the_meeting_without_a_gap(start: datetime, minutes: int, zone: str) -> None:
    at = 0
    for begin, length, _part in parts_between(start, minutes, ZoneInfo(zone)):
        assert begin == at
        assert length > 0
        at += length
    assert at == minutes


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        ("2027-01-12T07:00", Burden(60, 0)),
        ("2027-01-12T08:00", Burden(0, 0)),
        ("2027-01-12T17:30", Burden(30, 0)),
        ("2027-01-12T21:30", Burden(30, 30)),
        ("2027-01-12T06:30", Burden(30, 30)),
        ("2027-01-15T23:30", Burden(0, 60)),  # Friday into Saturday
        ("2027-01-16T10:00", Burden(0, 60)),  # Saturday
        ("2027-01-17T23:30", Burden(0, 60)),  # Sunday into Monday
    ],
)
def test_the_parts_of_a_week(hour: str, expected: Burden) -> None:
    start = datetime.fromisoformat(hour).replace(tzinfo=UTC)

    assert burden_of(start, 60, ZoneInfo("UTC")) == expected
