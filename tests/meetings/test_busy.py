"""How many of the group already have another meeting then: only of what the planner can see."""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.access import Level, Viewer, viewer_for
from members.people.models import Person
from tests import factories
from tests.meetings.test_series import planned, rows
from workinggroups.groups.models import Group, Seat
from workinggroups.meetings.models import Attendance, Meeting
from workinggroups.meetings.queries.busy import Span, busy_people

pytestmark = pytest.mark.django_db

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


def span(hours: float, length: float = 1) -> Span:
    starts_at = NOON + timedelta(hours=hours)
    return Span(starts_at, starts_at + timedelta(hours=length))


def naive(group: Group, viewer: Viewer, of: Span) -> int:
    """Read one meeting and one person after the other, as the sentence says."""
    visible = set(Meeting.objects.visible_to(viewer).values_list("pk", flat=True))
    seats = set(Seat.objects.values_list("group", "person"))
    meetings = list(Meeting.objects.all())
    regrets = set(Attendance.objects.filter(state="regrets").values_list("meeting", "person"))
    busy = set()
    for person in {person for of_group, person in seats if of_group == group.pk}:
        for meeting in meetings:
            is_then = meeting.starts_at < of.ends_at and of.starts_at < meeting.ends_at
            if (
                meeting.pk in visible
                and meeting.state == "planned"
                and (meeting.group_id, person) in seats
                and is_then
                and (meeting.pk, person) not in regrets
            ):
                busy.add(person)
    return len(busy)


@pytest.mark.parametrize("seed", range(8))
def test_the_count_is_that_of_the_meetings_that_the_planner_sees(
    seed: int, chair: Person, group: Group, organization: Any
) -> None:
    dice = random.Random(seed)
    people = [chair, *(factories.member_of(organization, f"Person {n}") for n in range(5))]
    presets = ["open", "listed", "closed", "secret"]
    groups = [factories.group(preset=preset) for preset in presets]
    for each in [group, *groups]:
        for person in dice.sample(people, dice.randrange(1, 6)):
            if not Seat.objects.filter(group=each, person=person).exists():
                factories.seat(each, person, level=dice.choice(["participant", "observer"]))
    for _ in range(9):
        of = span(dice.randrange(-8, 8) / 2, dice.choice([0.5, 1, 2, 24]))
        meeting = factories.meeting(
            dice.choice([group, *groups]),
            starts_at=of.starts_at,
            state=dice.choice(["planned", "planned", "planned", "cancelled", "held"]),
            created_by=chair,
        )
        Meeting.objects.filter(pk=meeting.pk).update(
            ends_at=of.ends_at, level=dice.choice([meeting.level, Level.CHAIRS])
        )
        for person in dice.sample(people, 2):
            factories.attendance(meeting, person, dice.choice(["coming", "regrets"]))
    if seed % 4 == 0:
        staff = factories.person("Sade", staff=True)
        factories.break_glass(groups[3], staff)
        viewer = viewer_for(staff.pk)
    else:
        viewer = viewer_for(chair.pk)
    spans = [span(hours / 2) for hours in range(-10, 10, 3)]

    busy = busy_people(group, viewer, spans)

    assert busy.people == Seat.objects.filter(group=group).values("person").distinct().count()
    assert busy.counts == [(each, naive(group, viewer, each)) for each in spans]


def test_a_hidden_group_shows_in_no_number(
    chair: Person, member: Person, outsider: Person, group: Group
) -> None:
    hidden = factories.group("Incident Response", preset="secret", chair=outsider)
    factories.seat(hidden, member)
    factories.meeting(hidden, starts_at=NOON)

    assert busy_people(group, viewer_for(chair.pk), [span(0)]).counts == [(span(0), 0)]
    assert busy_people(group, viewer_for(member.pk), [span(0)]).counts == [(span(0), 1)]


