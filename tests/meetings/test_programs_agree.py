"""Our dates, ical.js and libical agree on each moment, in each zone, over changes of its clocks.

Each file has series with a meeting in an hour that a change of clocks skips or shows twice, and single
meetings around it. A run of the suite takes one change of each zone; `make series` takes all of them
since 2000, and years beyond those that the files of the zones list.
"""

import os
import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import pytest

from tests.meetings import programs
from tests.meetings.calendar_samples import event
from tests.meetings.test_ical_js import facts as meeting_facts
from tests.meetings.test_imported_series import read as read_series
from tests.meetings.transitions import distinct_zones, transitions, zones
from workinggroups.meetings import calendars
from workinggroups.meetings.calendars import Facts, SeriesFacts
from workinggroups.meetings.choices import Frequency
from workinggroups.meetings.recurrence import Recurrence, moment_of

IS_WHOLE = "SERIES_ROUNDS" in os.environ
PARTS = 24 if IS_WHOLE else 1
DAY = timedelta(days=1)
END = datetime(2101, 1, 1, tzinfo=UTC)
YEARS = range(2000, 2038)
LATER = (2038, 2039, 2052, 2099)
RULES = [
    (Frequency.WEEKLY, 1), (Frequency.WEEKLY, 2), (Frequency.MONTHLY_WEEKDAY, 1),
    (Frequency.MONTHLY_LAST, 1), (Frequency.MONTHLY_DAY, 1), (Frequency.DAILY, 1),
]  # fmt: skip


