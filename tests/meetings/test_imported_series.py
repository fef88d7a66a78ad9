"""Series from calendar files of other systems: what is read, and what is said of the rest."""

import time as clock
from collections.abc import Callable
from datetime import date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from common.errors import Invalid
from tests.meetings import calendar_samples as samples
from workinggroups.meetings.calendar_files import components_of, decoded, kept_lines
from workinggroups.meetings.choices import CALENDAR_FILE_MAX_BYTES
from workinggroups.meetings.foreign_zones import ForeignZones
from workinggroups.meetings.imported_series import ImportedSeries
from workinggroups.meetings.series_reader import series_in


def read(text: str, preferred: str = "Europe/Berlin") -> list[ImportedSeries]:
    components = components_of(kept_lines(text))
    zones = ForeignZones(components, now=timezone.now(), preferred=preferred)
    return series_in(components, zones, now=timezone.now())


def rule(series: ImportedSeries) -> tuple[str, int, str, str]:
    found = series.recurrence
    assert found is not None, series.problem
    return found.frequency, found.interval, str(found.first), str(found.until or "")


def test_a_file_of_google_calendar() -> None:
    (series,) = read(samples.GOOGLE)

    assert rule(series) == ("weekly", 1, "2040-01-03", "2040-03-27")
    assert series.rule_words == "Every Tuesday, 16:00 Paris"
    assert (series.title, series.duration_minutes) == ("Evaluations call", 60)
    assert series.place == "Room 4, second floor"
    assert series.join_url == "https://meet.calendar.example/abc-defg-hij"
    assert series.description == "Bring figures, please.\nAgenda:\n1. Results"
    assert series.skipped == [date(2040, 1, 24)]
    assert [day.day for day in series.first_dates(timezone.now())[:2]] == [3, 31]
    moved, cancelled = series.exceptions
    assert moved.starts_at == datetime(2040, 1, 11, 10, tzinfo=ZoneInfo("Europe/Paris"))
    assert (moved.title, moved.place) == ("Evaluations call (moved)", series.place)
    assert (cancelled.day, cancelled.is_cancelled) == (date(2040, 1, 17), True)


def test_a_file_of_outlook() -> None:
    (series,) = read(samples.OUTLOOK)

    assert rule(series) == ("monthly_last", 1, "2040-01-26", "2040-04-26")
    assert (series.zone, series.duration_minutes) == ("Europe/Berlin", 90)
    assert series.join_url == "https://teams.calendar.example/l/meetup-join/1"
    assert series.notes == ["The time zone “W. Europe Standard Time” is read as Europe/Berlin."]


def test_a_file_of_apple_calendar_with_several_events() -> None:
    liaison, holiday, once = read(samples.APPLE)

    assert rule(liaison) == ("monthly_weekday", 2, "2040-01-11", "")
    assert [one.day for one in liaison.extra] == [date(2040, 1, 18)]
    assert holiday.problem == "This is an all-day event. A meeting needs an hour."
    assert "does not repeat" in once.problem


def test_a_file_of_zoom() -> None:
    (series,) = read(samples.ZOOM)

    assert rule(series) == ("weekly", 2, "2040-01-04", "2040-01-18")
    assert (series.place, series.zone) == ("", "Asia/Tokyo")
    assert series.join_url == "https://call.calendar.example/j/1?pwd=x"


def test_times_without_a_zone_and_of_unknown_zones_are_read_in_the_chosen_one() -> None:
    (floating,) = read(samples.FLOATING, "America/Lima")
    assert (floating.zone, floating.duration_minutes) == ("America/Lima", 45)
    assert floating.notes == ["Its times name no time zone. They are read in America/Lima."]

    start = "DTSTART;TZID=../../etc/passwd:20400103T160000"
    (unknown,) = read(samples.event("RRULE:FREQ=WEEKLY", start=start), "America/Lima")
    assert unknown.zone == "America/Lima"
    assert "We do not know the time zone" in unknown.notes[0]


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("/mozilla.org/20070129_1/America/New_York", "America/New_York"),
        ("/freeassociation.sourceforge.net/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("Tokyo Standard Time", "Asia/Tokyo"),
        ("eastern standard time", "America/New_York"),
    ],
)
def test_zones_are_known_by_names_of_other_systems(name: str, zone: str) -> None:
    start = f"DTSTART;TZID={name}:20400103T160000"

    assert read(samples.event("RRULE:FREQ=WEEKLY", start=start))[0].zone == zone


