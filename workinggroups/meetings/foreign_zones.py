"""The time zones of calendar files, by the names that other systems give them."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrulestr
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from members.people.zones import zone_choices
from workinggroups.meetings.calendar_files import ZONE, Component, moment_in

OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?")
# Changes of clocks that we read: once a year, in a month, on a weekday or day of it.
YEARLY = re.compile(
    r"(?:(?:FREQ=YEARLY|INTERVAL=1|BYMONTH=\d{1,2}|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=[\d,]{1,30}"
    r"|WKST=[A-Z]{2}|UNTIL=\d{8}(?:T\d{6}Z?)?)(?:;|$))+"
)
WINDOWS = {name.casefold(): olson for name, olson in WINDOWS_TO_OLSON.items()}
# Zones are the same where clocks show the same in the middle of each month for so many months.
MONTHS_COMPARED = 24
CHANGES_READ = 3
# Clocks of before have other rules.
FIRST_YEAR = 1970


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
            if candidate in available_timezones() and candidate not in {"localtime", "Factory"}:
                return candidate
        if olson := WINDOWS.get(name.strip('"').casefold()):
            return olson
        return self._by_clocks(zone) if zone else None

    def _by_clocks(self, zone: Component) -> str | None:
        """Return a zone whose clocks show the same as by these rules, the preferred one first."""
        begin = self.now.astimezone(UTC).replace(day=15, hour=12, minute=0, second=0, microsecond=0)
        moments = [begin + timedelta(days=30 * month) for month in range(MONTHS_COMPARED)]
        changes = sorted(_changes(zone, begin.year))
        offsets = [_offset_at(moment, changes) for moment in moments]
        if not changes or None in offsets:
            return None
        listed = [each for _area, names in zone_choices() for each, _place in names]
        for name in [self.preferred, *listed]:
            there = ZoneInfo(name)
            if all(
                moment.astimezone(there).utcoffset() == offset
                for moment, offset in zip(moments, offsets, strict=True)
            ):
                return name
        return None


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
    if first.year > year + CHANGES_READ:
        return []
    if not rule:
        return [max(first, datetime(FIRST_YEAR, 1, 1))]
    if not YEARLY.fullmatch(rule):
        return []
    start = first.replace(year=max(first.year, FIRST_YEAR), day=1)
    rule = re.sub(r"UNTIL=(\d{8})T?\d*Z?", r"UNTIL=\1T235959", rule)
    try:
        changes = rrulestr(rule, dtstart=start)
        first_read, last_read = (
            datetime(year - CHANGES_READ, 1, 1),
            datetime(year + CHANGES_READ, 12, 31),
        )
        return list(changes.between(first_read, last_read, inc=True))
    except (ValueError, TypeError):
        return []


def _offset_at(moment: datetime, changes: list[tuple[datetime, timedelta]]) -> timedelta | None:
    past = [offset for change, offset in changes if change <= moment]
    return past[-1] if past else None


def _offset(text: str) -> timedelta | None:
    match = OFFSET.fullmatch(text)
    if match is None:
        return None
    minutes = 60 * int(match[2]) + int(match[3])
    return timedelta(minutes=-minutes if match[1] == "-" else minutes)
