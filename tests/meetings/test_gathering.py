"""Meetings that were scheduled singly become a series and keep all that they have."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.access import viewer_for
from common.errors import Conflict, Invalid, NotAllowed
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.meetings.test_series import PARIS, changed, in_days
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars, queries
from workinggroups.meetings.choices import GATHERED_MAX, Frequency
from workinggroups.meetings.gathering import proposal, proposed_rule
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries
from workinggroups.meetings.models.series import recurrence_id

pytestmark = pytest.mark.django_db

RULE = ("title", "local_date", "local_time", "zone", "duration_minutes", "place", "join_url",
        "frequency", "interval", "until", "skipped")  # fmt: skip


def single(group: Group, days: int, at: time = time(16), **fields: Any) -> Meeting:
    """A meeting scheduled by itself so many days from today, at this hour in Paris."""
    starts_at = datetime.combine(in_days(days), at, tzinfo=ZoneInfo(PARIS))
    fields = {"title": "Call", "zone": PARIS, **fields}
    return factories.meeting(group, starts_at=starts_at, **fields)


def details(meetings: list[Meeting], **changes: Any) -> dict[str, Any]:
    values = {**proposal(meetings), **changes}
    values["first_on"] = values.pop("local_date")
    return values


def gathered(actor: Person, meetings: list[Meeting], **changes: Any) -> MeetingSeries:
    values = details(meetings, **changes)
    seen = actions.preview_gathering(meetings, **values).token
    return actions.gather_meetings(
        actor=actor, group=meetings[0].group, meetings=meetings, seen=seen, **values
    )


def fates(meetings: list[Meeting], **changes: Any) -> list[str]:
    preview = actions.preview_gathering(meetings, **details(meetings, **changes))
    return [str(one.fate) for one in preview.meetings]


@pytest.mark.parametrize(
    ("days", "frequency", "interval", "first"),
    [
        (["2026-03-03", "2026-03-10", "2026-03-17"], "weekly", 1, "2026-03-03"),
        (["2026-03-03", "2026-03-17", "2026-04-14"], "weekly", 2, "2026-03-03"),
        # One fell on the day after.
        (["2026-03-03", "2026-03-10", "2026-03-18", "2026-03-24"], "weekly", 1, "2026-03-03"),
        # Another one came before.
        (["2026-03-02", "2026-03-10", "2026-03-17", "2026-03-24"], "weekly", 1, "2026-03-10"),
        (
            ["2026-01-06", "2026-02-03", "2026-03-03", "2026-04-07"],
            "monthly_weekday",
            1,
            "2026-01-06",
        ),
        (["2026-01-29", "2026-02-26", "2026-03-26", "2026-04-30"], "monthly_last", 1, "2026-01-29"),
        (["2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15"], "monthly_day", 1, "2026-01-15"),
        (["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"], "monthly_day", 3, "2026-01-15"),
        (["2026-03-03"], "weekly", 1, "2026-03-03"),
    ],
)
def test_the_proposed_rule_fits_the_dates(
    days: list[str], frequency: str, interval: int, first: str
) -> None:
    rule = proposed_rule({date.fromisoformat(day) for day in days})

    assert (rule.frequency, rule.interval, rule.first.isoformat()) == (frequency, interval, first)


def test_the_proposal_is_what_most_meetings_have(group: Group) -> None:
    meetings = [
        single(group, 3),
        single(group, 10, zone="UTC", title="Other"),
        single(group, 24, at=time(9)),
        single(group, 31, place="Room 4"),
    ]

    values = proposal(meetings)

    assert (values["title"], values["zone"], values["local_time"]) == ("Call", PARIS, time(16))
    assert (values["frequency"], values["interval"]) == (Frequency.WEEKLY, 1)
    assert (values["local_date"], values["until"]) == (in_days(3), in_days(31))
    assert values["skipped"] == [(in_days(17), "")]
    assert values["place"] == ""


def test_each_meeting_keeps_what_it_has_and_the_group_is_told_once(
    chair: Person, member: Person, group: Group
) -> None:
    meetings = [single(group, days) for days in (-11, 3, 17)]
    factories.attendance(meetings[1], member, state="coming")
    factories.agenda_item(meetings[1], title="Budget")
    names = ("number", "uid", "sequence", "starts_at", "ends_at", "title", "day_key", "state")
    before = [tuple(getattr(one, name) for name in names) for one in meetings]
    Event.objects.all().delete()

    series = gathered(chair, meetings)

    for one in meetings:
        one.refresh_from_db()
    assert [tuple(getattr(one, name) for name in names) for one in meetings] == before
    assert {(one.series, one.in_series) for one in meetings} == {(series, "date")}
    assert all(one.follows_series for one in meetings)
    assert [one.recurrence_id for one in meetings] == [
        recurrence_id(in_days(days), time(16)) for days in (-11, 3, 17)
    ]
    assert Attendance.objects.get(meeting=meetings[1]).state == "coming"
    assert meetings[1].agenda.get().title == "Budget"
    assert series.meetings.count() == 3
    assert [event.kind for event in Event.objects.all()] == ["series_gathered"]


def test_a_series_that_goes_on_gets_new_meetings_and_no_past_ones(
    chair: Person, group: Group
) -> None:
    # 18 and 4 days ago nobody met; in 10 days nobody meets yet.
    meetings = [single(group, days) for days in (-32, -25, -11, 3, 17)]

    weekly = {"interval": 1, "local_date": in_days(-32), "until": None, "skipped": []}
    values = details(meetings, **weekly)
    preview = actions.preview_gathering(meetings, **values)
    series = actions.gather_meetings(
        actor=chair, group=group, meetings=meetings, seen=preview.token, **values
    )

    assert preview.passed == [in_days(-18), in_days(-4)]
    assert preview.new[:2] == [in_days(10), in_days(24)]
    assert preview.goes_on
    made = series.meetings.exclude(pk__in=[one.pk for one in meetings])
    assert min(made.values_list("local_date", flat=True)) == in_days(10)
    assert [skipped.day for skipped in series.skipped.all()] == preview.passed
    assert actions.extend_series() == 0


def test_what_does_not_fit_is_kept_as_changed_moved_or_extra(chair: Person, group: Group) -> None:
    meetings = [
        single(group, 3),
        single(group, 10, at=time(9)),
        single(group, 18),
        single(group, 24),
        single(group, 24, at=time(18)),
        single(group, 59, at=time(11)),
        single(group, 31),
    ]

    weekly = {"interval": 1, "local_date": in_days(3), "until": in_days(31), "skipped": []}
    assert fates(meetings, **weekly) == [
        "follows", "apart", "moved", "follows", "extra", "follows", "extra",
    ]  # fmt: skip
    series = gathered(chair, meetings, **weekly)

    for one in meetings:
        one.refresh_from_db()
    first, other_hour, moved, fourth, second_that_day, far, _last = meetings
    assert first.follows_series
    assert fourth.follows_series
    assert (other_hour.in_series, other_hour.follows_series) == ("date", False)
    assert moved.recurrence_id == recurrence_id(in_days(17), time(16))
    assert moved.local_date == in_days(18)
    assert {second_that_day.in_series, far.in_series} == {"extra"}
    assert series.meetings.count() == len(meetings)


def test_a_change_of_the_series_takes_gathered_meetings_along(chair: Person, group: Group) -> None:
    meetings = [single(group, days) for days in (-11, 3, 17, 31)]
    series = gathered(chair, meetings)
    start = Meeting.objects.get(pk=meetings[1].pk)

    later = changed(chair, start, local_time=time(10), place="Room 4", until=in_days(17))

    past, first, second, dropped = Meeting.objects.order_by("starts_at")
    assert (past.series, past.local_time) == (series, time(16))
    assert [(one.series, one.local_time, one.sequence) for one in (first, second)] == [
        (later, time(10), 1)
    ] * 2
    assert [one.uid for one in (first, second)] == [one.uid for one in meetings[1:3]]
    assert (dropped.state, dropped.in_series, dropped.uid) == (
        "cancelled", "dropped", meetings[3].uid,
    )  # fmt: skip
    assert later.meetings.count() == 3


def test_a_new_place_alone_is_told_by_the_event_of_each_gathered_meeting(
    chair: Person, group: Group
) -> None:
    meetings = [single(group, days) for days in (3, 17)]
    gathered(chair, meetings)

    changed(chair, Meeting.objects.get(pk=meetings[0].pk), place="Room 4")

    assert {(one.place, one.sequence) for one in Meeting.objects.all()} == {("Room 4", 1)}


def test_ending_the_series_cancels_its_coming_meetings(chair: Person, group: Group) -> None:
    meetings = [single(group, days) for days in (-11, 3, 12, 17)]
    series = gathered(chair, meetings)

    actions.end_series(actor=chair, series=series, reason="Done.")

    states = Meeting.objects.order_by("starts_at").values_list("state", flat=True)
    assert list(states) == ["planned", "cancelled", "cancelled", "cancelled"]


def events(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def feed_of(person: Person) -> bytes:
    viewer = viewer_for(person.pk)
    series = [calendars.series_facts_of(each) for each in queries.feed_series(viewer)]
    return calendars.feed("Mine", [*series, *calendars.facts_in(queries.feed_meetings(viewer))])


def test_calendars_keep_the_event_of_each_meeting_and_show_it_once(
    chair: Person, group: Group
) -> None:
    meetings = [single(group, days) for days in (3, 10, 24)]
    before = {str(event["uid"]): event["dtstart"].dt for event in events(feed_of(chair))}

    series = gathered(chair, meetings, until=in_days(38), skipped=[])

    for content in (feed_of(chair), calendars.calendar_of_series(series)):
        shown = {str(event["uid"]): event for event in events(content)}
        rule = shown.pop(series.uid)
        assert {uid: event["dtstart"].dt for uid, event in shown.items()} == before
        assert not any("recurrence-id" in event for event in shown.values())
        # The rule begins with the first date without an event of its own.
        assert rule["dtstart"].dt.date() == in_days(17)
        assert rule["exdate"].dts[0].dt.date() == in_days(24)
    own = events(calendars.calendar_of(Meeting.objects.get(pk=meetings[0].pk)))
    assert [str(event["uid"]) for event in own] == [meetings[0].uid]


def test_a_series_of_gathered_meetings_alone_has_no_event(chair: Person, group: Group) -> None:
    meetings = [single(group, days) for days in (3, 10, 24)]

    series = gathered(chair, meetings)

    uids = sorted(one.uid for one in meetings)
    assert sorted(str(event["uid"]) for event in events(feed_of(chair))) == uids
    content = calendars.calendar_of_series(series)
    assert sorted(str(event["uid"]) for event in events(content)) == uids


def test_who_has_the_event_of_a_dropped_meeting_learns_that_it_is_cancelled(
    chair: Person, group: Group
) -> None:
    meetings = [single(group, days) for days in (3, 10, 17)]
    gathered(chair, meetings)

    later = changed(chair, Meeting.objects.get(pk=meetings[1].pk), until=in_days(10))

    for content in (feed_of(chair), calendars.calendar_of_series(later)):
        (event,) = (one for one in events(content) if str(one["uid"]) == meetings[2].uid)
        assert str(event["status"]) == "CANCELLED"


def test_only_officers_gather_and_only_what_was_seen(
    chair: Person, member: Person, group: Group
) -> None:
    meetings = [single(group, days) for days in (3, 10)]
    with pytest.raises(NotAllowed):
        gathered(member, meetings)
    values = details(meetings)
    seen = actions.preview_gathering(meetings, **values).token

    Meeting.objects.filter(pk=meetings[0].pk).update(title="Other")
    with pytest.raises(Conflict):
        actions.gather_meetings(actor=chair, group=group, meetings=meetings, seen=seen, **values)
    Meeting.objects.filter(pk=meetings[0].pk).update(title="Call")
    actions.cancel_meeting(actor=chair, meeting=meetings[0], reason="Holiday.")
    with pytest.raises(Conflict):
        actions.gather_meetings(actor=chair, group=group, meetings=meetings, seen=seen, **values)
    assert not MeetingSeries.objects.exists()


def test_what_cannot_be_a_series_is_refused(chair: Person, group: Group) -> None:
    meetings = [single(group, days) for days in (3, 10)]
    with pytest.raises(Invalid):
        gathered(chair, meetings[:1])
    with pytest.raises(Invalid):
        gathered(chair, meetings, local_date=in_days(100), until=None)
    with pytest.raises(Invalid):
        gathered(chair, meetings, local_date=in_days(3 - 7 * 150))
    with pytest.raises(Invalid):
        gathered(chair, meetings, frequency=Frequency.DAILY)
    with pytest.raises(Invalid):
        gathered(chair, meetings * GATHERED_MAX)


def test_the_page_proposes_shows_and_saves(
    chair: Person, group: Group, client_of: Callable[..., Client]
) -> None:
    meetings = [single(group, days) for days in (-11, 3, 18)]
    cancelled = single(group, 24, state="cancelled")
    client = client_of(chair)
    url = reverse("meeting-gather", args=[group.slug])

    assert url in client.get(reverse("meetings", args=[group.slug])).content.decode()
    choice = client.get(url).content.decode()
    assert f'value="{meetings[0].number}"' in choice
    assert f'value="{cancelled.number}"' not in choice
    url += "?" + "&".join(f"meeting={one.number}" for one in meetings)
    shown = client.get(url)
    assert "Counts as moved from" in shown.content.decode()
    form = shown.context["form"]
    data = {name: form[name].value() or "" for name in RULE}
    data |= {"skipped": "", "local_time": "16:00"}

    early = client.post(url, {**data, "save": "1"})
    assert early.status_code == 200
    assert not MeetingSeries.objects.exists()
    (seen,) = re.findall(r'name="seen" value="(\w+)"', early.content.decode())
    other = client.post(url, {**data, "title": "Other", "save": "1", "seen": seen})
    assert "This has changed since the preview." in other.content.decode()
    wrong = client.post(url, {**data, "zone": "Mars/Olympus", "save": "1", "seen": seen})
    assert wrong.status_code == 422
    saved = client.post(url, {**data, "save": "1", "seen": seen})

    series = MeetingSeries.objects.get()
    assert saved["Location"] == series.get_absolute_url()
    assert client.get(meetings[1].get_absolute_url()).status_code == 200
    assert client.get(series.get_absolute_url()).status_code == 200
    again = client.get(url).content.decode()
    assert "belong to a series by now" in again


def test_the_page_takes_any_address(
    chair: Person, group: Group, client_of: Callable[..., Client]
) -> None:
    url = reverse("meeting-gather", args=[group.slug])
    for query in ("?meeting=x", "?meeting=²&meeting=99999999999", "?meeting=1&meeting=1&choose=1"):
        assert client_of(chair).get(url + query).status_code == 200


def test_many_past_meetings_are_proposed_quickly(chair: Person, group: Group) -> None:
    meetings = [single(group, 7 * week - 3650 + week % 5) for week in range(GATHERED_MAX)]

    before = timezone.now()
    actions.preview_gathering(meetings, **details(meetings))

    assert timezone.now() - before < timedelta(seconds=2)