def test_a_meeting_that_moves_is_not_in_its_own_way(
    chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.meeting(group, starts_at=NOON)
    viewer = viewer_for(chair.pk)

    assert busy_people(group, viewer, [span(0)]).counts == [(span(0), 2)]
    assert busy_people(group, viewer, [span(0)], besides=[meeting.pk]).counts == [(span(0), 0)]


def test_it_costs_as_much_for_many_as_for_few(
    chair: Person, member: Person, group: Group, organization: Any
) -> None:
    viewer = viewer_for(chair.pk)
    factories.meeting(group, starts_at=NOON)
    with CaptureQueriesContext(connection) as few:
        busy_people(group, viewer, [span(0)])
    for number in range(10):
        other = factories.group(preset="open")
        factories.seat(other, factories.member_of(organization, f"Person {number}"))
        factories.seat(other, member)
        factories.meeting(other, starts_at=NOON + timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        busy_people(group, viewer, [span(24 * number) for number in range(30)])

    assert len(many) == len(few) == 4


def typed(**values: str) -> dict[str, str]:
    return {
        "title": "Evaluations call",
        "local_date": "2031-03-04",
        "local_time": "12:00",
        "zone": "UTC",
        "duration_minutes": "60",
        "place": "",
        "join_url": "",
        "frequency": "",
        "interval": "1",
        "until": "",
        "skipped": "",
        **values,
    }


def test_the_plan_page_says_how_many_and_schedules_nothing_when_it_is_asked(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    factories.meeting(group, starts_at=NOON, title="Another")
    client = client_of(chair)
    address = f"/groups/{group.slug}/meetings/plan/"

    page = client.post(address, typed(check="1", title=""))

    assert page.status_code == 200
    assert "2 of 2 people already have another meeting at this time." in page.text
    assert "Only meetings that you can see count." in page.text
    assert "Fix 1 thing" not in page.text
    assert Meeting.objects.count() == 1
    free = client.post(address, typed(check="1", local_time="13:00")).text
    assert "Nobody in the group has another meeting at this time." in free
    assert 'value="Evaluations call"' in free

    assert client.post(address, typed()).status_code == 302
    assert Meeting.objects.count() == 2


def test_for_a_series_it_says_the_first_dates_and_the_worst_one(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    other = factories.group("Open one", preset="open", chair=chair)
    factories.meeting(group, starts_at=NOON + timedelta(days=70))
    factories.meeting(other, starts_at=NOON + timedelta(days=7))

    page = client_of(chair).post(
        f"/groups/{group.slug}/meetings/plan/",
        typed(check="1", frequency="weekly", skipped="2031-03-18"),
    )

    assert page.status_code == 200
    busy = page.context["busy"]
    assert [(of.starts_at.date(), count) for of, count in busy.counts[:4]] == [
        (date(2031, 3, 4), 0), (date(2031, 3, 11), 1), (date(2031, 3, 25), 0), (date(2031, 4, 1), 0),
    ]  # fmt: skip
    assert busy.most[0].starts_at.date() == date(2031, 5, 13)
    words = " ".join(re.sub("<[^>]+>", "", page.text).split())
    assert "On Tue 13 May 2031, 2 of 2 people already have another meeting, the most" in words


def test_a_check_of_what_cannot_be_is_answered_in_words(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    client = client_of(chair)
    address = f"/groups/{group.slug}/meetings/plan/"
    for values in (
        {"local_date": "", "local_time": ""},
        {"local_date": "0001-01-01", "frequency": "weekly", "zone": "Asia/Tokyo"},
        {"local_date": "9999-12-31", "frequency": "daily", "until": "9999-12-31"},
        {"local_date": "2031-03-30", "local_time": "02:30", "zone": "Europe/Paris"},
        {"frequency": "monthly_last", "local_date": "2031-03-04"},
        {"duration_minutes": "900000"},
        {"frequency": "weekly", "skipped": "tomorrow"},
    ):
        page = client.post(address, typed(check="1", **values))
        assert page.status_code == 200
    assert not Meeting.objects.exists()


def test_a_series_that_moves_is_not_in_its_own_way(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group, interval=1)
    start = rows(series)[1]
    form = client_of(chair).get(f"{start.get_absolute_url()}following/")
    assert {count for _span, count in form.context["busy"].counts} == {0}

    moving = client_of(chair).get(f"{start.get_absolute_url()}edit/")
    assert {count for _span, count in moving.context["busy"].counts} == {0}


def test_the_api_answers_who_plans(
    client_of: Callable[..., Client], chair: Person, member: Person, outsider: Person, group: Group
) -> None:
    factories.meeting(group, starts_at=NOON)
    asked = {"group": group.slug, "starts_at": NOON.isoformat(), "minutes": "60"}
    address = "/api/v1/meetings/busy/"

    answer = client_of(chair).get(address, asked)
    assert answer.status_code == 200
    assert answer.json() == {"people": 2, "busy": 2}
    assert client_of(member).get(address, asked).status_code == 403
    assert client_of(outsider).get(address, asked).status_code == 404
    unknown = client_of(chair).get(address, {**asked, "group": "no-such-group"})
    assert unknown.status_code == 404
    for wrong in ({"minutes": "0"}, {"starts_at": "yesterday"}, {"starts_at": "0001-01-01T00:00Z"}):
        assert client_of(chair).get(address, {**asked, **wrong}).status_code == 400


def test_the_pages_cost_as_much_with_many_meetings(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    client = client_of(chair)
    address = f"/groups/{group.slug}/meetings/plan/"
    factories.meeting(group, starts_at=NOON)
    client.post(address, typed(check="1", frequency="weekly"))
    with CaptureQueriesContext(connection) as few:
        client.post(address, typed(check="1", frequency="weekly"))
    for number in range(8):
        other = factories.group(preset="open")
        factories.seat(other, member)
        factories.meeting(other, starts_at=NOON + timedelta(days=7 * number))
    with CaptureQueriesContext(connection) as many:
        client.post(address, typed(check="1", frequency="weekly"))

    assert len(many) == len(few)
