"""Time zones for calendar programs, and the hours that programs do not agree about.

A zone is written one change of clocks at a time (`_observance`). An hour that a change skips, or one
that comes twice, is clear in RFC 5545 (3.3.5), but programs take it differently: libical the second
of two equal hours, ical.js the second too, and of a skipped hour the offset from after the change.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

from workinggroups.meetings.recurrence import Recurrence

ZONES_KEPT = 512
RULES_KEPT = 2048
SECOND = timedelta(seconds=1)


def is_clear(local: datetime) -> bool:
    """Whether clocks show this local time, which has a zone, exactly once."""
    return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


@lru_cache(maxsize=RULES_KEPT)
def unclear_days(
    recurrence: Recurrence, at: time, zone: str, first: int, last: int
) -> tuple[date, ...]:
    """Return the dates of a rule, in these years, whose hour clocks skip or show twice."""
    tz = ZoneInfo(zone)
    days = {
        day
        for before, after in _changes(zone, first, last)
        for day in _days_between((before + SECOND).replace(tzinfo=None), after.replace(tzinfo=None))
        if not is_clear(datetime.combine(day, at, tzinfo=tz))
    }
    return tuple(day for day in sorted(days) if recurrence.has(day))


def _days_between(one: datetime, other: datetime) -> Iterator[date]:
    day, last = sorted([one.date(), other.date()])
    while day <= last:
        yield day
        day += timedelta(days=1)


@lru_cache(maxsize=ZONES_KEPT)
def zone_bytes(zone: str, first: int, last: int) -> bytes:
    """Return a VTIMEZONE for these years; nothing for UTC, whose hours are written with a Z."""
    tz = ZoneInfo(zone)
    begin = datetime(first, 1, 1, tzinfo=tz)
    if "TZID" not in icalendar.vDatetime(begin).params:
        return b""
    component = icalendar.Timezone()
    component.add("tzid", zone)
    component.add_component(_observance(begin, begin))
    for before, after in _changes(zone, first, last):
        component.add_component(_observance(before, after))
    lines: bytes = component.to_ical()
    return lines


def _observance(before: datetime, after: datetime) -> icalendar.Component:
    """Return what clocks show from `after` on, a moment later than `before`.

    Each change of clocks is a component of its own. icalendar would join them by dates (RDATE); it
    leaves out changes of some zones, and ical.js takes no heed of the first of such dates.
    """
    is_summer = bool(after.dst())
    component = icalendar.TimezoneDaylight() if is_summer else icalendar.TimezoneStandard()
    offset = before.utcoffset() or timedelta()
    component.add("dtstart", (after.astimezone(UTC) + offset).replace(tzinfo=None))
    component.add("tzoffsetfrom", offset)
    component.add("tzoffsetto", after.utcoffset())
    component.add("tzname", after.tzname())
    return component


@lru_cache(maxsize=ZONES_KEPT)
def _changes(zone: str, first: int, last: int) -> tuple[tuple[datetime, datetime], ...]:
    """Return the seconds before and after each change of clocks, from one year to another."""
    tz = ZoneInfo(zone)
    changes = []
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 2, tzinfo=UTC)
    while day < end:
        low, high = day, day + timedelta(days=1)
        if _shown(low, tz) != _shown(high, tz):
            while high - low > SECOND:
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (
                    (middle, high) if _shown(middle, tz) == _shown(low, tz) else (low, middle)
                )
            changes.append((low.astimezone(tz), high.astimezone(tz)))
        day += timedelta(days=1)
    return tuple(changes)


def _shown(moment: datetime, tz: ZoneInfo) -> tuple[timedelta | None, str | None]:
    there = moment.astimezone(tz)
    return there.utcoffset(), there.tzname()