def test_a_zone_with_rules_of_its_own_is_one_whose_clocks_show_the_same() -> None:
    assert read(samples.CUSTOM_ZONE, "Europe/Madrid")[0].zone == "Europe/Madrid"
    (series,) = read(samples.CUSTOM_ZONE, "Asia/Tokyo")
    there = ZoneInfo(series.zone)
    for month in (1, 7):
        moment = datetime(2027, month, 15, 12, tzinfo=there)
        assert moment.utcoffset() == moment.astimezone(ZoneInfo("Europe/Paris")).utcoffset()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("FREQ=WEEKLY", ("weekly", 1, "")),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU", ("weekly", 2, "")),
        ("FREQ=WEEKLY;COUNT=3", ("weekly", 1, "2040-01-17")),
        ("FREQ=WEEKLY;UNTIL=20400117T160000Z", ("weekly", 1, "2040-01-17")),
        ("FREQ=WEEKLY;UNTIL=20400117T155959Z", ("weekly", 1, "2040-01-10")),
        ("FREQ=WEEKLY;UNTIL=20400117", ("weekly", 1, "2040-01-17")),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", ("weekly", 1, "")),
        ("FREQ=WEEKLY;BYDAY=TU,TU", ("weekly", 1, "")),
        ("FREQ=WEEKLY;BYDAY=TU,WE;COUNT=1", ("weekly", 1, "2040-01-03")),
        ("FREQ=DAILY;BYDAY=TU", ("weekly", 1, "")),
        ("FREQ=DAILY;INTERVAL=14", ("weekly", 2, "")),
        ("FREQ=DAILY;COUNT=3", ("daily", 1, "2040-01-05")),
        ("FREQ=MONTHLY", ("monthly_day", 1, "")),
        ("FREQ=MONTHLY;BYMONTHDAY=3", ("monthly_day", 1, "")),
        ("FREQ=MONTHLY;BYDAY=1TU", ("monthly_weekday", 1, "")),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1", ("monthly_weekday", 1, "")),
        ("FREQ=YEARLY", ("monthly_day", 12, "")),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=1TU", ("monthly_weekday", 12, "")),
    ],
)
def test_rules_that_a_series_can_have(line: str, expected: tuple[str, int, str]) -> None:
    (series,) = read(samples.event(f"RRULE:{line}"))

    frequency, interval, _first, until = rule(series)
    assert (frequency, interval, until) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "FREQ=WEEKLY;BYDAY=TH,TU",
            [("weekly", 1, "2040-01-03", ""), ("weekly", 1, "2040-01-05", "")],
        ),
        (
            "FREQ=DAILY;BYDAY=TU,WE;COUNT=3",
            [("weekly", 1, "2040-01-03", "2040-01-10"), ("weekly", 1, "2040-01-04", "2040-01-04")],
        ),
        # Weeks that begin on Monday, as without WKST: the Sunday is in the week of the Tuesday.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;UNTIL=20400201",
            [("weekly", 2, "2040-01-03", "2040-01-31"), ("weekly", 2, "2040-01-08", "2040-01-22")],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;UNTIL=20400201",
            [("weekly", 2, "2040-01-03", "2040-01-31"), ("weekly", 2, "2040-01-15", "2040-01-29")],
        ),
    ],
)
def test_a_rule_on_several_weekdays_becomes_a_series_for_each(
    line: str, expected: list[tuple[str, int, str, str]]
) -> None:
    parts = read(samples.event(f"RRULE:{line}"))

    assert [rule(part) for part in parts] == expected
    assert {part.title for part in parts} == {"Call"}
    assert len({part.key for part in parts}) == len(parts)
    assert all("a series for each of them" in " ".join(part.notes) for part in parts)


