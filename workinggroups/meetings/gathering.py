"""Gather meetings that were scheduled singly into a series: the proposed rule, and what becomes of each.

Nothing here reads or writes the database.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workinggroups.meetings.choices import (
    MOVED_MAX_DAYS,
    SERIES_MAX_INTERVAL,
    SERIES_MAX_SKIPPED,
    Frequency,
)
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.recurrence import Recurrence, moment_of

# How many new dates are named before a save, and how many days ahead they are looked for.
NEW_SHOWN = 10

Value = TypeVar("Value", bound=Hashable)


class Fate(StrEnum):
    """What becomes of a meeting that is gathered into a series."""

    FOLLOWS = "follows"  # a date of the series, like the others
    APART = "apart"  # a date of the series that differs from the others
    MOVED = "moved"  # on another day than the date that it stands for
    EXTRA = "extra"  # near no date of the series


DIFFERENCES: Mapping[str, Promise] = {
    "title": _("title"),
    "starts_at": _("start"),
    "ends_at": _("length"),
    "zone": _("time zone"),
    "place": _("place"),
    "join_url": _("link to join"),
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """A meeting with its place in the series: the date by the rule, or none for an extra meeting."""

    meeting: Meeting
    fate: Fate
    day: date | None = None
    differs_in: tuple[str, ...] = ()

    @property
    def differences(self) -> list[Promise]:
        """Return in what the meeting differs from the series, in words."""
        return [DIFFERENCES[name] for name in self.differs_in]


@dataclass(frozen=True, slots=True)
class Gathering:
    """All that a save would do."""

    meetings: list[Gathered]
    # Dates that have passed without a meeting, and dates for which meetings are made: the first few.
    passed: list[date]
    new: list[date]
    goes_on: bool  # there are more new dates than these

    @property
    def token(self) -> str:
        """Return a short text that differs when anything of this differs, or of the meetings shown."""
        rows = [
            (
                one.meeting.pk,
                one.meeting.starts_at,
                one.meeting.title,
                one.fate,
                one.day,
                one.differs_in,
            )
            for one in self.meetings
        ]
        shown = repr((rows, self.passed, self.new, self.goes_on))
        return hashlib.sha256(shown.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What the meetings of a series have in common, and its rule."""

    title: str
    recurrence: Recurrence
    local_time: time
    zone: ZoneInfo
    duration_minutes: int
    place: str
    join_url: str
    skipped: frozenset[date]

    def moment(self, day: date) -> datetime:
        return moment_of(day, self.local_time, self.zone)

    def differences(self, meeting: Meeting, day: date) -> tuple[str, ...]:
        """Return the names of what a meeting has otherwise than this date of the series."""
        starts_at = self.moment(day)
        values = {
            "title": self.title,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=self.duration_minutes),
            "zone": self.zone.key,
            "place": self.place,
            "join_url": self.join_url,
        }
        names = [name for name, value in values.items() if getattr(meeting, name) != value]
        if "starts_at" in names and meeting.duration_minutes == self.duration_minutes:
            names.remove("ends_at")
        return tuple(names)


def gather(meetings: Iterable[Meeting], common: Common, now: datetime) -> Gathering:
    """Return what becomes of these meetings, in the order of their start, in a series with this rule.

    A meeting on a date of the rule takes that date; of several on one day, the one that differs least.
    Each other one stands for the nearest date without a meeting, at most MOVED_MAX_DAYS away; else it
    is an extra meeting.
    """
    rows = sorted(meetings, key=lambda one: (one.starts_at, one.pk))
    days = {row.pk: row.starts_at.astimezone(common.zone).date() for row in rows}
    dates = _dates_until(common, max(days.values()) + timedelta(days=MOVED_MAX_DAYS))
    free = dates - common.skipped
    taken: dict[date, Meeting] = {}
    for row in sorted(rows, key=lambda row: len(common.differences(row, days[row.pk]))):
        if days[row.pk] in free and days[row.pk] not in taken:
            taken[days[row.pk]] = row
    placed = {row.pk for row in taken.values()}
    stands_for = {row.pk: day for day, row in taken.items()}
    for row in rows:
        near = (day for day in _near(days[row.pk]) if day in free and day not in taken)
        if row.pk not in placed and (day := next(near, None)):
            taken[day] = row
            stands_for[row.pk] = day
    left = (
        day for day in common.recurrence.dates() if day not in taken and day not in common.skipped
    )
    passed, first_new = _passed_and_new(left, common, now)
    return Gathering(
        meetings=[_gathered(row, days[row.pk], stands_for.get(row.pk), common) for row in rows],
        passed=passed,
        new=first_new[:NEW_SHOWN],
        goes_on=len(first_new) > NEW_SHOWN,
    )


