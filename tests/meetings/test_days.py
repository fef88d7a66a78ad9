"""Meetings of several days: one occurrence a day, planned and shown as one."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.errors import Invalid
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.models import Event
from tests.browser import queries_of
from tests.meetings.test_series import changed, in_days, local, planned, rows
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars
from workinggroups.meetings.choices import SEVERAL_DAYS_MAX, Frequency
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries

pytestmark = pytest.mark.django_db


def plenary(chair: Person, group: Group, days: int = 3, **details: Any) -> MeetingSeries:
    first = details.pop("first_on", in_days(10))
    return planned(
        chair,
        group,
        **{
            "title": "Spring plenary",
            "first_on": first,
            "local_time": time(9),
            "duration_minutes": 8 * 60,
            "frequency": Frequency.DAILY,
            "interval": 1,
            "until": first + timedelta(days=days - 1),
            **details,
        },
    )


def days_of(series: MeetingSeries) -> list[tuple[int | None, str]]:
    """Which day each meeting is, and when, over all series of the meeting."""
    whole = Meeting.objects.filter(group=series.group, in_series="date").select_related("series")
    return [(row.day_number, local(row)) for row in whole.order_by("starts_at")]


def test_each_day_is_a_meeting_of_its_own_and_the_group_is_told_once(
    chair: Person, group: Group
) -> None:
    series = plenary(chair, group)

    made = rows(series)
    assert [row.local_date for row in made] == [in_days(10), in_days(11), in_days(12)]
    assert [row.full_title for row in made] == [
        "Spring plenary, day 1 of 3",
        "Spring plenary, day 2 of 3",
        "Spring plenary, day 3 of 3",
    ]
    assert [event.kind for event in Event.objects.all()] == ["series_planned"]
    assert actions.extend_series() == 0


def test_all_days_of_a_distant_meeting_exist(chair: Person, group: Group) -> None:
    series = plenary(chair, group, first_on=in_days(700))

    assert len(rows(series)) == 3


@pytest.mark.parametrize(
    "details",
    [
        {"until": None},
        {"until": in_days(10 + SEVERAL_DAYS_MAX)},
        {"interval": 2},
        {"skipped": [(in_days(11), "Sunday")]},
    ],
)
def test_days_that_a_meeting_cannot_have_are_refused(
    chair: Person, group: Group, details: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        plenary(chair, group, **details)

    assert refused.value.field == "days"
    assert not MeetingSeries.objects.exists()


def test_the_database_refuses_a_meeting_without_a_last_day(chair: Person, group: Group) -> None:
    series = plenary(chair, group)

    for values in ({"until": None}, {"until": in_days(300)}, {"interval": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingSeries.objects.filter(pk=series.pk).update(**values)


def test_one_day_is_moved_or_cancelled_by_itself_and_stays_that_day(
    chair: Person, group: Group
) -> None:
    series = plenary(chair, group)
    _first, second, third = rows(series)

    actions.change_meeting(
        actor=chair,
        meeting=second,
        sequence=second.sequence,
        title=second.title,
        local_date=in_days(14),
        local_time=time(10),
        zone=second.zone,
        duration_minutes=60,
    )
    actions.cancel_meeting(actor=chair, meeting=third, reason="Strike.")

    again = rows(series)
    assert [row.day_number for row in again] == [1, 2, 3]
    assert local(again[1]) == f"{in_days(14)} 10:00"
    assert again[2].is_cancelled


def test_other_hours_from_the_second_day_on_leave_the_first_and_count_on(
    chair: Person, member: Person, group: Group
) -> None:
    series = plenary(chair, group)
    first, second, _third = rows(series)
    actions.answer_meeting(actor=member, meeting=second, is_coming=True)

    rest = changed(chair, second, local_time=time(10), until=in_days(13))

    assert days_of(series) == [
        (1, f"{in_days(10)} 09:00"),
        (2, f"{in_days(11)} 10:00"),
        (3, f"{in_days(12)} 10:00"),
        (4, f"{in_days(13)} 10:00"),
    ]
    assert rows(rest)[0].full_title == "Spring plenary, day 2 of 4"
    first.refresh_from_db()
    first = Meeting.objects.select_related("series").get(pk=first.pk)
    assert first.full_title == "Spring plenary, day 1 of 4"
    assert Attendance.objects.get(meeting=second).state == "coming"
    series.refresh_from_db()
    assert series.words == f"Day 1 of 4, {in_days(10):%-d %b %Y}, 09:00 Paris"
    assert rest.words.startswith("Days 2 to 4 of 4, ")

    third_on = changed(chair, rows(rest)[1], local_time=time(11))
    assert [number for number, _at in days_of(series)] == [1, 2, 3, 4]
    assert rows(third_on)[0].day_number == 3


def test_days_are_shifted_lengthened_and_cut(chair: Person, group: Group) -> None:
    series = plenary(chair, group)
    start = rows(series)[0]

    longer = changed(chair, start, first_on=in_days(20), until=in_days(23))
    assert longer == series
    assert [row.local_date for row in rows(series)] == [in_days(20 + n) for n in range(4)]
    assert rows(longer)[0].pk == start.pk
    assert longer.words.startswith("4 days, ")

    shorter = changed(chair, rows(series)[0], until=in_days(21))
    assert [row.day_number for row in rows(shorter)] == [1, 2]
    dropped = Meeting.objects.filter(in_series="dropped").select_related("series")
    assert [(row.state, row.day_number) for row in dropped] == [("cancelled", None)] * 2


def test_a_series_and_a_meeting_of_several_days_do_not_become_each_other(
    chair: Person, group: Group
) -> None:
    for series, changes in (
        (plenary(chair, group), {"frequency": Frequency.WEEKLY, "until": None}),
        (planned(chair, group), {"frequency": Frequency.DAILY, "interval": 1, "until": in_days(4)}),
    ):
        with pytest.raises(Invalid):
            changed(chair, rows(series)[0], **changes)


def test_days_that_were_changed_apart_are_not_planned_twice(chair: Person, group: Group) -> None:
    series = plenary(chair, group)
    first, second, _third = rows(series)
    changed(chair, second, local_time=time(10))

    with pytest.raises(Invalid) as refused:
        changed(chair, first, until=in_days(11))

    assert refused.value.field == "days"


def test_a_calendar_has_one_event_that_repeats_each_day(chair: Person, group: Group) -> None:
    series = plenary(chair, group)

    events = icalendar.Calendar.from_ical(calendars.calendar_of_series(series)).walk("VEVENT")

    (event,) = events
    assert event["RRULE"]["FREQ"] == ["DAILY"]
    assert event["RRULE"]["UNTIL"] == [rows(series)[2].starts_at]
    assert event["UID"] == series.uid


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (date(2030, 12, 9), "3 days, 9 to 11 Dec 2030, 09:00 Paris"),
        (date(2030, 11, 30), "3 days, 30 Nov to 2 Dec 2030, 09:00 Paris"),
        (date(2030, 12, 30), "3 days, 30 Dec 2030 to 1 Jan 2031, 09:00 Paris"),
    ],
)
def test_the_days_are_said_in_words(chair: Person, group: Group, first: date, words: str) -> None:
    assert plenary(chair, group, first_on=first).words == words


def typed(**values: str) -> dict[str, str]:
    return {
        "title": "Spring plenary",
        "local_date": in_days(10).isoformat(),
        "local_time": "09:00",
        "zone": "Europe/Paris",
        "duration_minutes": "480",
        "days": "3",
        "frequency": "",
        "interval": "1",
        **values,
    }


def test_it_is_planned_on_the_page_of_every_meeting(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    client = client_of(chair)
    base = f"/groups/{group.slug}/meetings/"
    for wrong in ({"days": "15"}, {"days": "0"}, {"frequency": "weekly"}):
        assert client.post(f"{base}plan/", typed(**wrong)).status_code == 422
    assert not Meeting.objects.exists()

    page = client.post(f"{base}plan/", typed(), follow=True)

    series = MeetingSeries.objects.get()
    words = series.words
    assert words.startswith("3 days, ")
    assert words in page.text
    assert page.text.count("Day 1 of 3") == 1
    assert "Cancel all coming days" in page.text
    listed = client.get(base).text
    assert listed.count(">Spring plenary</a>") == 1
    assert [f"Day {n} of 3" in listed for n in (1, 2, 3)] == [True] * 3
    assert "All dates" not in listed
    home = client.get(f"/groups/{group.slug}/").text
    assert "Spring plenary, day 1 of 3" in home
    calendar = "".join(
        client_of(member).get("/calendar/", {"month": f"{month:%Y-%m}"}).text
        for month in sorted({row.local_date.replace(day=1) for row in rows(series)})
    )
    assert [f"Spring plenary, day {n} of 3" in calendar for n in (1, 2, 3)] == [True] * 3

    second = rows(series)[1]
    shown = client.get(second.get_absolute_url()).text
    assert "Day 2 of 3" in shown
    assert "Answer for all following days too" in shown
    form = client.get(f"{second.get_absolute_url()}following/").context["form"]
    assert "frequency" not in form.fields
    assert form.initial["days"] == 2
    changes = {name: value if value is not None else "" for name, value in form.initial.items()}
    page = client.post(
        f"{second.get_absolute_url()}following/", {**changes, "local_time": "10:00"}, follow=True
    )
    assert page.status_code == 200
    assert [f"Day {n} of 3" in page.text for n in (1, 2, 3)] == [True] * 3
    ended = client.post(
        f"{MeetingSeries.objects.get(continues=series).get_absolute_url()}end/",
        {"reason": "Strike."},
        follow=True,
    )
    assert "All coming days were cancelled." in ended.text


def test_days_that_are_over_are_one_heading_with_their_minutes(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    with set_back(Clock(timezone.now() - timedelta(days=30))):
        series = plenary(chair, group, first_on=date.today() - timedelta(days=20))
    actions.number_begun_meetings()

    listed = client_of(chair).get(f"/groups/{group.slug}/meetings/").text

    assert listed.count(">Spring plenary</a>") == 1
    assert [f"Day {n} of 3" in listed for n in (1, 2, 3)] == [True] * 3
    assert sorted(row.number for row in rows(series)) == [1, 2, 3]
    page = client_of(chair).get(series.get_absolute_url()).text
    assert [f"Day {n} of 3" in page for n in (1, 2, 3)] == [True] * 3


def test_pages_with_days_cost_a_constant_number_of_queries(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    client = client_of(chair)
    series = plenary(chair, group, days=2)
    month = f"/calendar/?month={series.first_on:%Y-%m}"
    paths = [f"/groups/{group.slug}/meetings/", month, series.get_absolute_url()]
    few = [queries_of(client, path) for path in paths]
    for shift in range(4):
        plenary(chair, group, days=4, first_on=in_days(20 + 7 * shift), title=f"Plenary {shift}")
    more = changed(chair, rows(series)[0], until=in_days(20))

    assert [queries_of(client, path) for path in paths] == few
    assert len(rows(more)) == 11