def test_a_date_that_was_changed_goes_to_the_series_of_its_weekday() -> None:
    text = samples.event(
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;BYDAY=TU,TH",
        "EXDATE:20400110T160000Z,20400119T160000Z",
        "RDATE:20400216T180000Z,20400218T160000Z",
    )
    moved = samples.event("RECURRENCE-ID:20400112T160000Z", start="DTSTART:20400113T090000Z")
    stray = samples.event("RECURRENCE-ID:20400113T160000Z", start="DTSTART:20400114T090000Z")
    events = [part.split("VERSION:2.0\r\n")[1].split("END:VCALENDAR")[0] for part in (moved, stray)]

    tuesday, thursday = read(text.replace("END:VCALENDAR", "".join(events) + "END:VCALENDAR"))

    assert tuesday.skipped == [date(2040, 1, 10)]
    assert thursday.skipped == [date(2040, 1, 19)]
    assert [one.day for one in tuesday.exceptions] == []
    assert [one.day for one in thursday.exceptions] == [date(2040, 1, 12)]
    assert [one.day for one in tuesday.extra] == [date(2040, 2, 18)]
    assert [one.day for one in thursday.extra] == [date(2040, 2, 16)]
    left_out = "A changed meeting that is no date of the rule is left out."
    assert [left_out in part.notes for part in (tuesday, thursday)] == [True, True]


@pytest.mark.parametrize(
    "line",
    [
        "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU,1WE",
        "FREQ=MONTHLY;BYDAY=TU,WE", "FREQ=WEEKLY;BYDAY=TU,WE;INTERVAL=13", "FREQ=WEEKLY;BYDAY=TU,WE;WKST=XX",
        "FREQ=DAILY;INTERVAL=2;BYDAY=TU,WE", "FREQ=WEEKLY;BYDAY=TU,MO,WE,TH,FR,SA,SU",
        "FREQ=WEEKLY;BYDAY=TU,WE;UNTIL=20300101",
        "FREQ=WEEKLY;INTERVAL=13", "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=2", "FREQ=HOURLY", "FREQ=SECONDLY;COUNT=2000000000", "FREQ=NEVER",
        "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=WEEKLY;UNTIL=20300101T000000Z", "FREQ=WEEKLY;UNTIL=00010101T000000Z",
        "FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;COUNT=99999999999999",
        "FREQ=YEARLY;INTERVAL=2", "FREQ=WEEKLY;BYHOUR=9,17", "", "X", "FREQ=", "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;" + "BYDAY=TU;" * 500,
    ],
)  # fmt: skip
def test_other_rules_are_refused_with_a_reason(line: str) -> None:
    (series,) = read(samples.event(f"RRULE:{line}"))

    assert series.problem.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 5000,
        "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * 2000,
        "BEGIN:VCALENDAR\n"
        + "".join(
            f"BEGIN:VEVENT\nUID:{n}\nDTSTART:20400103T160000Z\nRRULE:FREQ=WEEKLY;COUNT=9999\nEND:VEVENT\n"
            for n in range(200)
        ),
        "a,b\n1,2\n",
        "",
    ],
)
def test_files_that_are_too_much_or_no_calendar_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read(text)


def test_large_and_broken_files_are_refused_or_read_as_text() -> None:
    with pytest.raises(Invalid):
        decoded(b"x" * (CALENDAR_FILE_MAX_BYTES + 1))
    assert read(decoded(samples.FLOATING.encode("utf-16")))[0].title == "Floating"
    assert read(decoded(samples.FLOATING.encode("utf-8-sig")))[0].title == "Floating"


