"""Fair times: whose day and whose night a time is in, and how turns share the hours beyond working days.

Everything is by region, and people are where they are now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from zoneinfo import ZoneInfo

from common.access import Viewer
from common.days import today_in
from workinggroups.groups.models import Group
from workinggroups.meetings.burden import burden_of, part_of_day, parts_between, total
from workinggroups.meetings.choices import COMPARED_MEETINGS, ROTATION_MAX_TIMES
from workinggroups.meetings.hours import PartOfDay
from workinggroups.meetings.models import MeetingSeries
from workinggroups.meetings.queries.fairness import held_in_the_last_quarter, people_by_zone
from workinggroups.meetings.recurrence import Recurrence, moment_of
from workinggroups.meetings.regions import Region, Regions, regions_of
from workinggroups.meetings.rotation import Candidate, Comparison, Share, Way

DAY_MINUTES = 24 * 60
NOON = time(12)


@dataclass(frozen=True)
class Segment:
    """A part of the day there, from a minute of the day of the zone of record on."""

    begins: int
    minutes: int
    part: PartOfDay


@dataclass(frozen=True)
class LocalStart:
    """What the clocks of a region show when a meeting begins."""

    at: datetime
    part: PartOfDay


@dataclass(frozen=True)
class RegionDay:
    """A region on the first day: its parts of the day, and when there each chosen time is."""

    region: Region
    segments: tuple[Segment, ...]
    starts: tuple[LocalStart, ...]


@dataclass(frozen=True)
class FairTimes:
    """Ways to share the hours of a series, compared over the next meetings."""

    regions: Regions
    # The present one, if there is one; then one time, two and three in turn, as far as they differ.
    ways: tuple[Way, ...]
    # The times that any of these ways uses, by the clock.
    times: tuple[Candidate, ...]
    days: tuple[RegionDay, ...]
    keeps: bool
    so_far: tuple[Share, ...]
    held: int
    meetings: int

    @property
    def most_even(self) -> Way | None:
        """Return the best way; of equally good ones, that with fewer times in turn."""
        return min(self.ways, key=lambda way: (way.score, len(way.times)), default=None)


def fair_times(
    group: Group,
    viewer: Viewer,
    *,
    zone: ZoneInfo,
    duration_minutes: int,
    candidates: Sequence[Candidate],
    current: Sequence[Candidate] = (),
) -> FairTimes:
    """Compare ways to share the hours of the group's coming meetings. Two queries.

    `current` are the times at which the group meets now, in turn; they can be chosen too.
    """
    choices = list(candidates)
    choices += [one for one in current if not any(_is_same(each, one) for each in choices)]
    # Fewer near the end of the calendar.
    meetings = min(COMPARED_MEETINGS, *(len(each.dates) for each in choices))
    moments = [each.start(number) for each in choices for number in range(meetings)]
    regions = regions_of(people_by_zone(group), moments)
    comparison = Comparison(
        choices, regions.regions, duration_minutes=duration_minutes, meetings=meetings
    )
    ways = _ways(comparison, current, meetings) if regions.regions else ()
    times = _used(ways)
    held = list(held_in_the_last_quarter(group, viewer)) if regions.regions else []
    so_far = [
        Share(
            region,
            total(burden_of(one.starts_at, one.duration_minutes, region.zone) for one in held),
        )
        for region in regions.regions
    ]
    return FairTimes(
        regions=regions,
        ways=ways,
        times=times,
        days=tuple(_day_of(region, zone, times) for region in regions.regions) if ways else (),
        keeps=bool(current),
        so_far=tuple(so_far),
        held=len(held),
        meetings=meetings,
    )


def current_times(turns: Sequence[MeetingSeries], first: date) -> list[Candidate]:
    """Return the present time of a series on its dates from this day on, as if it had no end.

    Of series that take turns, the time of each, on all their dates together.
    """
    rules = [
        Recurrence(first=each.first_on, frequency=each.frequency, interval=each.interval)
        for each in turns
    ]
    before = first - timedelta(days=1)
    comings = [islice(rule.dates(after=before), COMPARED_MEETINGS) for rule in rules]
    merged = sorted((day, turn) for turn, coming in enumerate(comings) for day in coming)[
        :COMPARED_MEETINGS
    ]
    dates = tuple(day for day, _turn in merged)
    order = list(dict.fromkeys(turn for _day, turn in merged))
    return [Candidate(turns[turn].local_time, dates, turns[turn].zone_info) for turn in order]


def next_date(series: MeetingSeries) -> date:
    """Return the next date of the series that is not today or skipped; if it ends before, its last."""
    dates = series.recurrence.dates(after=today_in(series.zone))
    skipped = {each.day for each in series.skipped.all()}
    return next((day for day in dates if day not in skipped), series.until or series.first_on)


def _ways(comparison: Comparison, current: Sequence[Candidate], meetings: int) -> tuple[Way, ...]:
    ways: list[Way | None] = []
    if current and meetings:
        ways.append(comparison.way([_number(comparison, each) for each in current]))
    for count in range(1, min(ROTATION_MAX_TIMES, meetings) + 1):
        if count != len(current):
            ways.append(comparison.best(count))
    return tuple(way for way in ways if way is not None)


def _number(comparison: Comparison, one: Candidate) -> int:
    return next(number for number, each in enumerate(comparison.candidates) if _is_same(each, one))


def _is_same(one: Candidate, other: Candidate) -> bool:
    return (one.at, one.dates[:1]) == (other.at, other.dates[:1])


def _used(ways: Sequence[Way]) -> tuple[Candidate, ...]:
    """Return the times that these ways use, each once, by the clock."""
    used = {(each.at, each.first): each for way in ways for each in way.times}
    return tuple(used[key] for key in sorted(used))


def _day_of(region: Region, zone: ZoneInfo, times: Sequence[Candidate]) -> RegionDay:
    """Return a region on the first day, which begins twelve hours before noon, clocks or not."""
    first = min(each.first for each in times)
    begin = moment_of(first, NOON, zone) - timedelta(minutes=DAY_MINUTES // 2)
    parts = parts_between(begin, DAY_MINUTES, region.zone)
    segments = []
    for part, same in groupby(parts, key=lambda each: each[2]):
        pieces = list(same)
        segments.append(Segment(pieces[0][0], sum(length for _at, length, _part in pieces), part))
    starts = []
    for each in times:
        local = each.start(0).astimezone(region.zone)
        starts.append(LocalStart(local, part_of_day(local)))
    return RegionDay(region, tuple(segments), tuple(starts))
