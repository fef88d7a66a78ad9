"""What time of day a moment is for the people of a group.

Returns only the number of people per local hour, never who lives where.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count

from common.times import zone_named
from workinggroups.groups.models import Group, Seat

WORKDAY = range(8, 18)
WAKING = range(7, 22)


class PartOfDay(StrEnum):
    DAY = "day"
    EDGE = "edge"  # early or late, outside of the working day
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class LocalHour:
    """The people with the same local time at a moment, named by the place where most of them are."""

    place: str
    at: datetime
    people: int

    @property
    def local_time(self) -> datetime:
        """Return the local time without its zone, since templates would convert it to another."""
        return self.at.replace(tzinfo=None)

    @property
    def part(self) -> PartOfDay:
        if self.at.hour in WORKDAY:
            return PartOfDay.DAY
        return PartOfDay.EDGE if self.at.hour in WAKING else PartOfDay.NIGHT


def hours_of(group: Group, moment: datetime) -> list[LocalHour]:
    """Return the local hours of a group's people, those of most people first. One query."""
    zones = (
        Seat.objects.filter(group=group)
        .values_list("person__zone")
        .annotate(people=Count("person", distinct=True))
    )
    by_offset: dict[timedelta, Counter[str]] = defaultdict(Counter)
    for name, people in zones:
        offset = moment.astimezone(zone_named(name)).utcoffset() or timedelta()
        by_offset[offset][name] += people
    hours = []
    for places in by_offset.values():
        largest, _people = places.most_common(1)[0]
        place = largest.rpartition("/")[2].replace("_", " ")
        hours.append(LocalHour(place, moment.astimezone(zone_named(largest)), places.total()))
    return sorted(hours, key=lambda hour: (-hour.people, hour.place))
