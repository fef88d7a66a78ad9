"""Ways to share the hours of a series: one time, or two or three in turn, and which of all is most even.

Every combination of the times that can be chosen is compared. The best is the one in which the region
with the most minutes beyond the working day has the fewest, for each of its people; then the one with
the fewest minutes of all people together; then the one with the fewest at night.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import combinations, islice
from zoneinfo import ZoneInfo

from workinggroups.meetings.burden import Burden, burden_of, total
from workinggroups.meetings.recurrence import Recurrence, moment_of
from workinggroups.meetings.regions import Region

EVERY_HOUR = [time(hour) for hour in range(24)]


@dataclass(frozen=True)
class Candidate:
    """A time by the clocks of the zone of record, on the dates of a rule."""

    at: time
    dates: tuple[date, ...]
    zone: ZoneInfo

    @property
    def first(self) -> date:
        return self.dates[0]

    def start(self, number: int) -> datetime:
        """Return the start of the meeting with this number, from 0, if it is at this time."""
        return moment_of(self.dates[number], self.at, self.zone)


def candidates_at(
    hours: Sequence[time], rule: Recurrence, zone: ZoneInfo, *, meetings: int
) -> list[Candidate]:
    """Return a candidate for each of these hours on the first dates of the rule."""
    dates = tuple(islice(rule.dates(), meetings))
    return [Candidate(hour, dates, zone) for hour in hours]


@dataclass(frozen=True)
class Share:
    """What one region has of the hours beyond the working day, for each of its people."""

    region: Region
    burden: Burden


@dataclass(frozen=True)
class Way:
    """Some times in turn, and what each region then has over all meetings compared."""

    times: tuple[Candidate, ...]
    shares: tuple[Share, ...]

    @property
    def worst(self) -> int:
        """Return the minutes of the region that has most of them, for each of its people."""
        return max((share.burden.minutes for share in self.shares), default=0)

    @property
    def score(self) -> tuple[int, int, int]:
        """Return by what ways are compared: worst, all minutes, and all minutes at night."""
        everybody = [(share.region.people, share.burden) for share in self.shares]
        return (
            self.worst,
            sum(people * burden.minutes for people, burden in everybody),
            sum(people * burden.night for people, burden in everybody),
        )


class Comparison:
    """The burden of each candidate in each region, counted once, for a number of meetings."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        regions: Sequence[Region],
        *,
        duration_minutes: int,
        meetings: int,
    ) -> None:
        self.candidates = list(candidates)
        self.regions = list(regions)
        self._meetings = meetings
        # By candidate, then by meeting, then by region.
        self._burdens = [
            [
                [
                    burden_of(candidate.start(number), duration_minutes, region.zone)
                    for region in self.regions
                ]
                for number in range(meetings)
            ]
            for candidate in self.candidates
        ]

    def way(self, chosen: Sequence[int]) -> Way:
        """Return the way in which these candidates, by number, take turns in this order."""
        return Way(
            tuple(self.candidates[number] for number in chosen),
            tuple(
                Share(region, total(self._of(chosen, place)))
                for place, region in enumerate(self.regions)
            ),
        )

    def best(self, count: int) -> Way | None:
        """Return the most even way with so many times in turn; None where there are too few.

        Of ways that are equally good, the one with the earlier candidates.
        """
        if count > len(self.candidates):
            return None
        sums = self._sums(count)
        people = [region.people for region in self.regions]
        best: tuple[tuple[int, int, int], tuple[int, ...]] | None = None
        for chosen in combinations(range(len(self.candidates)), count):
            score = _score([sums[number][turn] for turn, number in enumerate(chosen)], people)
            if best is None or score < best[0]:
                best = score, chosen
        return self.way(best[1]) if best else None

    def _of(self, chosen: Sequence[int], place: int) -> list[Burden]:
        """Return the burdens of one region in the order of the meetings."""
        return [
            self._burdens[chosen[number % len(chosen)]][number][place]
            for number in range(self._meetings)
        ]

    def _sums(self, count: int) -> list[list[list[tuple[int, int]]]]:
        """Return all and night minutes by candidate, by its turn of `count`, and by region."""
        sums = []
        for burdens in self._burdens:
            turns = []
            for turn in range(count):
                meetings = burdens[turn::count]
                turns.append(
                    [
                        (
                            sum(meeting[place].minutes for meeting in meetings),
                            sum(meeting[place].night for meeting in meetings),
                        )
                        for place in range(len(self.regions))
                    ]
                )
            sums.append(turns)
        return sums


def _score(parts: list[list[tuple[int, int]]], people: list[int]) -> tuple[int, int, int]:
    """Return worst, all and night minutes of regions whose burdens are the sums of these parts."""
    worst = minutes = night = 0
    for place, count in enumerate(people):
        region_minutes = sum(part[place][0] for part in parts)
        worst = max(worst, region_minutes)
        minutes += count * region_minutes
        night += count * sum(part[place][1] for part in parts)
    return worst, minutes, night
