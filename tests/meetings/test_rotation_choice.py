"""Which way to share the hours is most even: against trying every way and counting every minute."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.meetings.test_burden import counted
from workinggroups.meetings.burden import Burden
from workinggroups.meetings.recurrence import Recurrence
from workinggroups.meetings.regions import Region
from workinggroups.meetings.rotation import Candidate, Comparison, candidates_at

NEW_YORK, PARIS, TOKYO = "America/New_York", "Europe/Paris", "Asia/Tokyo"
TUESDAY = date(2027, 1, 12)


def region(zone: str, people: int = 3) -> Region:
    return Region(ZoneInfo(zone), people, timedelta())


def compared(
    hours: list[time],
    regions: list[Region],
    *,
    first: date = TUESDAY,
    zone: str = "UTC",
    interval: int = 1,
    meetings: int = 12,
    minutes: int = 60,
) -> Comparison:
    rule = Recurrence(first=first, frequency="weekly", interval=interval)
    candidates = candidates_at(hours, rule, ZoneInfo(zone), meetings=meetings)
    return Comparison(candidates, regions, duration_minutes=minutes, meetings=meetings)


def shares(way: Any) -> list[Burden]:
    return [share.burden for share in way.shares]


def test_what_a_region_has_is_counted_over_all_meetings() -> None:
    way = compared([time(15)], [region(NEW_YORK), region(PARIS), region(TOKYO)]).way([0])

    # 15:00 UTC is 10:00, 16:00 and midnight; the last meeting but one is on 23 March.
    assert shares(way) == [Burden(), Burden(), Burden(0, 720)]


def test_times_take_turns_in_their_order() -> None:
    comparison = compared([time(7), time(15)], [region(NEW_YORK), region(TOKYO)])

    # 07:00 UTC is 02:00 in New York until clocks change there on 14 March, then 03:00.
    assert shares(comparison.way([0, 1])) == [Burden(0, 360), Burden(0, 360)]


def test_two_in_turn_share_what_one_carries() -> None:
    regions = [region("America/Los_Angeles"), region(PARIS), region(TOKYO)]
    comparison = compared([time(hour) for hour in range(24)], regions)

    one, two, three = (comparison.best(count) for count in (1, 2, 3))

    assert one is not None
    assert two is not None
    assert three is not None
    assert one.worst > two.worst > 0
    assert two.score >= three.score


def test_where_one_time_suits_all_the_earliest_of_the_best_is_chosen() -> None:
    way = compared([time(hour) for hour in range(24)], [region(PARIS)]).best(1)

    assert way is not None
    assert (way.times[0].at, way.worst) == (time(7), 0)


def test_of_too_few_times_there_is_no_way() -> None:
    assert compared([time(15)], [region(PARIS)]).best(2) is None


def test_everything_is_compared_quickly() -> None:
    zones = [
        "America/Los_Angeles", NEW_YORK, "America/Sao_Paulo", "Europe/London", PARIS,
        "Africa/Nairobi", "Asia/Kolkata", TOKYO, "Pacific/Auckland",
    ]  # fmt: skip
    hours = [time(minute // 60, minute % 60) for minute in range(0, 1440, 24)]
    before = datetime.now(UTC)

    way = compared(hours, [region(zone) for zone in zones]).best(3)

    assert way is not None
    assert datetime.now(UTC) - before < timedelta(seconds=5)


@settings(max_examples=60)
@given(
    hours=st.lists(st.times(), min_size=1, max_size=6, unique=True),
    places=st.lists(
        st.tuples(
            st.sampled_from([NEW_YORK, PARIS, TOKYO, "Asia/Kathmandu", "Australia/Lord_Howe"]),
            st.integers(3, 9),
        ),
        min_size=1,
        max_size=4,
    ),
    count=st.integers(1, 3),
    first=st.dates(date(2027, 1, 1), date(2028, 12, 31)),
    minutes=st.integers(1, 240),
)
def test_no_other_combination_is_better(
    hours: list[time],
    places: list[tuple[str, int]],
    count: int,
    first: date,
    minutes: int,
) -> None:
    hours = [hour.replace(second=0, microsecond=0) for hour in hours]
    regions = [region(zone, people) for zone, people in places]
    comparison = compared(hours, regions, first=first, zone=PARIS, meetings=6, minutes=minutes)

    way = comparison.best(count)

    ways = [
        naive_score(comparison.candidates, chosen, regions, minutes)
        for chosen in combinations(range(len(hours)), count)
    ]
    assert (way.score if way else None) == min(ways, default=None)


def naive_score(
    candidates: list[Candidate], chosen: tuple[int, ...], regions: list[Region], minutes: int
) -> tuple[int, int, int]:
    worst = everybody = night = 0
    for one in regions:
        edge_of_one = night_of_one = 0
        for number in range(6):
            candidate = candidates[chosen[number % len(chosen)]]
            burden = counted(candidate.start(number), minutes, one.zone)
            edge_of_one += burden.edge
            night_of_one += burden.night
        worst = max(worst, edge_of_one + night_of_one)
        everybody += one.people * (edge_of_one + night_of_one)
        night += one.people * night_of_one
    return worst, everybody, night
