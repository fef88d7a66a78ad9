"""The time zones of calendar files, by the names that other systems give them."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from members.people.zones import zone_choices
from workinggroups.meetings.calendar_files import ZONE, Component, moment_in

OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?")
# Changes of clocks that we read: once a year, in a month, on a weekday or day of it.
YEARLY = re.compile(
    r"(?:(?:FREQ=YEARLY|INTERVAL=1|BYMONTH=\d{1,2}|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=[\d,]{1,30}"
    r"|WKST=[A-Z]{2}|UNTIL=\d{8}(?:T\d{6}Z?)?)(?:;|$))+"
)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WINDOWS = {name.casefold(): olson for name, olson in WINDOWS_TO_OLSON.items()}
# Zones are the same where clocks show the same in the middle of each month for so many months.
MONTHS_COMPARED = 24
CHANGES_READ = 3
# Clocks of before have other rules.
FIRST_YEAR = 1970

Offsets: TypeAlias = tuple[timedelta | None, ...]


class ForeignZones:
    """The time zones that a file names, as zones of the IANA database."""

    def __init__(self, components: Iterable[Component], *, now: datetime, preferred: str) -> None:
        zones = [each for each in components if each.kind == ZONE]
        self.defined = {each.text("TZID"): each for each in zones}
        self.now = now
        self.preferred = preferred
        self.known: dict[str, str | None] = {}

    def named(self, name: str) -> str | None:
        """Return the IANA zone that is meant by this name, or None."""
        if name not in self.known:
            self.known[name] = self._find(name)
        return self.known[name]

    def _find(self, name: str) -> str | None:
        zone = self.defined.get(name)
        location = zone.text("X-LIC-LOCATION") if zone else ""
        for candidate in (name, location, *_ends_of(name)):
            if candidate in _zones_of_record():
                return candidate
        if olson := WINDOWS.get(name.strip('"').casefold()):
            return olson
        return self._by_clocks(zone) if zone else None

    def _by_clocks(self, zone: Component) -> str | None:
        """Return a zone whose clocks show the same as by these rules, the preferred one first."""
        changes = sorted(_changes(zone, self._moments[0].year))
        offsets = tuple(_offset_at(moment, changes) for moment in self._moments)
        if not changes or None in offsets:
            return None
        if offsets == self._offsets_in(self.preferred):
            return self.preferred
        return self._names_by_offsets.get(offsets)

    @cached_property
    def _moments(self) -> list[datetime]:
        begin = self.now.astimezone(UTC).replace(day=15, hour=12, minute=0, second=0, microsecond=0)
        return [begin + timedelta(days=30 * month) for month in range(MONTHS_COMPARED)]

    @cached_property
    def _names_by_offsets(self) -> dict[Offsets, str]:
        """Return the first zone of the list with each row of offsets: computed once for all zones of a file."""
        listed = [each for _area, names in zone_choices() for each, _place in names]
        return {self._offsets_in(name): name for name in reversed(listed)}

    def _offsets_in(self, name: str) -> Offsets:
        there = ZoneInfo(name)
        return tuple(moment.astimezone(there).utcoffset() for moment in self._moments)


@cache
def _zones_of_record() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _ends_of(name: str) -> Iterator[str]:
    """Yield what may be a zone behind a prefix, as in "/mozilla.org/20070129_1/Europe/Paris"."""
    words = name.strip('"/ ').split("/")
    for count in (3, 2):
        if len(words) > count:
            yield "/".join(words[-count:])
    yield name.strip('"/ ')


def _changes(zone: Component, year: int) -> Iterator[tuple[datetime, timedelta]]:
    """Yield the last changes of clocks before the compared months end: the moment, the offset then."""
    for rule in zone.parts:
        begin = rule.one("DTSTART")
        first = moment_in(begin) if begin else None
        before, after = _offset(rule.text("TZOFFSETFROM")), _offset(rule.text("TZOFFSETTO"))
        if first is None or before is None or after is None:
            continue
        for local in _local_changes(first.at, rule.text("RRULE"), year):
            yield (local - before).replace(tzinfo=UTC), after


def _local_changes(first: datetime, rule: str, year: int) -> list[datetime]:
    """Return when clocks change by this rule, in the years around this one.

    Counted here and not by a library, which looks for the next date of a rule without any for
    thousands of years.
    """
    if first.year > year + CHANGES_READ:
        return []
    if not rule:
        return [max(first, datetime(FIRST_YEAR, 1, 1))]
    if not YEARLY.fullmatch(rule):
        return []
    parts = dict(part.split("=") for part in rule.split(";") if part)
    month = int(parts.get("BYMONTH", first.month))
    until = parts.get("UNTIL", "99991231")[:8]
    if "FREQ" not in parts or not 1 <= month <= 12:
        return []
    if "BYDAY" in parts and "BYMONTH" not in parts:
        return []
    changes = [
        datetime.combine(date(each, month, day), first.time())
        for each in range(max(first.year, year - CHANGES_READ), year + CHANGES_READ + 1)
        for day in _days_in(each, month, parts, first.day)
    ]
    return [change for change in changes if change >= first and f"{change:%Y%m%d}" <= until]


def _days_in(year: int, month: int, parts: Mapping[str, str], usual: int) -> list[int]:
    """Return the days of a month on which clocks change by these parts of a rule."""
    days = list(range(1, monthrange(year, month)[1] + 1))
    if "BYMONTHDAY" in parts:
        days = [day for day in days if str(day) in parts["BYMONTHDAY"].split(",")]
    elif "BYDAY" not in parts:
        days = [day for day in days if day == usual]
    if "BYDAY" not in parts:
        return days
    weekday, nth = parts["BYDAY"][-2:], parts["BYDAY"][:-2]
    days = [day for day in days if WEEKDAYS[date(year, month, day).weekday()] == weekday]
    if not nth.strip("+-"):
        return days
    place = int(nth)
    return days[place - 1 :][:1] if place > 0 else days[place:][:1] if -place <= len(days) else []


def _offset_at(moment: datetime, changes: list[tuple[datetime, timedelta]]) -> timedelta | None:
    past = [offset for change, offset in changes if change <= moment]
    return past[-1] if past else None


def _offset(text: str) -> timedelta | None:
    match = OFFSET.fullmatch(text)
    if match is None:
        return None
    minutes = 60 * int(match[2]) + int(match[3])
    return timedelta(minutes=-minutes if match[1] == "-" else minutes)