HOSTILE: dict[str, Callable[[], str]] = {
    "a long line": lambda: samples.event("RRULE:FREQ=WEEKLY", "DESCRIPTION:" + "<a " * 150_000),
    "many folds": lambda: samples.event("RRULE:FREQ=WEEKLY", "SUMMARY:" + "\r\n x" * 100_000),
    "many dates": lambda: samples.event("RRULE:FREQ=WEEKLY", *["EXDATE:20400110T160000Z"] * 15_000),
    "much count": lambda: samples.event("RRULE:FREQ=WEEKLY;COUNT=2000000000"),
    "odd parameters": lambda: samples.event(
        "RRULE:FREQ=WEEKLY", start='DTSTART;TZID="' + ";" * 5000 + ":20400103T160000"
    ),
    "odd years": lambda: samples.event(
        "RRULE:FREQ=WEEKLY",
        "EXDATE:00010101T000000Z,99991231T235959Z",
        "RDATE;TZID=America/New_York:99991231T235959",
        "DTEND;TZID=America/New_York:99991231T235959",
        "RECURRENCE-ID;VALUE=DATE:00010101",
    ),
    "a zone by the second": lambda: samples.CUSTOM_ZONE.replace("FREQ=YEARLY", "FREQ=SECONDLY"),
    "a zone of every day": lambda: samples.CUSTOM_ZONE.replace("BYDAY=-1SU", "BYMONTHDAY=1,2,3"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_little_time(name: str) -> None:
    text = HOSTILE[name]()
    begun = clock.monotonic()

    read(text)

    assert clock.monotonic() - begun < 3


def test_attendees_are_left_out_of_what_is_kept() -> None:
    for text in (samples.GOOGLE, samples.OUTLOOK):
        kept = kept_lines(text)
        assert "guest@" not in kept.replace("\n ", "")
        assert "someone@" not in kept
        assert kept_lines(kept) == kept


def test_signs_that_cannot_be_seen_are_left_out_of_texts() -> None:
    (series,) = read(
        samples.event("RRULE:FREQ=WEEKLY", "LOCATION:Room\u202e 4\x07\\nfloor 2").replace(
            "SUMMARY:Call", "SUMMARY:\u202e\u3164"
        )
    )

    assert (series.title, series.place) == ("Meeting", "Room 4 floor 2")


def test_of_two_versions_of_an_exception_the_later_counts() -> None:
    override = (
        "BEGIN:VEVENT\r\nUID:one\r\nRECURRENCE-ID:20400110T160000Z\r\nSEQUENCE:{}\r\n"
        "DTSTART:20400110T{}0000Z\r\nDTEND:20400110T{}3000Z\r\nEND:VEVENT\r\n"
    )
    text = samples.event("RRULE:FREQ=WEEKLY").replace(
        "END:VCALENDAR", override.format(2, 18, 18) + override.format(1, 9, 9) + "END:VCALENDAR"
    )

    (series,) = read(text)

    (one,) = series.exceptions
    assert one.starts_at.hour == 18
    assert one.duration_minutes == 30


def test_what_is_past_is_counted_apart() -> None:
    start = timezone.now() - timedelta(days=24, hours=1)
    line = f"DTSTART:{start:%Y%m%dT%H%M00Z}"
    (going_on,) = read(samples.event("RRULE:FREQ=WEEKLY", start=line))
    (over,) = read(samples.event("RRULE:FREQ=WEEKLY;COUNT=2", start=line))

    assert len(going_on.past(timezone.now())) == 4
    assert going_on.first_on(timezone.now(), with_past=False) == (start + timedelta(days=28)).date()
    assert going_on.first_on(timezone.now(), with_past=True) == start.date()
    assert over.problem == "All dates of this series have passed."


def hostile_zone(tzid: str, rule: str, count: int) -> str:
    """A time zone with one rule so many times, whose offsets no zone has."""
    part = (
        "BEGIN:STANDARD\nDTSTART:19700101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0117\n"
        f"RRULE:{rule}\nEND:STANDARD\n"
    )
    return f"BEGIN:VTIMEZONE\nTZID:{tzid}\n{part * count}END:VTIMEZONE\n"


def read_at_once(body: str) -> ImportedSeries:
    """Read a file with one series, in a time that does not grow with what the file asks to count."""
    begun = process_time()
    (series,) = read(f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n")
    assert process_time() - begun < 3
    return series


def one_event(*lines: str, start: str = "DTSTART;TZID=Z0:20400103T160000") -> str:
    rows = ["BEGIN:VEVENT", "UID:1", start, "DURATION:PT1H", "RRULE:FREQ=WEEKLY", *lines]
    return "\n".join([*rows, "END:VEVENT", ""])


@pytest.mark.parametrize(
    "rule",
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYDAY=MO"],
)
def test_many_rules_of_a_zone_that_never_or_often_apply_are_read_at_once(rule: str) -> None:
    series = read_at_once(hostile_zone("Z0", rule, 3000) + one_event())

    assert (series.problem, series.zone) == ("", "Europe/Berlin")


def test_many_zones_that_no_place_has_are_read_at_once() -> None:
    rule = "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"
    zones = "".join(hostile_zone(f"Z{number}", rule, 1) for number in range(900))
    skipped = [f"EXDATE;TZID=Z{number}:20400110T160000" for number in range(900)]

    assert len(read_at_once(zones + one_event(*skipped)).skipped) == 1


def test_many_late_dates_of_a_series_are_looked_up_at_once() -> None:
    late = [date(2097, 1, 1) + timedelta(days=number) for number in range(700)]
    listed = "EXDATE:" + ",".join(f"{day:%Y%m%dT160000Z}" for day in late)

    series = read_at_once(one_event(listed, start="DTSTART:20000104T160000Z"))

    assert (series.problem, len(series.skipped)) == ("", 100)


@pytest.mark.parametrize(
    ("part", "zone"),
    [
        # On the 11th and the 4th of the month where no day is named, as Outlook wrote it.
        ("BYMONTH=3;BYDAY=2SU", "America/New_York"),
        ("BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU", "America/New_York"),
        ("BYMONTH=3", "America/New_York"),
    ],
)
def test_a_zone_changes_its_clocks_on_a_weekday_or_a_day_of_a_month(part: str, zone: str) -> None:
    rules = (
        "BEGIN:VTIMEZONE\nTZID:Z0\n"
        f"BEGIN:DAYLIGHT\nDTSTART:20070311T020000\nRRULE:FREQ=YEARLY;{part}\n"
        "TZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:20071104T020000\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\n"
        "TZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    (series,) = read(f"BEGIN:VCALENDAR\n{rules}{one_event()}END:VCALENDAR\n", zone)

    assert series.zone == zone
    assert series.notes == [f"The time zone “Z0” is read as {zone}."]


@pytest.mark.parametrize("part", ["BYMONTH=5L", "BYMONTHDAY=x", "BYSETPOS=x", "COUNT=x"])
def test_a_part_that_is_no_number_is_a_problem_of_its_series(part: str) -> None:
    (series,) = read(samples.event(f"RRULE:FREQ=YEARLY;{part}"))

    assert series.problem == "Its rule cannot be read."


def test_a_description_of_broken_tags_stays_as_it_is() -> None:
    broken = "<b" * 500
    (series,) = read(samples.event("RRULE:FREQ=WEEKLY", f"DESCRIPTION:{broken}"))

    assert (series.problem, series.description) == ("", broken)


@pytest.mark.parametrize("year", [1600, 1999, 2101, 2200])
def test_dates_moved_to_years_in_which_no_meeting_can_be_are_left_out(year: int) -> None:
    moved = f"BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20400110T160000Z\nDTSTART:{year}0102T160000Z\n"
    series = read_at_once(
        one_event(f"RDATE:{year}0102T160000Z", start="DTSTART:20400103T160000Z")
        + moved
        + "END:VEVENT\n"
    )

    assert (series.problem, series.exceptions, series.extra) == ("", [], [])
    assert series.notes == [
        "A changed meeting whose time cannot be read is left as it was.",
        "An additional date whose time cannot be read is left out.",
    ]
