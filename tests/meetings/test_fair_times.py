"""The page of fair times: who sees it, what it compares, and that it tells nobody's zone."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.access import viewer_for
from common.times import zone_named
from members.people.models import Person
from tests import factories
from tests.meetings.test_burden import counted
from tests.meetings.test_series import planned
from workinggroups.groups.models import Group
from workinggroups.meetings.burden import total
from workinggroups.meetings.fair_times import FairTimes, fair_times
from workinggroups.meetings.models import MeetingSeries
from workinggroups.meetings.recurrence import Recurrence
from workinggroups.meetings.rotation import candidates_at

pytestmark = pytest.mark.django_db

TUESDAY = date(2031, 1, 14)


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def seated(group: Group, **people: int) -> None:
    organization = factories.organization()
    for zone, count in people.items():
        for _number in range(count):
            person = factories.member_of(organization, zone=zone.replace("__", "/"))
            factories.seat(group, person)


@pytest.fixture
def world(group: Group) -> Group:
    """Three regions of three people each, besides the chair, who has chosen no zone."""
    seated(group, Europe__Paris=3, America__New_York=3, Asia__Tokyo=3)
    return group


def at(group: Group) -> str:
    return reverse("fair-times", args=[group.slug])


ASKED = {
    "first_on": TUESDAY.isoformat(),
    "weeks": "1",
    "duration_minutes": "60",
    "zone": "UTC",
    "hours": "07:00, 15:00, 22:00",
}


def compared(group: Group, chair: Person, hours: list[time]) -> FairTimes:
    rule = Recurrence(first=TUESDAY, frequency="weekly")
    return fair_times(
        group,
        viewer_for(chair.pk),
        zone=zone_named("UTC"),
        duration_minutes=60,
        candidates=candidates_at(hours, rule, zone_named("UTC"), meetings=12),
    )


def test_ways_are_compared_by_region(world: Group, chair: Person) -> None:
    result = compared(world, chair, [time(7), time(15), time(22)])

    assert [(each.name, each.people) for each in result.regions.regions] == [
        ("New York", 3),
        ("Paris", 3),
        ("Tokyo", 3),
    ]
    assert result.regions.without_zone == 1
    assert [len(way.times) for way in result.ways] == [1, 2, 3]
    first = {share.region.name: share.burden.minutes for share in result.ways[0].shares}
    assert (result.ways[0].times[0].at, first) == (
        time(7),
        {"New York": 720, "Paris": 0, "Tokyo": 0},
    )
    assert result.most_even is not None
    assert result.most_even.worst <= min(way.worst for way in result.ways)


def test_the_page_shows_the_picture_and_the_same_as_tables(
    client_of: Any, chair: Person, world: Group
) -> None:
    page = client_of(chair).get(at(world), ASKED)

    shown = text(page)
    for words in (
        "Whose day, whose night",
        "New York 3 people",
        "most even",
        "Alternate A and B",
        "Rotate A, B and C",
        "1 person has not chosen a time zone and is not counted.",
        "9 people have chosen a time zone",
    ):
        assert words in shown
    assert "Tue 08:00" in shown  # 07:00 in Paris, in the table
    assert page.content.decode().count("style=") == 0


def test_a_series_that_goes_on_is_the_present_time(
    client_of: Any, chair: Person, world: Group
) -> None:
    series = planned(chair, world, interval=1)

    page = text(client_of(chair).get(at(world)))

    assert "Keep 16:00" in page
    assert "Every meeting at this time, as now." in page
    assert text(client_of(chair).get(at(world), {"series": str(series.uuid)})) == page


def test_a_poll_for_a_series_brings_its_times(client_of: Any, chair: Person, world: Group) -> None:
    poll = factories.time_poll(
        world,
        frequency="weekly",
        starts=[datetime(2031, 1, 14, 7, tzinfo=UTC), datetime(2031, 1, 15, 22, tzinfo=UTC)],
    )

    page = text(client_of(chair).get(at(world), {"poll": str(poll.uuid)}))

    assert "Tue 07:00 and Wed 22:00 in turn." in page
    assert "Rotate" not in page


def test_what_was_held_in_the_last_quarter_is_counted_for_the_people_of_today(
    world: Group, chair: Person
) -> None:
    now = timezone.now()
    starts = [
        (now - timedelta(days=days)).replace(hour=15, minute=0, second=0) for days in (10, 20, 30)
    ]
    for starts_at in starts:
        factories.meeting(world, starts_at=starts_at, state="held")
    factories.meeting(world, starts_at=now - timedelta(days=12), state="cancelled")
    factories.meeting(world, starts_at=now - timedelta(days=120), state="held")
    factories.meeting(world, starts_at=now + timedelta(days=2))

    result = compared(world, chair, [time(7)])

    assert result.held == 3
    tokyo = next(share for share in result.so_far if share.region.name == "Tokyo")
    expected = [counted(start, 60, zone_named("Asia/Tokyo")) for start in starts]
    assert tokyo.burden == total(expected)


def test_where_two_people_chose_a_zone_nothing_is_shown(
    client_of: Any, chair: Person, group: Group
) -> None:
    seated(group, Europe__Paris=1, Asia__Tokyo=1)

    page = text(client_of(chair).get(at(group), ASKED))

    assert "Too few time zones" in page
    for place in ("Paris", "Tokyo", "UTC+9"):
        assert f"{place} 1" not in page
    assert "Whose day" not in page


def test_one_person_s_zone_is_in_no_region(client_of: Any, chair: Person, world: Group) -> None:
    before = client_of(chair).get(at(world), ASKED)
    seated(world, Asia__Kathmandu=1)

    after = client_of(chair).get(at(world), ASKED)

    assert "Kathmandu" not in text(after).split("What is compared")[0]
    assert "UTC+5:45" not in text(after)
    # But for the number of people, what is drawn is the same.
    drawn = [re.findall(r"<(?:rect|text)[^>]*>", page.content.decode()) for page in (before, after)]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("first", ["2098-12-30", "2100-12-28"])
def test_near_the_end_of_the_calendar_fewer_meetings_are_compared(
    client_of: Any, chair: Person, world: Group, first: str
) -> None:
    series = planned(chair, world, interval=4, first_on=date.fromisoformat(first))
    client = client_of(chair)

    assert client.get(at(world), {"series": str(series.uuid)}).status_code == 200
    answer = client.get(f"/api/v1/meeting-series/{series.uuid}/fair-times/")
    assert answer.status_code == 200
    assert (answer.json()["meetings"] < 12) == (first > "2100")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"first_on": "x"}, "valid date"),
        ({"first_on": "0001-01-01"}, "Enter a year"),
        ({"first_on": "9999-12-31"}, "Enter a year"),
        ({"weeks": "9"}, "valid choice"),
        ({"duration_minutes": "0"}, "greater than or equal to 1"),
        ({"duration_minutes": "1e9"}, "whole number"),
        ({"zone": "Mars/Base"}, "valid choice"),
        ({"hours": "25:00"}, "no time of the day"),
        ({"hours": "noon"}, "no time of the day"),
        (
            {"hours": " ".join(f"{minute // 60}:{minute % 60:02}" for minute in range(61))},
            "at most 60",
        ),
        ({"hours": "\u0661:00"}, "no time of the day"),
    ],
)
def test_what_cannot_be_compared_is_said_at_its_field(
    client_of: Any, chair: Person, world: Group, asked: dict[str, str], words: str
) -> None:
    page = client_of(chair).get(at(world), {**ASKED, **asked})

    assert page.status_code == 200
    assert words in text(page)
    assert "Whose day" not in text(page)


@pytest.mark.parametrize(
    "asked", [{"series": "x"}, {"poll": "x"}, {"poll": "00000000-0000-0000-0000-000000000000"}]
)
def test_what_is_not_there_is_not_found(
    client_of: Any, chair: Person, world: Group, asked: dict[str, str]
) -> None:
    assert client_of(chair).get(at(world), asked).status_code == 404


def test_only_the_people_of_the_group_see_it(
    client_of: Any, outsider: Person, chair: Person, member: Person, world: Group
) -> None:
    group = factories.group("Open one", preset="open", chair=chair)

    assert client_of(member).get(at(world)).status_code == 200
    assert client_of(outsider).get(at(world)).status_code == 404
    assert client_of(outsider).get(at(group)).status_code == 404


def test_a_hundred_people_cost_as_many_queries_as_nine(
    client_of: Any, chair: Person, world: Group
) -> None:
    client = client_of(chair)

    def ask() -> int:
        client.get(at(world), ASKED)
        with CaptureQueriesContext(connection) as queries:
            client.get(at(world), ASKED)
        return len(queries)

    planned(chair, world, interval=1)
    before = ask()
    seated(world, Asia__Kolkata=50, Africa__Lagos=40)
    for _number in range(5):
        planned(chair, world, interval=1)

    assert ask() == before < 20


def test_the_api_shows_the_same_for_a_series(client_of: Any, chair: Person, world: Group) -> None:
    series = planned(chair, world, interval=1)

    answer = client_of(chair).get(f"/api/v1/meeting-series/{series.uuid}/fair-times/")

    shown = answer.json()
    assert [(one["name"], one["people"]) for one in shown["regions"]] == [
        ("New York", 3),
        ("Paris", 3),
        ("Tokyo", 3),
    ]
    assert (shown["without_zone"], shown["meetings"], shown["held"]) == (1, 12, 0)
    first, *_rest = shown["ways"]
    assert [turn["local_time"] for turn in first["times"]] == ["16:00:00"]
    assert [len(way["times"]) for way in shown["ways"]] == [1, 2, 3]
    assert sum(way["is_most_even"] for way in shown["ways"]) == 1


# --- scheduling what was chosen ----------------------------------------------------------------

TURNS = "2031-01-14T07:00 2031-01-21T22:00"
CHOSEN = {"times": TURNS, "zone": "UTC", "weeks": "1", "duration_minutes": "60"}


def plan(group: Group, **query: str) -> str:
    return f"{reverse('rotation-plan', args=[group.slug])}?{urlencode({**CHOSEN, **query})}"


def test_an_officer_chooses_a_way_and_schedules_it(
    client_of: Any, chair: Person, member: Person, world: Group
) -> None:
    client = client_of(chair)
    page = client.get(at(world), ASKED).content.decode()
    ways = re.findall(r'name="times"\s+value="([^"]*)"', page)
    assert [len(way.split()) for way in ways] == [1, 2, 3]
    assert 'name="times"' not in client_of(member).get(at(world), ASKED).content.decode()

    form = client.get(plan(world))
    assert "Tue 14 Jan 2031, 07:00 UTC" in text(form)
    assert "Tue 28 Jan 2031, 07:00 UTC" in text(form)
    answer = client.post(plan(world), {**CHOSEN, "title": "Call"})

    first, second = MeetingSeries.objects.order_by("first_on")
    assert answer["Location"] == first.get_absolute_url()
    assert (first.interval, first.rotation) == (2, second.rotation)
    words = "Every Tuesday, at 07:00 and 22:00 in turn, UTC"
    for url in (reverse("meetings", args=[world.slug]), first.get_absolute_url()):
        assert words in text(client.get(url))
    assert "In turn with" in text(client.get(second.get_absolute_url()))


def test_times_take_the_place_of_the_series(client_of: Any, chair: Person, world: Group) -> None:
    series = planned(chair, world, interval=1, first_on=TUESDAY, zone="UTC")
    client = client_of(chair)
    url = plan(world, series=str(series.uuid))
    page = client.get(url).content.decode()
    assert "In place of Evaluations call (Every Tuesday, 16:00 UTC)" in page
    assert re.search(r'name="replace"[^>]*checked', page)

    client.post(url, {**CHOSEN, "title": "Call", "replace": "on", "sequence": "0"})

    series.refresh_from_db()
    assert (series.title, series.local_time, series.interval) == ("Call", time(7), 2)
    assert MeetingSeries.objects.count() == 2


def test_who_replaces_a_changed_series_is_told(client_of: Any, chair: Person, world: Group) -> None:
    series = planned(chair, world, interval=1, first_on=TUESDAY, zone="UTC")
    MeetingSeries.objects.update(sequence=3)

    answer = client_of(chair).post(
        plan(world, series=str(series.uuid)),
        {**CHOSEN, "title": "Call", "replace": "on", "sequence": "0"},
    )

    assert answer.status_code == 409


def test_the_group_is_asked_about_the_chosen_times_first(
    client_of: Any, chair: Person, world: Group
) -> None:
    page = client_of(chair).get(f"{reverse('poll-new', args=[world.slug])}?{urlencode(CHOSEN)}")

    shown = page.content.decode()
    for value in TURNS.split():
        assert f'value="{value}" checked' in re.sub(r"\s+", " ", shown)
    assert '<option value="weekly" selected' in shown


def test_a_poll_is_closed_by_the_chosen_times(client_of: Any, chair: Person, world: Group) -> None:
    starts = [datetime(2031, 1, 14, 7, tzinfo=UTC), datetime(2031, 1, 21, 22, tzinfo=UTC)]
    poll = factories.time_poll(world, frequency="weekly", starts=starts)

    answer = client_of(chair).post(plan(world, poll=str(poll.uuid)), {**CHOSEN, "title": "Call"})

    poll.refresh_from_db()
    assert poll.series is not None
    assert answer["Location"] == poll.series.get_absolute_url()
    assert all(option.is_chosen for option in poll.options.all())
    assert "Open the series" in text(client_of(chair).get(poll.get_absolute_url()))


@pytest.mark.parametrize(
    "query",
    [
        {"times": ""},
        {"times": "x"},
        {"times": "0001-01-01T00:00"},
        {"times": "9999-12-31T23:59 9999-12-31T23:58"},
        {"times": f"{TURNS} {TURNS}"},
        {"weeks": "x"},
        {"weeks": "99"},
    ],
)
def test_an_address_without_times_leads_back(
    client_of: Any, chair: Person, world: Group, query: dict[str, str]
) -> None:
    assert client_of(chair).get(plan(world, **query))["Location"] == at(world)


@pytest.mark.parametrize(
    "data",
    [
        {"times": "x"},
        {"times": "0001-01-01T00:00 9999-12-31T23:59"},
        {"times": "2020-01-01T00:00 2020-01-08T00:00"},
        {"weeks": "0"},
        {"weeks": "9"},
        {"zone": "Mars/Base"},
        {"zone": "x" * 99},
        {"duration_minutes": "-1"},
        {"title": ""},
        {"skipped": "Monday"},
        {"until": "2031-01-01"},
    ],
)
def test_times_that_cannot_be_come_back_with_what_was_typed(
    client_of: Any, chair: Person, world: Group, data: dict[str, str]
) -> None:
    answer = client_of(chair).post(
        plan(world), {**CHOSEN, "title": "Call", "place": "Room", **data}
    )

    assert answer.status_code == 422
    assert 'value="Room"' in answer.content.decode()
    assert "error-summary" in answer.content.decode()
    assert not MeetingSeries.objects.exists()


def test_turns_are_the_present_way(client_of: Any, chair: Person, world: Group) -> None:
    client = client_of(chair)
    client.post(plan(world), {**CHOSEN, "title": "Call"})

    page = text(client.get(at(world)))

    assert "Keep A and D 07:00 and 22:00 in turn." in page
    assert "Call · Call" not in page
    assert "Every meeting at the one time that is most even." in page
    url = plan(world, series=str(MeetingSeries.objects.order_by("first_on")[0].uuid))
    form = client.get(url)
    assert "These meetings stay" in text(form)
    assert 'name="replace"' not in form.content.decode()


def test_all_turns_are_ended_on_one_page(client_of: Any, chair: Person, world: Group) -> None:
    client = client_of(chair)
    client.post(plan(world), {**CHOSEN, "title": "Call"})
    first, second = MeetingSeries.objects.order_by("first_on")
    end = reverse("meeting-series-end", args=[world.slug, first.uuid])
    assert "End the series that take turns with it, too" in text(client.get(end))

    client.post(end, {"reason": "Done.", "together": "on"})

    assert {each.state for each in MeetingSeries.objects.all()} == {"ended"}
    assert second.meetings.exclude(state="cancelled").count() == 0
