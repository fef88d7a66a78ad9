"""A month of meetings: its days in the reader's zone, and what is on each of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from common.days import start_of, today_in
from common.times import zone_named
from common.ui.date_format import day_words, hour_words, zone_word
from workinggroups.meetings.models import Meeting

# Months outside these years have no page.
FIRST_YEAR, LAST_YEAR = 1970, 2199
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    year: int
    number: int

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Return the month of a name such as "2026-12"; None for anything else."""
        year, dash, number = name.partition("-")
        digits = year + number
        if not (dash and len(year) == 4 and len(number) == 2):
            return None
        if not (digits.isascii() and digits.isdigit()):
            return None
        if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(number) <= 12):
            return None
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def words(self) -> str:
        """Return "December 2026"."""
        return format_date(self.first_day, "F Y")

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next_first_day(self) -> date:
        """Return the first day of the month that follows."""
        return (self.first_day + timedelta(days=31)).replace(day=1)

    @property
    def days(self) -> list[date]:
        count = (self.next_first_day - self.first_day).days
        return [self.first_day + timedelta(days=number) for number in range(count)]

    @property
    def previous(self) -> "Month | None":
        before = Month.of(self.first_day - ONE_DAY)
        return before if before.year >= FIRST_YEAR else None

    @property
    def next(self) -> "Month | None":
        after = Month.of(self.next_first_day)
        return after if after.year <= LAST_YEAR else None

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """Return the moments at which the month begins and ends in this zone."""
        return start_of(self.first_day, zone), start_of(self.next_first_day, zone)

    def zone_words(self, zone: str) -> str:
        """Return "CET (UTC+1)", and in a month in which clocks change also from when and to what."""
        words = [zone_word(_evening(self.first_day, zone))]
        for day in self.days[1:]:
            word = zone_word(_evening(day, zone))
            if word != words[-1]:
                change = _("from %(day)s %(zone)s")
                words += [change % {"day": day_words(day, weekday=True, year=False), "zone": word}]
                break
        return ", ".join(words)


@dataclass(frozen=True)
class Entry:
    """A meeting on one of its days."""

    meeting: Meeting
    begins: bool
    words: str


@dataclass(frozen=True)
class Day:
    day: date
    is_today: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def column(self) -> int:
        """Return its place in the week, from 1: weeks begin on Monday (ISO 8601)."""
        return self.day.isoweekday()


def days_of(month: Month, meetings: Iterable[Meeting], zone: str) -> list[Day]:
    """Return the days of the month, each with its meetings in the order given.

    A meeting that goes on after midnight in this zone is on both days.
    """
    entries: dict[date, list[Entry]] = defaultdict(list)
    here = zone_named(zone)
    for meeting in meetings:
        start, end = meeting.starts_at.astimezone(here), meeting.ends_at.astimezone(here)
        entries[start.date()].append(Entry(meeting, begins=True, words=hour_words(start)))
        last = (meeting.ends_at - timedelta(microseconds=1)).astimezone(here).date()
        if last != start.date():
            words = _("until %(hour)s") % {"hour": hour_words(end)}
            entries[last].append(Entry(meeting, begins=False, words=words))
    today = today_in(zone)
    return [
        Day(
            day,
            is_today=day == today,
            entries=sorted(entries[day], key=lambda entry: entry.begins),
        )
        for day in month.days
    ]


def weekdays() -> list[str]:
    """Return "Mon" to "Sun"."""
    monday = date(2024, 1, 1)
    return [format_date(monday + timedelta(days=number), "D") for number in range(7)]


def _evening(day: date, zone: str) -> datetime:
    """Return the last minute of a day, when a change of the clocks on it has taken place."""
    return (start_of(day + ONE_DAY, zone) - timedelta(minutes=1)).astimezone(zone_named(zone))
