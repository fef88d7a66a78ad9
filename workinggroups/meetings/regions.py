"""The people of a group by region: zones whose clocks show the same, none with fewer than three people.

Whatever is shown by region must not tell in which zone one person lives. So a small region joins the
nearest one and is counted by that one's clocks, and only places of at least three people are named.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.times import zone_named
from common.ui.date_format import offset_words, zone_place
from members.people.zones import is_zone
from workinggroups.meetings.choices import REGION_MIN_PEOPLE

DAY = timedelta(days=1)
# Whoever has not chosen a zone has this one, in which nobody lives.
UNCHOSEN = "UTC"
PLACES_NAMED = 2


@dataclass(frozen=True)
class Region:
    """People whose clocks show the same, or who are counted as if they did."""

    zone: ZoneInfo
    people: int
    # UTC offset at the first of the moments for which the regions were made.
    offset: timedelta
    places: tuple[str, ...] = ()
    is_merged: bool = False

    @property
    def name(self) -> str:
        """Return its largest places, or the offset of its clocks where no place has enough people."""
        if not self.places:
            name = offset_words(self.offset)
            return _("around %(offset)s") % {"offset": name} if self.is_merged else name
        name = ", ".join(self.places[:PLACES_NAMED])
        return _("%(places)s and nearby") % {"places": name} if self.is_merged else name


@dataclass(frozen=True)
class Regions:
    """The regions of a group from west to east, and how many people have chosen no zone."""

    regions: tuple[Region, ...]
    without_zone: int

    @property
    def people(self) -> int:
        return sum(region.people for region in self.regions)


def regions_of(people: Mapping[str, int], moments: Sequence[datetime]) -> Regions:
    """Group people, counted by zone, by what their clocks show at these moments.

    There are no regions where fewer than three people have chosen a zone.
    """
    placed = {zone: count for zone, count in people.items() if is_zone(zone) and zone != UNCHOSEN}
    without_zone = sum(people.values()) - sum(placed.values())
    if sum(placed.values()) < REGION_MIN_PEOPLE:
        return Regions((), sum(people.values()))
    by_clocks: dict[tuple[timedelta, ...], Counter[str]] = defaultdict(Counter)
    for zone, count in placed.items():
        by_clocks[_offsets(zone, moments)][zone] += count
    regions = [_region(offsets[0], zones) for offsets, zones in by_clocks.items()]
    return Regions(tuple(sorted(_merged(regions), key=_west_to_east)), without_zone)


def _offsets(zone: str, moments: Sequence[datetime]) -> tuple[timedelta, ...]:
    clock = zone_named(zone)
    return tuple(moment.astimezone(clock).utcoffset() or timedelta() for moment in moments)


def _region(offset: timedelta, zones: Counter[str]) -> Region:
    largest = sorted(zones.items(), key=lambda each: (-each[1], each[0]))
    named = [zone_place(zone) for zone, count in largest if count >= REGION_MIN_PEOPLE]
    return Region(zone_named(largest[0][0]), zones.total(), offset, tuple(named))


def _merged(regions: list[Region]) -> list[Region]:
    """Join each region that is too small with the nearest one, the smallest first."""
    while len(regions) > 1:
        smallest = min(regions, key=lambda each: (each.people, _west_to_east(each)))
        if smallest.people >= REGION_MIN_PEOPLE:
            break
        others = [each for each in regions if each is not smallest]
        nearest = min(
            others,
            key=lambda each: (
                _distance(each, smallest),
                -each.people,
                _west_to_east(each),
            ),
        )
        joined = Region(
            nearest.zone,
            nearest.people + smallest.people,
            nearest.offset,
            nearest.places,
            is_merged=True,
        )
        regions = [joined if each is nearest else each for each in others]
    return regions


def _distance(one: Region, other: Region) -> timedelta:
    """Return by how much their clocks differ, at most half a day."""
    apart = abs(one.offset - other.offset) % DAY
    return min(apart, DAY - apart)


def _west_to_east(region: Region) -> tuple[timedelta, str]:
    return region.offset, region.zone.key
