"""Series of meetings: made ahead, changed from one on, ended; what has taken place stays as it was."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.search.models import SearchEntry
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.models import Event
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.choices import SERIES_AHEAD_DAYS, Frequency
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"


def in_days(count: int) -> date:
    return timezone.now().astimezone(ZoneInfo(PARIS)).date() + timedelta(days=count)


def planned(chair: Person, group: Group, **details: Any) -> MeetingSeries:
    return actions.plan_series(
        actor=chair,
        group=group,
        **{
            "title": "Evaluations call",
            "first_on": in_days(3),
            "local_time": time(16),
            "zone": PARIS,
            "duration_minutes": 60,
            "frequency": Frequency.WEEKLY,
            "interval": 2,
            **details,
        },
    )


def details_of(series: MeetingSeries, start: Meeting, **changes: Any) -> dict[str, Any]:
    names = (
        "title", "local_time", "zone", "duration_minutes", "place", "join_url", "frequency",
        "interval", "until",
    )  # fmt: skip
    return {
        "start": start,
        "sequence": series.sequence,
        "first_on": actions.original_date(start),
        **{name: getattr(series, name) for name in names},
        **changes,
    }


def changed(actor: Person, start: Meeting, **changes: Any) -> MeetingSeries:
    series = MeetingSeries.objects.get(meetings=start)
    return actions.change_series(actor=actor, **details_of(series, start, **changes))


def rows(series: MeetingSeries) -> list[Meeting]:
    return list(series.meetings.exclude(recurrence_id="").order_by("recurrence_id"))


def local(meeting: Meeting) -> str:
    return f"{meeting.starts_at.astimezone(ZoneInfo(meeting.zone)):%Y-%m-%d %H:%M}"


def test_a_series_makes_its_meetings_ahead_and_tells_the_group_once(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group)

    made = rows(series)
    assert len(made) == SERIES_AHEAD_DAYS // 14 + (SERIES_AHEAD_DAYS % 14 >= 3)
    assert {row.number for row in made} == {None}
    assert [row.local_date for row in made[:2]] == [in_days(3), in_days(17)]
    assert made[0].address == in_days(3).isoformat()
    assert {row.uid for row in made} == {series.uid}
    assert [event.kind for event in Event.objects.all()] == ["series_planned"]


def test_only_who_plans_meetings_plans_a_series(member: Person, group: Group) -> None:
    with pytest.raises(NotAllowed):
        planned(member, group)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"until": date(2020, 1, 1)}, "until"),
        ({"until": date(9999, 12, 31)}, "until"),
        ({"interval": 0}, "interval"),
        ({"interval": 13}, "interval"),
        ({"frequency": "yearly"}, "frequency"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"first_on": date(1999, 1, 1)}, "local_date"),
        ({"first_on": date(2031, 4, 1), "frequency": "monthly_last"}, "local_date"),
        (
            {
                "first_on": date(2031, 4, 1),
                "until": date(2031, 4, 2),
                "skipped": [(date(2031, 4, 1), "")],
            },
            "skipped",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(
    chair: Person, group: Group, details: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        planned(chair, group, **details)

    assert refused.value.field == field
    assert not MeetingSeries.objects.exists()


def test_skipped_days_have_no_meeting(chair: Person, group: Group) -> None:
    series = planned(chair, group, skipped=[(in_days(17), "Holiday"), (in_days(18), "No date")])

    assert [row.local_date for row in rows(series)[:2]] == [in_days(3), in_days(31)]


def test_a_periodic_task_goes_on_and_makes_nothing_twice(chair: Person, group: Group) -> None:
    series = planned(chair, group, interval=1)
    before = len(rows(series))

    assert actions.extend_series() == 0
    with set_back(Clock(timezone.now() + timedelta(days=28))):
        assert actions.extend_series() == 4
        assert actions.extend_series() == 0

    dates = [row.local_date for row in rows(series)]
    assert len(dates) == before + 4
    assert dates == [in_days(3 + 7 * week) for week in range(len(dates))]


def test_a_series_that_meets_rarely_has_its_next_meeting(chair: Person, group: Group) -> None:
    series = planned(
        chair, group, frequency=Frequency.MONTHLY_DAY, interval=12, first_on=date(2031, 5, 5)
    )

    assert [row.local_date for row in rows(series)] == [date(2031, 5, 5)]


def test_meetings_get_their_numbers_when_they_begin_in_order(chair: Person, group: Group) -> None:
    factories.meeting(group, number=7, starts_at=timezone.now() + timedelta(days=90))
    series = planned(chair, group)
    first, second, third, *_rest = rows(series)
    actions.cancel_meeting(actor=chair, meeting=second, reason="Holiday.")
    assert actions.number_begun_meetings() == 0

    with set_back(Clock(third.starts_at + timedelta(minutes=1))):
        # PostgreSQL's clock goes on as it was.
        Meeting.objects.filter(pk__in=[first.pk, second.pk, third.pk]).update(
            starts_at=timezone.now() - timedelta(days=400),
            ends_at=timezone.now() - timedelta(days=399),
        )
        Meeting.objects.filter(pk=third.pk).update(starts_at=timezone.now() - timedelta(days=399.9))
        assert actions.number_begun_meetings() == 2
        assert actions.number_begun_meetings() == 0

    numbers = dict(Meeting.objects.values_list("pk", "number"))
    assert (numbers[first.pk], numbers[second.pk], numbers[third.pk]) == (8, None, 9)


def test_the_address_by_day_goes_on_answering(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    series = planned(chair, group)
    first = rows(series)[0]
    client = client_of(chair)
    by_day = f"/groups/{group.slug}/meetings/{first.local_date}/"
    assert client.get(by_day).status_code == 200

    Meeting.objects.filter(pk=first.pk).update(number=1)

    assert client.get(by_day).status_code == 200
    assert client.get(f"/groups/{group.slug}/meetings/1/").status_code == 200
    assert client.get(f"/groups/{group.slug}/meetings/2031-13-40/").status_code == 404


def test_two_series_on_one_day_have_two_addresses(chair: Person, group: Group) -> None:
    one, two = planned(chair, group), planned(chair, group, local_time=time(18))

    assert rows(one)[0].address == in_days(3).isoformat()
    assert rows(two)[0].address == f"{in_days(3).isoformat()}-2"


def test_of_a_changed_hour_the_past_stays_and_the_rest_follows(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group, interval=1)
    before = rows(series)
    actions.answer_meeting(actor=member, meeting=before[4], is_coming=True)
    actions.add_agenda_item(actor=chair, meeting=before[4], title="Budget")
    addresses = [row.address for row in before]
    Event.objects.all().delete()

    second = changed(chair, before[3], local_time=time(9, 30))

    series.refresh_from_db()
    assert series.until == before[3].local_date - timedelta(days=1)
    assert second.continues == series
    assert [local(row) for row in rows(series)] == [local(row) for row in before[:3]]
    after = rows(second)
    assert [local(row) for row in after] == [f"{row.local_date} 09:30" for row in before[3:]]
    assert [row.pk for row in after] == [row.pk for row in before[3:]]
    assert [row.address for row in after] == addresses[3:]
    assert after[1].agenda.get().title == "Budget"
    assert Attendance.objects.get(meeting=after[1]).state == "coming"
    assert after[1].moved_from == before[4].starts_at
    assert [event.kind for event in Event.objects.all()] == ["series_changed"]


def test_a_series_changed_from_its_first_meeting_stays_one(chair: Person, group: Group) -> None:
    series = planned(chair, group)
    first = rows(series)[0]

    again = changed(chair, first, title="Another name", first_on=in_days(4))

    assert again == series
    assert again.sequence == 1
    assert [row.local_date for row in rows(again)[:2]] == [in_days(4), in_days(18)]
    assert {row.title for row in rows(again)} == {"Another name"}
    assert Meeting.objects.filter(state="cancelled").count() == 0


def test_meetings_take_new_dates_in_order_and_what_finds_none_is_cancelled(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group, interval=1)
    before = rows(series)

    second = changed(chair, before[2], interval=2, until=before[2].local_date + timedelta(days=28))

    assert [row.pk for row in rows(second)] == [row.pk for row in before[2:5]]
    assert [row.local_date for row in rows(second)] == [
        before[2].local_date + timedelta(days=14 * place) for place in range(3)
    ]
    left = Meeting.objects.filter(pk__in=[row.pk for row in before[5:]])
    assert {row.state for row in left} == {"cancelled"}
    assert {row.cancelled_reason for row in left} == {"The series no longer meets on this date."}


def test_what_was_changed_of_one_meeting_stays_with_it(chair: Person, group: Group) -> None:
    series = planned(chair, group, interval=1)
    before = rows(series)
    moved = actions.change_meeting(
        actor=chair,
        meeting=before[1],
        sequence=before[1].sequence,
        title="Evaluations call",
        local_date=before[1].local_date + timedelta(days=1),
        local_time=time(11),
        zone=PARIS,
        duration_minutes=30,
    )
    actions.cancel_meeting(actor=chair, meeting=before[2], reason="Nobody can come.")

    again = changed(chair, before[0], local_time=time(9))

    after = rows(again)
    assert local(after[1]) == local(moved)
    assert (after[2].state, after[2].cancelled_reason) == ("cancelled", "Nobody can come.")
    assert {f"{row.local_time:%H:%M}" for row in after[3:]} == {"09:00"}
    assert [row.recurrence_id[-6:] for row in after[:4]] == ["090000"] * 4


def test_a_day_skipped_later_cancels_its_meeting_and_moves_no_other(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group, interval=1)
    before = rows(series)

    again = changed(chair, before[0], skipped=[(before[2].local_date, "Christmas")])

    after = rows(again)
    assert (after[2].state, after[2].cancelled_reason) == ("cancelled", "Christmas")
    assert [row.local_date for row in after] == [row.local_date for row in before]


def test_who_edits_an_older_state_is_told(chair: Person, co_chair: Person, group: Group) -> None:
    series = planned(chair, group)
    start = rows(series)[0]
    mine = details_of(series, start, local_time=time(8))
    changed(co_chair, start, local_time=time(20))

    with pytest.raises(Conflict):
        actions.change_series(actor=chair, **mine)


def test_a_meeting_that_has_begun_is_not_changed_with_its_series(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group)
    start = rows(series)[0]
    Meeting.objects.filter(pk=start.pk).update(starts_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(WrongState):
        changed(chair, start, local_time=time(8))


def test_an_ended_series_keeps_its_meetings_cancelled(chair: Person, group: Group) -> None:
    series = planned(chair, group)
    Event.objects.all().delete()
    with pytest.raises(Invalid):
        actions.end_series(actor=chair, series=series, reason="  ")

    ended = actions.end_series(actor=chair, series=series, reason="The work is done.")

    assert ended.is_ended
    assert {row.state for row in rows(ended)} == {"cancelled"}
    assert {row.cancelled_reason for row in rows(ended)} == {"The work is done."}
    assert [event.kind for event in Event.objects.all()] == ["series_ended"]
    assert actions.extend_series() == 0
    with pytest.raises(WrongState):
        actions.end_series(actor=chair, series=series, reason="Again.")


def test_a_concluded_group_gets_no_more_meetings(chair: Person, group: Group) -> None:
    planned(chair, group)
    Group.objects.filter(pk=group.pk).update(state="concluded", concluded_at=timezone.now())

    with set_back(Clock(timezone.now() + timedelta(days=60))):
        assert actions.extend_series() == 0


def test_a_skipped_hour_takes_the_offset_before_and_a_doubled_one_is_the_first(
    chair: Person, group: Group
) -> None:
    with set_back(Clock(datetime(2030, 1, 1, tzinfo=ZoneInfo("UTC")))):
        series = planned(
            chair, group, first_on=date(2030, 3, 24), local_time=time(2, 30), interval=1
        )

    there = {row.local_date: row for row in rows(series)}
    gap = there[date(2030, 3, 31)]
    assert f"{gap.starts_at:%H:%M}" == "01:30"
    assert (local(gap), gap.is_at_another_hour) == ("2030-03-31 03:30", True)
    assert (local(there[date(2030, 4, 7)]), there[date(2030, 4, 7)].is_at_another_hour) == (
        "2030-04-07 02:30", False,
    )  # fmt: skip


def test_pages_of_a_series_are_walked(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    client = client_of(chair)
    base = f"/groups/{group.slug}/meetings/"
    first = in_days(5)
    typed = {
        "title": "Evaluations call",
        "local_date": first.isoformat(),
        "local_time": "16:00",
        "zone": PARIS,
        "duration_minutes": "60",
        "place": "",
        "join_url": "",
        "frequency": "weekly",
        "interval": "2",
        "until": "",
        "skipped": f"{first + timedelta(days=14)} Holiday",
    }
    refused = client.post(f"{base}plan/", {**typed, "skipped": "tomorrow"})
    assert refused.status_code == 422
    assert "“tomorrow” does not begin with a date such as 2026-12-24." in refused.text

    page = client.post(f"{base}plan/", typed, follow=True)
    series = MeetingSeries.objects.get()
    words = f"Every second {first:%A}, 16:00 Paris"
    assert words in page.text
    assert "Holiday" in page.text
    listed = client.get(base).text
    assert listed.count(">Evaluations call</a>") == 3
    assert words in listed
    assert words in client.get(f"/groups/{group.slug}/").text

    start = rows(series)[1]
    edit = f"{base}{start.address}/following/"
    form = client.get(edit).context["form"]
    changes = {name: value if value is not None else "" for name, value in form.initial.items()}
    changes |= {"local_time": "17:30", "skipped": ""}
    changed_page = client.post(edit, changes, follow=True)
    assert "17:30 Paris" in changed_page.text
    ended = client.post(
        f"{MeetingSeries.objects.get(continues=series).get_absolute_url()}end/",
        {"reason": "Done."},
        follow=True,
    )
    assert "This series has ended." in ended.text


def test_one_answer_is_for_all_that_follow(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    _first, second, *later = rows(series)
    actions.cancel_meeting(actor=chair, meeting=later[0], reason="Holiday.")
    client = client_of(member)

    client.post(
        f"/groups/{group.slug}/meetings/{second.address}/answer/",
        {"answer": "coming", "following": "on"},
    )
    actions.answer_meeting(actor=member, meeting=later[1], is_coming=False)

    answers = dict(Attendance.objects.filter(person=member).values_list("meeting", "state"))
    assert answers == {
        second.pk: "coming",
        later[1].pk: "regrets",
        **{row.pk: "coming" for row in later[2:]},
    }


def test_an_answer_to_a_single_meeting_is_for_that_one(member: Person, group: Group) -> None:
    meeting = factories.meeting(group)
    factories.meeting(group)

    actions.answer_meeting(actor=member, meeting=meeting, is_coming=True, and_following=True)

    assert Attendance.objects.get().meeting == meeting


def test_a_series_is_not_changed_into_the_past(chair: Person, group: Group) -> None:
    series = planned(chair, group)

    with pytest.raises(Invalid) as refused:
        changed(chair, rows(series)[1], first_on=in_days(-4))

    assert refused.value.field == "local_date"


def test_search_finds_a_meeting_by_what_its_series_is_called_now(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group)
    prepared, untouched, *_rest = rows(series)
    actions.add_agenda_item(actor=chair, meeting=prepared, title="Budget")

    changed(chair, prepared, title="Another name")

    entries = dict(SearchEntry.objects.filter(kind="meeting").values_list("uuid", "title"))
    assert entries == {prepared.uuid: "Another name"}
    assert untouched.uuid not in entries


@pytest.mark.parametrize("day", ["0001-01-01", "1850-01-01", "9999-12-31"])
@pytest.mark.parametrize("frequency", ["", "weekly"])
def test_a_year_in_which_nobody_plans_is_refused_in_words(
    client_of: Callable[..., Client], chair: Person, group: Group, frequency: str, day: str
) -> None:
    """At an hour at which the day in UTC has no year that computers know."""
    is_early = day.startswith("0")
    page = client_of(chair).post(
        f"/groups/{group.slug}/meetings/plan/",
        {
            "title": "Evaluations call",
            "local_date": day,
            "local_time": "00:00" if is_early else "23:30",
            "zone": "Asia/Tokyo" if is_early else "America/New_York",
            "duration_minutes": "60",
            "frequency": frequency,
        },
    )

    assert page.status_code == 422
    assert "Enter a year from 2000 to 2100." in page.text


@pytest.mark.parametrize("longer", [None, 60, 31])
def test_a_part_does_not_go_on_past_the_one_that_continues_it(
    chair: Person, group: Group, longer: int | None
) -> None:
    series = planned(chair, group, interval=1)
    coming = rows(series)
    changed(chair, coming[4], local_time=time(9))
    until = in_days(longer) if longer else None

    with pytest.raises(Invalid) as refused:
        changed(chair, coming[1], until=until)

    assert refused.value.field == "until"
    assert changed(chair, coming[1], until=in_days(30)).until == in_days(30)