def odd_hour(zone: str, change: datetime) -> datetime:
    """Return the local time in the middle of what clocks skip or repeat at this change."""
    second = timedelta(seconds=1)
    before = ((change - second).astimezone(ZoneInfo(zone)) + second).replace(tzinfo=None)
    after = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    first, last = sorted([before, after])
    return (first + (last - first) // 2).replace(second=0, microsecond=0)


def changes_of(zone: str) -> list[datetime]:
    """Return when clocks of the zone change; any moment where they never do."""
    changes = [one for one in transitions(zone) if one.year in YEARS]
    return changes or [datetime(2026, 5, 5, 12, tzinfo=UTC)]


def rules_for(day: date, zone: str) -> list[tuple[Frequency, int]]:
    """Return the rules by which a series can meet on this day.

    Not each day where the zone skips a day as a whole, as Samoa did in 2011: two meetings would be one.
    """
    noon = moment_of(day, time(12), ZoneInfo(zone)).astimezone(ZoneInfo(zone))
    is_skipped = noon.date() != day
    return [
        (frequency, interval)
        for frequency, interval in RULES
        if Recurrence(first=day, frequency=frequency, interval=interval).has(day)
        and not (is_skipped and frequency == Frequency.DAILY)
    ]


def first_of(day: date, frequency: str, interval: int) -> date:
    """Return a date from which the rule goes on to `day`, some meetings earlier."""
    if frequency == Frequency.DAILY:
        return day - timedelta(days=5)
    if frequency == Frequency.WEEKLY:
        return day - timedelta(weeks=4 * interval)
    for back in range(60, 400):
        first = day - timedelta(days=back)
        if day in Recurrence(first=first, frequency=frequency, until=day).dates():
            return first
    return day


def across(
    zone: str, day: date, at: time, frequency: str, interval: int, *, ends: bool
) -> SeriesFacts:
    """Return a series that meets on this day; `ends` says whether that is its last meeting."""
    until = day if ends else day + timedelta(days=7 if frequency == Frequency.DAILY else 75)
    name = f"{zone} {day} {at:%H:%M} {frequency} {interval} {until}"
    return SeriesFacts(
        uid=name,
        sequence=0,
        uuid=uuid5(NAMESPACE_URL, name),
        title="Call",
        recurrence=Recurrence(
            first=first_of(day, frequency, interval),
            frequency=frequency,
            interval=interval,
            until=until,
        ),
        local_time=at,
        zone=zone,
        duration_minutes=60,
        place="",
        join_url="",
        skipped=(),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        group_name="Trust",
        group_slug="trust",
    )


def meetings_around(zone: str, change: datetime) -> list[Facts]:
    """Return single meetings before and after a change, in the first and the second of equal hours."""
    return [
        meeting_facts(zone, change + timedelta(minutes=minutes), uid=f"{zone} {change} {minutes}")
        for minutes in (-30, 0, 30)
    ]


def ours(facts: Facts | SeriesFacts) -> list[int]:
    if isinstance(facts, Facts):
        return [int(facts.starts_at.timestamp())]
    zone = ZoneInfo(facts.zone)
    return [
        int(moment_of(day, facts.local_time, zone).timestamp()) for day in facts.recurrence.dates()
    ]


File = list[Facts | SeriesFacts]


def sample(seed: int) -> Iterator[File]:
    """Yield a file of each zone, with one of its changes, or with any day where it has none."""
    for zone in zones():
        dice = random.Random(f"{seed} {zone}")
        change = dice.choice(changes_of(zone))
        odd = odd_hour(zone, change)
        other = time((odd.hour + dice.randrange(1, 24)) % 24, odd.minute)
        fitting = rules_for(odd.date(), zone)
        yield [
            *(
                across(zone, odd.date(), at, *dice.choice(fitting), ends=dice.random() < 0.3)
                for at in (odd.time(), other)
            ),
            meetings_around(zone, change)[dice.randrange(3)],
        ]


def whole(zone: str) -> Iterator[File]:
    """Yield a file for each change of the zone since 2000, with two rules by turns; and far years."""
    dice = random.Random(zone)
    for change in changes_of(zone):
        odd = odd_hour(zone, change)
        other = time((odd.hour + 11) % 24, odd.minute)
        found = [
            across(zone, odd.date(), at, *rule, ends=ends)
            for rule in dice.sample(rules_for(odd.date(), zone), 2)
            for at, ends in ((odd.time(), False), (odd.time(), True), (other, False))
        ]
        starting = across(zone, odd.date(), odd.time(), *RULES[0], ends=False)
        recurrence = Recurrence(
            first=odd.date(), frequency=Frequency.WEEKLY, until=odd.date() + timedelta(days=300)
        )
        starting = starting._replace(uid=f"{starting.uid} from the day", recurrence=recurrence)
        yield [*found, starting, *meetings_around(zone, change)]
    for year in LATER:
        sunday = next(
            day for day in (date(year, 1, one) for one in range(1, 8)) if day.weekday() == 6
        )
        series = across(zone, sunday, time(2, 30), *RULES[0], ends=False)
        until = date(year, 12, 31)
        recurrence = Recurrence(first=sunday, frequency=Frequency.WEEKLY, until=until)
        yield [series._replace(recurrence=recurrence)]


def differences(files: Sequence[File], *readers: programs.Read) -> list[str]:
    contents = [calendars.feed("Calls", events) for events in files]
    wrong = []
    for read in readers:
        for events, theirs in zip(files, read(contents, END), strict=True):
            for facts in events:
                own, other = ours(facts), theirs.get(facts.uid, [])
                if own != other:
                    wrong.append(f"{facts.uid}: {own} is read as {other}")
    return wrong


def all_of(part: int) -> Iterator[list[File]]:
    """Yield the files of every zone of this part, some at a time."""
    for zone in distinct_zones()[part::PARTS]:
        files = list(whole(zone))
        for place in range(0, len(files), 50):
            yield files[place : place + 50]


@pytest.mark.parametrize("part", range(PARTS))
def test_programs_read_our_moments(chromium: Any, part: int) -> None:
    with programs.ical_js(chromium) as ical_js:
        for files in all_of(part) if IS_WHOLE else [list(sample(0))]:
            assert differences(files, ical_js, programs.libical) == []


def test_the_parts_of_a_rule_on_several_weekdays_meet_when_programs_say(chromium: Any) -> None:
    dice = random.Random("weekdays")
    texts = [weekday_rule(dice) for _round in range(120)]
    until = datetime(2041, 1, 1, tzinfo=UTC)
    expected = []
    for text in texts:
        parts = read_series(text)
        assert len(parts) > 1
        moments = (part.moment(day) for part in parts for day in part.dates())
        expected.append(sorted(int(at.timestamp()) for at in moments if at <= until))

    with programs.ical_js(chromium) as read:
        by_ical_js = read([text.encode() for text in texts], until)

    assert [found["one"] for found in by_ical_js] == expected
    # Of weeks that begin in their middle libical leaves out the first date of some, against the RFC.
    usual = [place for place, text in enumerate(texts) if not re.search("WKST=(TH|FR|SA)", text)]
    by_libical = programs.libical([texts[place].encode() for place in usual], until)
    assert [found["one"] for found in by_libical] == [expected[place] for place in usual]


def weekday_rule(dice: random.Random) -> str:
    """Return a file whose event repeats on some weekdays, one of which is that of its first date."""
    first = date(2040, 1, 1) + timedelta(days=dice.randrange(28))
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    others = [name for name in names if name != names[first.weekday()]]
    days = [names[first.weekday()], *dice.sample(others, dice.randrange(1, 5))]
    dice.shuffle(days)
    interval = dice.randrange(1, 5)
    parts = [f"RRULE:FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(days)}"]
    if dice.random() < 0.8:
        parts.append(f"WKST={dice.choice(names)}")
    parts.append(dice.choice(["COUNT=17", "UNTIL=20400630T160000Z", "UNTIL=20401009T155959Z"]))
    start = f"DTSTART:{first:%Y%m%d}T160000Z"
    return event("DURATION:PT1H", "STATUS:CONFIRMED", ";".join(parts), start=start)
