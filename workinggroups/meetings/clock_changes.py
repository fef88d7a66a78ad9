"""Clocks that change on different days: when the local hour of a series shifts in another zone.

A series keeps its hour by the clocks of its own zone. Elsewhere its hour shifts when only one of the two
zones changes its clocks, often for a week or two until the other one follows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from workinggroups.meetings.choices import CLOCK_CHANGE_SHORT_DAYS
from workinggroups.meetings.models import MeetingSeries
from workinggroups.meetings.recurrence import moment_of

SHORT = timedelta(days=CLOCK_CHANGE_SHORT_DAYS)
DAY = timedelta(days=1)
# As far back as a series that meets once a year has its last meeting.
LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A meeting by the rule: its local start in the zone of the series, and the moment."""

    local: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class HourShift:
    """From a meeting on, clocks in a zone show another hour when meetings begin."""

    first: datetime  # the start of that meeting, in UTC
    before: time
    after: time
    # When clocks change, a day in UTC: the same for all series that shift by this change.
    changed_on: date
    # The start of the first meeting at the former hour again, if that is soon.
    back: datetime | None = None


def shifts_of(
    series: MeetingSeries, zone: ZoneInfo, after: datetime, until: datetime
) -> list[HourShift]:
    """Return the shifts in this zone whose first meeting begins after one moment and by another.

    What is said with a shift, that its hour soon comes back, is no shift of its own. No query if the
    skipped days of the series are prefetched.
    """
    occurrences = occurrences_around(series, after, until)
    return shifts_between(occurrences, series.zone_info, zone, after, until)


def occurrences_around(series: MeetingSeries, after: datetime, until: datetime) -> list[Occurrence]:
    """Return the meetings that say which shifts there are between two moments."""
    return list(occurrences_of(series, after - LOOK_BACK, until + SHORT))


def shifts_between(
    occurrences: Sequence[Occurrence],
    home: ZoneInfo,
    zone: ZoneInfo,
    after: datetime,
    until: datetime,
) -> list[HourShift]:
    """The same for meetings in order whose hour is kept in the zone `home`."""
    coming = [each for each in occurrences if after < each.at <= until]
    if not coming:
        return []
    former = [each for each in occurrences if each.at <= after][-1:] or coming[:1]
    begin, end = former[0].at.date() - DAY, coming[-1].at.date() + DAY
    if not any(_has_change(name, begin, end) for name in {home.key, zone.key}):
        return []
    shifts = hour_shifts(occurrences, home, zone)
    return [shift for shift in shifts if after < shift.first <= until]


def occurrences_of(series: MeetingSeries, begin: datetime, end: datetime) -> Iterator[Occurrence]:
    """Yield the meetings of the rule between two moments, without skipped days."""
    skipped = {each.day for each in series.skipped.all()}
    zone = series.zone_info
    days = series.recurrence.dates(after=begin.astimezone(UTC).date() - DAY)
    for day in takewhile(lambda day: day <= end.astimezone(UTC).date() + DAY, days):
        if day not in skipped:
            yield occurrence_on(day, series.local_time, zone)


def occurrence_on(day: date, at: time, zone: ZoneInfo) -> Occurrence:
    return Occurrence(datetime.combine(day, at), moment_of(day, at, zone))


def hour_shifts(
    occurrences: Iterable[Occurrence], home: ZoneInfo, zone: ZoneInfo
) -> list[HourShift]:
    """Return the shifts in `zone` of meetings in order whose hour is kept in the zone `home`."""
    shifts: list[HourShift] = []
    former: Occurrence | None = None
    # By how much the last shift was ahead before it, as long as its hour can still come back.
    ahead_before: timedelta | None = None
    for each in occurrences:
        if former is not None and _ahead(each, zone) != _ahead(former, zone):
            comes_back = ahead_before is not None and (
                _ahead(each, zone) == ahead_before and each.at - shifts[-1].first <= SHORT
            )
            if comes_back:
                shifts[-1] = replace(shifts[-1], back=each.at)
                ahead_before = None
            else:
                shifts.append(_shift(former, each, home, zone))
                ahead_before = _ahead(former, zone)
        former = each
    return shifts


def _ahead(occurrence: Occurrence, zone: ZoneInfo) -> timedelta:
    """Return by how much clocks in this zone are ahead of the hour of the rule."""
    return occurrence.at.astimezone(zone).replace(tzinfo=None) - occurrence.local


def _shift(former: Occurrence, first: Occurrence, home: ZoneInfo, zone: ZoneInfo) -> HourShift:
    hour = (first.local + _ahead(former, zone)).time()
    return HourShift(
        first=first.at,
        before=hour,
        after=first.at.astimezone(zone).time(),
        changed_on=_changed_at(former.at, first.at, home, zone).date(),
    )


def _changed_at(low: datetime, high: datetime, home: ZoneInfo, zone: ZoneInfo) -> datetime:
    """Return the moment between these two at which the clocks of the zones begin to differ otherwise.

    Where they do not, since the hour of one meeting is skipped at home, the later one.
    """
    before = _apart(low, home, zone)
    if _apart(high, home, zone) == before:
        return high
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _apart(middle, home, zone) == before else (low, middle)
    return high


def _apart(moment: datetime, home: ZoneInfo, zone: ZoneInfo) -> timedelta:
    there, here = (moment.astimezone(each).utcoffset() or timedelta() for each in (zone, home))
    return there - here


@lru_cache(maxsize=4096)
def _has_change(name: str, begin: date, end: date) -> bool:
    """Whether clocks change in this zone between two days; many series share the answer."""
    zone = ZoneInfo(name)
    moment = datetime.combine(begin, time(), tzinfo=UTC)
    offset = moment.astimezone(zone).utcoffset()
    while moment.date() < end:
        moment += DAY
        if moment.astimezone(zone).utcoffset() != offset:
            return True
    return False
