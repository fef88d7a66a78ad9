"""Regions: zones whose clocks show the same, and never fewer than three people."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from members.people.zones import zones
from workinggroups.meetings.regions import Regions, regions_of

WINTER = [datetime(2027, 1, 12, tzinfo=UTC) + timedelta(weeks=week) for week in range(10)]
YEAR = [datetime(2027, 1, 12, tzinfo=UTC) + timedelta(weeks=week) for week in range(40)]


def shown(regions: Regions) -> list[tuple[str, int]]:
    return [(region.name, region.people) for region in regions.regions]


def test_zones_whose_clocks_show_the_same_are_one_region() -> None:
    people = {"Europe/Zurich": 12, "Africa/Lagos": 7, "Asia/Tokyo": 5, "Asia/Seoul": 5}

    assert shown(regions_of(people, WINTER)) == [("Zurich, Lagos", 19), ("Seoul, Tokyo", 10)]


def test_zones_that_part_in_spring_are_two_regions_if_spring_is_asked_for() -> None:
    people = {"Europe/Zurich": 12, "Africa/Lagos": 7}

    assert shown(regions_of(people, YEAR)) == [("Lagos", 7), ("Zurich", 12)]


def test_regions_go_from_west_to_east() -> None:
    people = {"Asia/Tokyo": 3, "America/New_York": 3, "Europe/London": 3, "America/Denver": 3}

    names = [name for name, _people in shown(regions_of(people, WINTER))]

    assert names == ["Denver", "New York", "London", "Tokyo"]


def test_a_small_region_joins_the_nearest_and_is_not_named() -> None:
    people = {"Europe/Zurich": 12, "Asia/Tokyo": 5, "Pacific/Auckland": 1, "Europe/London": 2}

    assert shown(regions_of(people, WINTER)) == [("Zurich and nearby", 14), ("Tokyo and nearby", 6)]


def test_a_place_of_few_people_is_not_named_inside_a_large_region() -> None:
    people = {"Europe/Zurich": 12, "Africa/Lagos": 1}

    assert shown(regions_of(people, WINTER)) == [("Zurich", 13)]


def test_where_no_place_has_enough_people_the_region_is_named_by_its_clocks() -> None:
    people = {"Europe/Zurich": 1, "Europe/Paris": 1, "Africa/Lagos": 1, "Asia/Kolkata": 2}

    regions = regions_of({**people, "Asia/Colombo": 1}, WINTER)

    assert shown(regions) == [("UTC+1", 3), ("UTC+5:30", 3)]
    assert shown(regions_of(people, WINTER)) == [("around UTC+1", 5)]


def test_across_the_date_line_is_near() -> None:
    people = {"Pacific/Auckland": 4, "Pacific/Honolulu": 1, "America/New_York": 4}

    assert shown(regions_of(people, WINTER)) == [("New York", 4), ("Auckland and nearby", 5)]


def test_people_without_a_zone_are_counted_apart() -> None:
    regions = regions_of({"Europe/Zurich": 4, "UTC": 2, "Mars/Base": 1}, WINTER)

    assert (shown(regions), regions.without_zone) == ([("Zurich", 4)], 3)


def test_of_two_people_nothing_is_shown() -> None:
    regions = regions_of({"Europe/Zurich": 1, "Asia/Tokyo": 1, "UTC": 5}, WINTER)

    assert (regions.regions, regions.without_zone) == ((), 7)


@given(
    st.dictionaries(st.sampled_from(sorted(zones())), st.integers(1, 6), max_size=12),
)
def test_no_region_tells_where_fewer_than_three_people_are(people: dict[str, int]) -> None:
    regions = regions_of(people, WINTER)

    placed = sum(count for zone, count in people.items() if zone != "UTC")
    assert regions.people + regions.without_zone == sum(people.values())
    assert regions.people == (placed if placed >= 3 else 0)
    for region in regions.regions:
        assert region.people >= 3
        for place in region.places:
            at_place = [
                count
                for zone, count in people.items()
                if zone.rpartition("/")[2].replace("_", " ") == place
            ]
            assert sum(at_place) >= 3
