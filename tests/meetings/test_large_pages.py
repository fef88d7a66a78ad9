"""Pages of a long series, a crowded meeting, the calendar and My work cost as many queries as small ones."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from common.identifiers import new_uuid
from common.text.rendered import html_fields
from members.people.models import Person
from tests import factories
from tests.browser import queries_of
from workinggroups.groups.models import Group
from workinggroups.meetings.actions.occurrences import set_time
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS, AttendanceState, PresenceSource
from workinggroups.meetings.models import AgendaItem, Attendance, Meeting, MeetingSeries
from workinggroups.meetings.models.series import recurrence_id
from workinggroups.meetings.recurrence import moment_of

pytestmark = pytest.mark.django_db

ClientOf = Callable[..., Client]
TEN_YEARS = 260
_numbers = count(1000)


def occurrences(series: MeetingSeries, many: int) -> None:
    """Write meetings every second week up to the first one of the series; half of them differ from it."""
    rows = []
    for number in range(1, many + 1):
        day = series.first_on - timedelta(weeks=2 * number)
        row = Meeting(
            uid=series.uid,
            recurrence_id=recurrence_id(day, series.local_time),
            day_key=day.isoformat(),
            number=next(_numbers),
            series=series,
            in_series="date",
            follows_series=bool(number % 2),
            group=series.group,
            level=series.level,
            created_by=series.created_by,
        )
        set_time(row, series, moment_of(day, series.local_time, series.zone_info))
        rows.append(row)
    Meeting.objects.bulk_create(rows)


def crowd(many: int) -> list[Person]:
    """Write people without seats."""
    people = [
        Person(uuid=new_uuid(), name=f"Attendee {number}", email=f"{new_uuid()}@crowd.example")
        for number in range(many)
    ]
    return Person.objects.bulk_create(people)


def test_a_series_of_ten_years(client_of: ClientOf, member: Person, group: Group) -> None:
    client = client_of(member)
    short = factories.meeting_series(group, "Short")
    occurrences(short, 2)
    few = queries_of(client, short.get_absolute_url())
    short.meetings.exclude(number=None).delete()
    long = factories.meeting_series(group, "Long", local_time=short.local_time.replace(hour=9))
    occurrences(long, TEN_YEARS)

    assert client.get(long.get_absolute_url()).status_code == 200
    assert queries_of(client, long.get_absolute_url()) == few <= 15


def test_a_meeting_with_sixty_items_and_two_hundred_attendees(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    meeting = factories.past_meeting(group)
    client = client_of(member)

    def add(items: range, people: int) -> None:
        attendees = crowd(people)
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=meeting,
                position=position,
                title=f"Item {position}",
                goal="discuss",
                presenter=attendees[position % people],
                source="Words.",
                **html_fields("<p>Words.</p>"),
            )
            for position in items
        )
        Attendance.objects.bulk_create(
            Attendance(
                meeting=meeting,
                person=person,
                state=AttendanceState.PRESENT,
                how=PresenceSource.IMPORTED,
            )
            for person in attendees
        )

    add(range(1, 3), 2)
    paths = [
        meeting.get_absolute_url(),
        reverse("meeting-attendance", args=[group.slug, meeting.address]),
    ]
    few = [queries_of(client, path) for path in paths]
    add(range(3, AGENDA_MAX_ITEMS + 1), 198)

    assert [queries_of(client, path) for path in paths] == few
    assert max(few) <= 16
    assert meeting.attendance.count() == 200


def test_my_work_and_my_calendar(
    client_of: ClientOf, chair: Person, member: Person, group: Group
) -> None:
    client = client_of(member)
    month = factories.ahead(days=1)
    paths = [reverse("my-work"), f"{reverse('calendar')}?month={month:%Y-%m}"]

    def add(number: int) -> None:
        for each in range(number):
            factories.meeting(group, starts_at=factories.ahead(days=1 + each))
            factories.action_item(group, owner=member)
        occurrences(
            factories.meeting_series(
                group, f"Series of {number}", first_on=factories.ahead(days=7 + number).date()
            ),
            number,
        )

    add(2)
    few = [queries_of(client, path) for path in paths]
    add(25)

    assert [queries_of(client, path) for path in paths] == few
    assert max(few) <= 16
