"""Extra meetings of a series: one more date outside of its rule."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from members.people.models import Person
from notifications.models import Event
from tests.meetings.test_days import plenary
from tests.meetings.test_series import PARIS, changed, in_days, local, planned, rows
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, calendars, queries
from workinggroups.meetings.choices import SERIES_MAX_EXTRA
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries

pytestmark = pytest.mark.django_db


def extra(actor: Person, series: MeetingSeries, **details: Any) -> Meeting:
    return actions.add_extra_meeting(
        actor=actor,
        series=series,
        **{
            "title": "Evaluations call",
            "local_date": in_days(6),
            "local_time": time(11),
            "zone": PARIS,
            "duration_minutes": 45,
            **details,
        },
    )


def feed_of(person: Person) -> list[icalendar.Event]:
    viewer = viewer_for(person.pk)
    series = [calendars.series_facts_of(each) for each in queries.feed_series(viewer)]
    content = calendars.feed("Mine", [*series, *calendars.facts_in(queries.feed_meetings(viewer))])
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_an_extra_meeting_belongs_to_the_series_and_is_not_one_of_its_dates(
    chair: Person, group: Group
) -> None:
    series = planned(chair, group)
    Event.objects.all().delete()

    meeting = extra(chair, series)

    assert (meeting.series, meeting.is_extra, meeting.number) == (series, True, None)
    assert meeting.address == in_days(6).isoformat()
    assert meeting.uid not in {series.uid, ""}
    assert [event.kind for event in Event.objects.all()] == ["meeting_planned"]
    assert actions.extend_series() == 0


def test_who_plans_adds_one_and_only_to_a_series_that_goes_on(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    with pytest.raises(NotAllowed):
        extra(member, series)
    with pytest.raises(WrongState):
        extra(chair, plenary(chair, group))

    actions.end_series(actor=chair, series=series, reason="Done.")
    with pytest.raises(WrongState):
        extra(chair, series)
    assert not Meeting.objects.filter(in_series="extra").exists()


def test_a_series_has_a_bounded_number_of_extra_meetings(chair: Person, group: Group) -> None:
    series = planned(chair, group)
    first = extra(chair, series)
    Meeting.objects.bulk_create(
        Meeting(
            **{
                field.attname: getattr(first, field.attname)
                for field in Meeting._meta.concrete_fields
                if field.name not in {"id", "uuid", "uid", "day_key"}
            },
            uid=f"extra-{number}",
            day_key=f"2031-01-01-{number}",
        )
        for number in range(2, SERIES_MAX_EXTRA + 1)
    )

    with pytest.raises(Invalid):
        extra(chair, series)


def test_it_begins_counts_and_is_answered_like_any_other(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    meeting = extra(chair, series)
    first = rows(series)[0]

    actions.answer_meeting(actor=member, meeting=first, is_coming=True, and_following=True)
    assert Attendance.objects.get(meeting=meeting).state == "coming"

    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2)
    )
    assert actions.number_begun_meetings() == 1
    meeting.refresh_from_db()
    assert meeting.number == 1


def test_a_changed_series_leaves_it_and_takes_it_along(chair: Person, group: Group) -> None:
    series = planned(chair, group, interval=1)
    made = rows(series)
    early, late = extra(chair, series), extra(chair, series, local_date=in_days(20))
    before = [local(early), local(late)]

    second = changed(chair, made[2], local_time=time(9), place="Another room")

    early.refresh_from_db()
    late.refresh_from_db()
    assert [local(early), local(late)] == before
    assert (early.series, late.series) == (series, second)
    assert late.place == ""

    ended = actions.end_series(actor=chair, series=second, reason="Done.")
    states = dict(ended.meetings.values_list("pk", "state"))
    assert states[late.pk] == "cancelled"
    assert Meeting.objects.get(pk=early.pk).state == "planned"


def test_calendars_have_it_once_as_an_event_of_its_own(chair: Person, group: Group) -> None:
    series = planned(chair, group)
    meeting = extra(chair, series)

    for events in (
        feed_of(chair),
        icalendar.Calendar.from_ical(calendars.calendar_of_series(series)).walk("VEVENT"),
    ):
        (own,) = [event for event in events if event["UID"] == meeting.uid]
        assert own["DTSTART"].dt == meeting.starts_at
        assert "RECURRENCE-ID" not in own
    actions.cancel_meeting(actor=chair, meeting=meeting, reason="Nobody can come.")
    (own,) = [event for event in feed_of(chair) if event["UID"] == meeting.uid]
    assert own["STATUS"] == "CANCELLED"
    (alone,) = icalendar.Calendar.from_ical(calendars.calendar_of(meeting)).walk("VEVENT")
    assert alone["UID"] == meeting.uid


def test_the_database_knows_how_a_meeting_belongs_to_a_series(chair: Person, group: Group) -> None:
    series = planned(chair, group)
    by_rule, beside = rows(series)[0], extra(chair, series)

    for meeting, values in (
        (by_rule, {"in_series": ""}),
        (by_rule, {"in_series": "extra"}),
        (by_rule, {"recurrence_id": ""}),
        (beside, {"in_series": "date"}),
        (beside, {"follows_series": True}),
        (beside, {"recurrence_id": "20310101T100000"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**values)


def test_it_is_added_on_the_page_of_the_series(
    client_of: Callable[..., Client], chair: Person, group: Group
) -> None:
    series = planned(chair, group, join_url="https://meet.example/evaluations")
    client = client_of(chair)
    page = client.get(series.get_absolute_url()).text
    address = f"{series.get_absolute_url()}extra/"
    assert f'href="{address}"' in page

    form = client.get(address).context["form"]
    assert form.initial["join_url"] == "https://meet.example/evaluations"
    refused = client.post(address, {**form.initial, "local_date": "2020-01-01"})
    assert refused.status_code == 422
    added = client.post(
        address, {**form.initial, "local_date": in_days(6).isoformat()}, follow=True
    )

    meeting = Meeting.objects.get(in_series="extra")
    assert added.redirect_chain[-1][0] == meeting.get_absolute_url()
    assert "Extra meeting of the series" in added.text
    assert "Extra meeting" in client.get(series.get_absolute_url()).text
    assert client.get(f"{meeting.get_absolute_url()}following/").status_code == 404

    days = plenary(chair, group)
    assert f"{days.get_absolute_url()}extra/" not in client.get(days.get_absolute_url()).text


def test_an_answer_to_all_that_follow_leaves_alone_where_one_has_checked_in(
    chair: Person, member: Person, group: Group
) -> None:
    series = planned(chair, group)
    first, later, *_rest = rows(series)
    now = timezone.now()
    for meeting, starts_at in ((first, now - timedelta(minutes=50)), (later, now)):
        starts_at += timedelta(minutes=5)
        Meeting.objects.filter(pk=meeting.pk).update(
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        meeting.refresh_from_db()
    actions.check_in(actor=member, meeting=later)

    answer = actions.answer_meeting(
        actor=member, meeting=first, is_coming=False, and_following=True
    )

    assert answer.state == "regrets"
    states = Attendance.objects.filter(person=member).order_by("meeting__starts_at")
    assert list(states.values_list("state", flat=True))[:3] == ["regrets", "present", "regrets"]
