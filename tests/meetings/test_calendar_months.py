"""The calendar shows one month: its days in the reader's zone, and what is on each."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.days import today_in
from members.people.models import Person
from tests import factories
from tests.browser import queries_of
from tests.meetings.test_large_pages import TEN_YEARS, occurrences
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.months import Month, days_of
from workinggroups.meetings.views import calendar as views

pytestmark = pytest.mark.django_db

ClientOf = Callable[..., Client]


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{reverse('calendar')}{query}")
    assert answer.status_code == 200
    return answer.text


def test_a_month_has_its_meetings_and_no_others(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    for title, day in (
        ("Before", datetime(2030, 11, 30, 12, tzinfo=UTC)),
        ("During", datetime(2030, 12, 31, 22, 30, tzinfo=UTC)),
        ("After", datetime(2031, 1, 1, 0, tzinfo=UTC)),
    ):
        factories.meeting(group, title, starts_at=day)

    shown = page(client_of(member), "?month=2030-12")

    assert [f">{title}</a>" in shown for title in ("Before", "During", "After")] == [
        False, True, False,
    ]  # fmt: skip
    assert '<h2 id="month">December 2030</h2>' in shown
    assert "?month=2030-11" in shown
    assert "?month=2031-01" in shown


def test_days_are_those_of_the_reader(client_of: ClientOf, member: Person, group: Group) -> None:
    member.zone = "Pacific/Auckland"
    member.save(update_fields=["zone"])
    factories.meeting(group, "Early", starts_at=datetime(2030, 11, 30, 17, tzinfo=UTC))

    shown = page(client_of(member), "?month=2030-12")

    assert ">Early</a>" in shown
    assert '<span class="month-hour">06:00</span>' in shown
    assert "Auckland: NZDT (UTC+13)." in shown
    assert ">Early</a>" not in page(client_of(member), "?month=2030-11")


def test_a_meeting_after_midnight_is_on_both_days(group: Group) -> None:
    late = factories.meeting(
        group,
        starts_at=datetime(2030, 12, 3, 23, tzinfo=UTC),
        ends_at=datetime(2030, 12, 4, 1, 30, tzinfo=UTC),
        duration_minutes=150,
    )
    until_midnight = factories.meeting(group, starts_at=datetime(2030, 12, 9, 23, tzinfo=UTC))

    days = {each.day.day: each for each in days_of(Month(2030, 12), [late, until_midnight], "UTC")}

    on = {number: [entry.words for entry in each.entries] for number, each in days.items()}
    assert {number: words for number, words in on.items() if words} == {
        3: ["23:00"],
        4: ["until 01:30"],
        9: ["23:00"],
    }


def test_what_goes_on_from_the_month_before_is_shown(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    factories.meeting(
        group,
        "Turn of the month",
        starts_at=datetime(2030, 11, 30, 23, tzinfo=UTC),
        ends_at=datetime(2030, 12, 1, 2, tzinfo=UTC),
        duration_minutes=180,
    )

    shown = page(client_of(member), "?month=2030-12")

    assert ">Turn of the month</a>" in shown
    assert "until 02:00" in shown


def test_moved_and_cancelled_are_said_in_words(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    day = datetime(2030, 12, 3, 12, tzinfo=UTC)
    factories.meeting(group, "Cancelled one", starts_at=day, state="cancelled")
    factories.meeting(group, "Moved one", starts_at=day, moved_from=day - timedelta(days=1))
    client = client_of(member)

    shown = page(client, "?month=2030-12")

    cancelled = shown.partition(">Cancelled one</a>")[2].partition("</li>")[0]
    moved = shown.partition(">Moved one</a>")[2].partition("</li>")[0]
    assert "Cancelled</span>" in cancelled
    assert "Moved</span>" in moved
    assert "Moved</span>" not in cancelled


def test_answers_are_shown(client_of: ClientOf, member: Person, group: Group) -> None:
    meeting = factories.meeting(group)
    actions.answer_meeting(actor=member, meeting=meeting, is_coming=False)

    shown = page(client_of(member), f"?month={Month.of(meeting.starts_at.date())}")

    assert "Can&#x27;t come</span>" in shown or "Can't come</span>" in shown


def test_today_is_marked_and_is_the_month_without_a_name(
    client_of: ClientOf, member: Person
) -> None:
    shown = page(client_of(member))

    today = today_in(member.zone)
    assert f'<h2 id="month">{today:%B %Y}</h2>' in shown
    assert shown.count('id="today"') == 1
    assert 'id="today"' not in page(client_of(member), "?month=2031-01")


def test_the_address_of_the_last_weeks_still_answers(client_of: ClientOf, member: Person) -> None:
    answer = client_of(member).get(reverse("calendar"), {"past": "1"}, follow=True)

    month = Month.of(today_in(member.zone) - timedelta(weeks=4))
    assert answer.redirect_chain == [(f"/calendar/?month={month}", 302)]
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "0000-01", "0001-01", "99999-01", "9999-12", "2026-13", "2026-00", "2026-1", "2026", "-", "text",
        "2026-12-01", "٢٠٢٦-١٢", "²⁰²⁶-¹²", "+026-12", "2026-+1", "1969-12", "2200-01", "x" * 5000,
    ],
)  # fmt: skip
def test_what_names_no_month_shows_this_one_and_says_so(
    client_of: ClientOf, member: Person, name: str
) -> None:
    answer = client_of(member).get(reverse("calendar"), {"month": name})

    assert answer.status_code == 200
    assert "There is no such month in the calendar." in answer.text
    assert f"You see {today_in(member.zone):%B %Y} instead." in answer.text


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_and_the_last_month_have_one_neighbour(
    client_of: ClientOf, member: Person, zone: str
) -> None:
    member.zone = zone
    member.save(update_fields=["zone"])
    client = client_of(member)

    first, last = page(client, "?month=1970-01"), page(client, "?month=2199-12")

    assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
    assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)


def test_an_empty_month_names_the_next_meeting(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    factories.meeting(group, "Much later", starts_at=datetime(2031, 5, 6, 12, tzinfo=UTC))

    shown = page(client_of(member), "?month=2031-02")

    assert "None of your groups meets in February 2031." in shown
    assert "Next: Much later, Tue 6 May 2031" in " ".join(shown.split()).replace(
        '<time datetime="2031-05-06">', ""
    ).replace("</time>", "")


def test_a_distant_month_says_that_series_may_not_reach_it(
    client_of: ClientOf, member: Person
) -> None:
    sentence = "are scheduled about half a year ahead"
    distant = Month.of(timezone.now().date() + timedelta(days=300))

    assert sentence in page(client_of(member), f"?month={distant}")
    assert sentence not in page(client_of(member))


def test_a_month_with_too_many_meetings_says_so(
    client_of: ClientOf, member: Person, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MONTH_MAX_MEETINGS", 2)
    for hour in (9, 10):
        factories.meeting(group, starts_at=datetime(2030, 12, 3, hour, tzinfo=UTC))
    sentence = "Only the first 2 meetings of the month are shown."
    assert sentence not in page(client_of(member), "?month=2030-12")

    factories.meeting(group, "Third", starts_at=datetime(2030, 12, 4, 9, tzinfo=UTC))

    shown = page(client_of(member), "?month=2030-12")
    assert sentence in shown
    assert ">Third</a>" not in shown


def test_a_month_in_which_clocks_change_says_when() -> None:
    assert Month(2030, 3).zone_words("Europe/Prague") == "CET (UTC+1), from Sun 31 Mar CEST (UTC+2)"
    assert Month(2030, 12).zone_words("Europe/Prague") == "CET (UTC+1)"


def test_weeks_begin_on_monday() -> None:
    days = days_of(Month(2030, 12), [], "UTC")

    assert [each.column for each in days[:3]] == [7, 1, 2]
    assert days[0].day == date(2030, 12, 1)
    assert len(days) == 31


def test_a_month_of_a_series_of_ten_years_costs_as_many_queries(
    client_of: ClientOf, member: Person, group: Group
) -> None:
    client = client_of(member)
    series = factories.meeting_series(group, "For ten years")
    month = Month.of(series.first_on - timedelta(days=90))
    path = f"{reverse('calendar')}?month={month}"
    start = datetime.combine(month.first_day, time(12), tzinfo=UTC)
    factories.meeting(group, "One", starts_at=start)
    few = queries_of(client, path)
    occurrences(series, TEN_YEARS)
    other = factories.group()
    factories.seat(other, member)
    for hour in range(8, 18):
        factories.meeting(other, "More", starts_at=start.replace(hour=hour))

    assert queries_of(client, path) == few <= 12
    assert 2 <= page(client, f"?month={month}").count(">For ten years</a>") <= 3


def test_without_a_group_the_calendar_says_how_it_fills(
    client_of: ClientOf, stranger: Person
) -> None:
    shown = page(client_of(stranger))

    assert "Join a group to fill your calendar." in shown
    assert 'class="month"' not in shown