def _gathered(row: Meeting, own_day: date, day: date | None, common: Common) -> Gathered:
    if day is None:
        return Gathered(row, Fate.EXTRA)
    differs_in = common.differences(row, day)
    if day != own_day:
        others = tuple(name for name in differs_in if name != "starts_at")
        return Gathered(row, Fate.MOVED, day, others)
    return Gathered(row, Fate.APART if differs_in else Fate.FOLLOWS, day, differs_in)


def _dates_until(common: Common, last: date) -> set[date]:
    dates = set()
    for day in common.recurrence.dates():
        if day > last:
            break
        dates.add(day)
    return dates


def _passed_and_new(
    days: Iterator[date], common: Common, now: datetime
) -> tuple[list[date], list[date]]:
    """Split the days into those that have passed and the first that come.

    Of both at most one more than can be skipped, or shown.
    """
    passed: list[date] = []
    new: list[date] = []
    for day in days:
        wanted = new if common.moment(day) > now else passed
        wanted.append(day)
        if len(passed) > SERIES_MAX_SKIPPED or len(new) > NEW_SHOWN:
            break
    return passed, new


def _near(day: date) -> Iterator[date]:
    """Yield the days around a day, the nearest first."""
    for distance in range(1, MOVED_MAX_DAYS + 1):
        yield day - timedelta(days=distance)
        yield day + timedelta(days=distance)


def proposal(meetings: Sequence[Meeting]) -> dict[str, Any]:
    """Return the values of a form for the series of these meetings: what most of them have.

    The rule is the one that leaves the fewest meetings beside it and dates without a meeting; those
    dates are proposed to be skipped. The last date is that of the last meeting.
    """
    latest_first = sorted(meetings, key=lambda one: one.starts_at, reverse=True)
    zone = ZoneInfo(most_common(one.zone for one in latest_first))
    local = [one.starts_at.astimezone(zone) for one in latest_first]
    days = {moment.date() for moment in local}
    rule = proposed_rule(days)
    missing = [day for day in _dates_until_last(rule, max(days)) if day not in days]
    stood_for = {near for day in days if not rule.has(day) for near in _near(day)}
    return {
        "title": most_common(one.title for one in latest_first),
        "local_date": rule.first,
        "local_time": most_common(moment.time() for moment in local),
        "zone": zone.key,
        "duration_minutes": most_common(one.duration_minutes for one in latest_first),
        "place": most_common(one.place for one in latest_first),
        "join_url": most_common(one.join_url for one in latest_first),
        "frequency": rule.frequency,
        "interval": rule.interval,
        "until": max(days),
        "skipped": [(day, "") for day in missing if day not in stood_for],
    }


def most_common(values: Iterable[Value]) -> Value:
    """Return the value that comes most often; of several, the one that comes first."""
    return Counter(values).most_common(1)[0][0]


def proposed_rule(days: set[date]) -> Recurrence:
    """Return the rule with the fewest of these days beside it and dates without a day; the shorter first."""
    last = max(days)
    best: tuple[int, Recurrence] | None = None
    for rule in _rules(days):
        dates = set(_dates_until_last(rule, last))
        wrong = len(days - dates) + len(dates - days)
        if best is None or wrong < best[0]:
            best = wrong, rule
    assert best is not None
    return best[1]


def _rules(days: set[date]) -> Iterator[Recurrence]:
    """Yield, for each way to repeat, the rule that has most of these days; the earlier of several."""
    for frequency, place in PLACES.items():
        for interval in range(1, SERIES_MAX_INTERVAL + 1):
            alike: dict[Hashable, list[date]] = defaultdict(list)
            for day in sorted(days):
                key = place(day, interval)
                if key is not None:
                    alike[key].append(day)
            if alike:
                most = max(alike.values(), key=len)
                yield Recurrence(first=most[0], frequency=frequency, interval=interval)


def _weekly(day: date, interval: int) -> Hashable:
    return day.toordinal() % (7 * interval)


def _by_weekday(day: date, interval: int) -> Hashable:
    return day.weekday(), (day.day - 1) // 7, _month(day) % interval


def _by_last_weekday(day: date, interval: int) -> Hashable | None:
    is_last = (day + timedelta(days=7)).month != day.month
    return (day.weekday(), _month(day) % interval) if is_last else None


def _by_day(day: date, interval: int) -> Hashable:
    return day.day, _month(day) % interval


def _month(day: date) -> int:
    return 12 * day.year + day.month


# What the dates of one rule have in common, by how it repeats.
PLACES: Mapping[str, Callable[[date, int], Hashable | None]] = {
    Frequency.WEEKLY: _weekly,
    Frequency.MONTHLY_WEEKDAY: _by_weekday,
    Frequency.MONTHLY_LAST: _by_last_weekday,
    Frequency.MONTHLY_DAY: _by_day,
}


def _dates_until_last(rule: Recurrence, last: date) -> Iterator[date]:
    for day in rule.dates():
        if day > last:
            return
        yield day
