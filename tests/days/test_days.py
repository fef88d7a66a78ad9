"""Days and hours in words, for all zones and around every change of the day and of clocks."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common import days
from common.ui import date_format
from members.people.zones import zones
from tests.http.test_components import draw, read_by

# From UTC-12 to UTC+14, with halves and quarters of hours and both kinds of summer time.
ZONES = [
    "Etc/GMT+12",
    "Pacific/Niue",
    "Pacific/Honolulu",
    "America/Chicago",
    "America/St_Johns",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Prague",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
]
MIDNIGHTS = st.builds(
    lambda day, minutes: (
        datetime.combine(day, datetime.min.time(), tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.sampled_from([-721, -720, -1, 0, 1, 599, 600, 660, 719, 720, 721, 839, 840]),
)
# Europe, North America and New Zealand change their clocks on these days.
CHANGES = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2026, 3, 29, tzinfo=UTC),
            datetime(2026, 10, 25, tzinfo=UTC),
            datetime(2026, 3, 8, tzinfo=UTC),
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2026, 9, 26, tzinfo=UTC),
            datetime(2026, 4, 4, tzinfo=UTC),
        ]
    ),
    st.integers(0, 24 * 60),
)
MOMENTS = st.one_of(MIDNIGHTS, CHANGES)


@settings(max_examples=50)
@given(MOMENTS, st.sampled_from(ZONES))
def test_today_is_running_everywhere_and_no_later_than_the_latest_today(
    now: datetime, zone: str
) -> None:
    today = days.today_in(zone, now)

    assert days.first_running(now) <= today <= days.latest_today(now)
    assert not days.is_over(today, now)


@settings(max_examples=50)
@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 400))
def test_the_moment_of_a_day_is_within_it_and_never_to_come(
    now: datetime, zone: str, before: int
) -> None:
    day = days.today_in(zone, now) - timedelta(days=before)

    assert days.today_in(zone, days.moment_of(day, zone, now)) == day
    assert days.start_of(day, zone) <= days.moment_of(day, zone, now) <= now


@settings(max_examples=50)
@given(MOMENTS, st.sampled_from(ZONES))
def test_a_day_is_over_for_everybody_at_once_when_no_calendar_shows_it(
    now: datetime, zone: str
) -> None:
    day = days.today_in(zone, now)
    end = days.end_of(day)

    assert days.today_in(zone, end) > day
    assert days.today_in("Etc/GMT+12", end - timedelta(microseconds=1)) == day
    assert not days.is_over(day, end - timedelta(microseconds=1))
    assert days.is_over(day, end)


@pytest.mark.parametrize("day", [date.min, date(1900, 1, 1), date.max])
def test_the_end_of_any_day_can_be_written_in_any_zone(day: date) -> None:
    for zone in ZONES:
        assert date_format.moment_words(days.end_of(day), zone)


@settings(max_examples=50)
@given(MOMENTS, st.sampled_from(sorted(zones())))
def test_every_hour_names_its_offset(moment: datetime, zone: str) -> None:
    words = date_format.moment_words(moment, zone)

    assert _instants(words) == [moment]


@settings(max_examples=50)
@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(ZONES))
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Prague", "America/Chicago")
def test_the_readers_hour_and_the_meetings_own_are_the_same_instant(
    moment: datetime, zone: str, other: str
) -> None:
    words = date_format.moment_words(moment, zone, other_zone=other)

    same = moment.astimezone(ZoneInfo(zone)).utcoffset() == (
        moment.astimezone(ZoneInfo(other)).utcoffset()
    )
    assert _instants(words) == [moment] * (1 if same else 2)
    assert same or f"in {date_format.zone_place(other)} " in words


@settings(max_examples=50)
@given(MOMENTS, st.sampled_from(ZONES), st.integers(1, 1440))
def test_a_range_over_a_change_of_clocks_names_both_offsets(
    start: datetime, zone: str, minutes: int
) -> None:
    end = start + timedelta(minutes=minutes)
    tz = ZoneInfo(zone)
    changed = start.astimezone(tz).utcoffset() != end.astimezone(tz).utcoffset()

    rendered = draw("{% when m until=e %} / {% hours m e %}", m=start, e=end, **read_by(zone))

    assert len(re.findall(r"UTC", rendered)) >= (4 if changed else 2)


@settings(max_examples=50)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(ZONES))
def test_a_day_is_shown_as_it_was_typed_to_every_reader(day: date, zone: str) -> None:
    rendered = draw("{% day d weekday=True %}", d=day, **read_by(zone))

    assert rendered == draw("{% day d weekday=True %}", d=day)
    assert f'datetime="{day.isoformat()}"' in rendered


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Shanghai", "America/Havana"])
def test_the_three_zones_called_cst_are_told_apart(zone: str) -> None:
    moment = datetime(2026, 11, 26, 17, tzinfo=UTC)
    tags: list[dict[str, Any]] = [read_by(zone)]

    rendered = draw("{% when m %} {% hours m %} {{ z|zone_now }}", m=moment, z=zone, **tags[0])

    assert (
        len(re.findall(r"C[SD]T", rendered))
        == len(re.findall(r"C[SD]T \(UTC[+-]\d", rendered))
        == 3
    )


def _instants(words: str) -> list[datetime]:
    """The moments that a text names by day, hour and offset; the day counts on where left out."""
    found: list[datetime] = []
    day = ""
    for here, hour, hours, minutes in re.findall(
        r"(\d+ \w{3}(?: \d{4})?)?[^\d]*?(\d\d:\d\d)[^;]*?UTC(?:([+-]\d+)(?::(\d\d))?)?", words
    ):
        year = day[-4:]
        day = here if re.search(r"\d{4}$", here) else f"{here} {year}" if here else day
        local = datetime.strptime(f"{day} {hour}", "%d %b %Y %H:%M").replace(tzinfo=UTC)
        offset = timedelta(hours=int(hours or 0))
        rest = timedelta(minutes=int(minutes or 0))
        moment = local - offset - (-rest if hours.startswith("-") else rest)
        if found and abs(moment - found[0]) > timedelta(days=300):  # over the turn of a year
            turned = found[0].year + (1 if local.month == 1 else -1)
            moment = moment.replace(year=turned if local.day in (1, 31) else moment.year)
        found.append(moment)
    return found
