"""How much of a meeting is beyond the working day in a place: early or late, at night, on a weekend.

Working days are Monday to Friday, 08:00 to 18:00 by the clocks of the place. From 07:00 and until 22:00
it is early or late; the rest is night, and so is all of Saturday and Sunday.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from workinggroups.meetings.hours import WAKING, WORKDAY, PartOfDay

MINUTE = timedelta(minutes=1)
SATURDAY = 5
# The hours at which a part of the day ends.
BOUNDARIES = (WAKING.start, WORKDAY.start, WORKDAY.stop, WAKING.stop, 24)


@dataclass(frozen=True, slots=True, order=True)
class Burden:
    """Minutes beyond the working day: early or late ones, and those at night or on a weekend."""

    edge: int = 0
    night: int = 0

    @property
    def minutes(self) -> int:
        return self.edge + self.night

    def __add__(self, other: "Burden") -> "Burden":
        return Burden(self.edge + other.edge, self.night + other.night)


def part_of_day(local: datetime) -> PartOfDay:
    """Return which part of the day it is; a weekend counts as night."""
    if local.weekday() >= SATURDAY:
        return PartOfDay.NIGHT
    if local.hour in WORKDAY:
        return PartOfDay.DAY
    return PartOfDay.EDGE if local.hour in WAKING else PartOfDay.NIGHT


def parts_between(
    start: datetime, minutes: int, zone: ZoneInfo
) -> Iterator[tuple[int, int, PartOfDay]]:
    """Yield the parts of the day there as (minutes from the start, length in minutes, part).

    Two that follow each other can be the same part, as at midnight. Clocks that change between two
    boundaries are followed minute by minute.
    """
    at, end = 0, minutes
    while at < end:
        moment = (start + at * MINUTE).astimezone(UTC)
        local = moment.astimezone(zone)
        length = min(_minutes_to_boundary(local), end - at)
        later = (moment + length * MINUTE).astimezone(zone)
        if later.utcoffset() != local.utcoffset():
            length = 1
        yield at, length, part_of_day(local)
        at += length


def burden_of(start: datetime, minutes: int, zone: ZoneInfo) -> Burden:
    """Return how much of a meeting of so many minutes is beyond the working day in this zone."""
    edge = night = 0
    for _at, length, part in parts_between(start, minutes, zone):
        if part == PartOfDay.EDGE:
            edge += length
        elif part == PartOfDay.NIGHT:
            night += length
    return Burden(edge, night)


def total(burdens: Iterable[Burden]) -> Burden:
    return sum(burdens, Burden())


def _minutes_to_boundary(local: datetime) -> int:
    """Return how many minutes the same part of the day lasts at least, by a clock that does not change.

    At least one: a clock can show seconds, where an offset has some.
    """
    passed = local.hour * 60 + local.minute
    return next(hour * 60 - passed for hour in BOUNDARIES if hour * 60 > passed)
