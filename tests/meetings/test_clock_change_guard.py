"""People are notified once, in their own hour, a week before their meetings shift."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.access import viewer_for
from common.times import ended
from demo.clock import Clock, set_back
from members.people.models import Person
from notifications.content import contents_of
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from tests import factories
from workinggroups.groups.models import Group, Participation
from workinggroups.meetings import actions
from workinggroups.meetings.models import MeetingSeries, NotifiedClockChange

pytestmark = pytest.mark.django_db

# In New York clocks change on 14 March 2027, in Paris on 28 March.
WINTER = datetime(2027, 2, 1, 6, 30, tzinfo=UTC)
WEEK_BEFORE = datetime(2027, 3, 10, 6, 30, tzinfo=UTC)


def weekly(chair: Person, group: Group, **details: Any) -> MeetingSeries:
    with set_back(Clock(WINTER)):
        return actions.plan_series(
            actor=chair,
            group=group,
            **{
                "title": "Call",
                "first_on": date(2027, 2, 2),
                "local_time": time(16),
                "zone": "Europe/Paris",
                "duration_minutes": 60,
                "frequency": "weekly",
                **details,
            },
        )


def run(moment: datetime) -> int:
    with set_back(Clock(moment)):
        return actions.notify_of_clock_changes()


@pytest.fixture
def american(group: Group) -> Person:
    person = factories.member_of(factories.organization(), "Amy", zone="America/New_York")
    factories.seat(group, person)
    return person


def told() -> list[Event]:
    return list(Event.objects.filter(kind="clocks_change").order_by("pk"))


def details_for(person: Person) -> list[str]:
    contents = contents_of(told(), viewer_for(person.pk))
    return [content.detail for content in contents.values()]


def test_a_person_is_notified_in_their_own_hour_a_week_before(
    chair: Person, american: Person, group: Group
) -> None:
    weekly(chair, group)

    assert run(datetime(2027, 3, 8, 6, 30, tzinfo=UTC)) == 0
    assert run(WEEK_BEFORE) == 1

    assert details_for(american) == [
        "From Tue 16 Mar 2027, Call is at 11:00 instead of 10:00 for you; from Tue 30 Mar 2027 it is "
        "at 10:00 again (times in New York)."
    ]
    fan_out_waiting()
    assert set(Notification.objects.filter(event=told()[0]).values_list("person", flat=True)) == {
        american.pk
    }


def test_nobody_is_notified_twice_also_not_of_the_way_back(
    chair: Person, american: Person, group: Group
) -> None:
    weekly(chair, group)

    runs = [run(WEEK_BEFORE + timedelta(days=day)) for day in range(40)]

    assert sum(runs) == 1
    assert len(told()) == 1


def test_people_at_home_and_without_a_zone_are_not_notified(
    chair: Person, member: Person, group: Group
) -> None:
    weekly(chair, group)
    Person.objects.filter(pk=member.pk).update(zone="Europe/Berlin")

    assert sum(run(WEEK_BEFORE + timedelta(days=day)) for day in range(30)) == 0


def test_where_clocks_stay_people_are_notified_each_time(
    chair: Person, member: Person, group: Group
) -> None:
    weekly(chair, group)
    Person.objects.filter(pk=member.pk).update(zone="Africa/Lagos")

    runs = [run(WEEK_BEFORE + timedelta(days=day)) for day in range(250)]

    assert sum(runs) == 2
    assert [detail.partition(",")[0] for detail in details_for(member)] == [
        "From Tue 30 Mar 2027",
        "From Tue 2 Nov 2027",
    ]


def test_several_series_are_one_notification(chair: Person, american: Person, group: Group) -> None:
    weekly(chair, group)
    weekly(chair, group, title="Late", zone="Europe/Berlin", local_time=time(20))
    weekly(chair, group, title="Rare", first_on=date(2027, 2, 19), interval=4)
    weekly(chair, group, title="At home", zone="America/Toronto")
    # By the other change, of 28 March, two weeks later.
    weekly(chair, group, title="Not yet", zone="Asia/Tokyo", first_on=date(2027, 3, 29))

    assert run(WEEK_BEFORE) == 1

    (detail,) = details_for(american)
    assert [line.split(", ")[1].partition(" is at")[0] for line in detail.splitlines()] == [
        "Call",
        "Rare",
        "Late",
    ]
    content = contents_of(told(), viewer_for(american.pk))[told()[0].pk]
    assert content.title == "Clocks change: 3 series of meetings shift for you"
    assert content.url == "/calendar/"


def test_a_first_run_tells_of_all_changes_at_once(chair: Person, group: Group) -> None:
    """A person in Lagos between the autumn changes of Paris and New York."""
    person = factories.member_of(factories.organization(), "Lola", zone="Africa/Lagos")
    factories.seat(group, person)
    weekly(chair, group)
    weekly(chair, group, title="Ocean", zone="America/New_York", first_on=date(2027, 2, 7))

    # Clocks change in Paris on 31 October and in New York on 7 November, a Sunday.
    assert run(datetime(2027, 11, 1, 6, 30, tzinfo=UTC)) == 1
    assert len(told()) == 1
    assert len(details_for(person)[0].splitlines()) == 2
    assert NotifiedClockChange.objects.count() == 2
    assert run(datetime(2027, 11, 2, 6, 30, tzinfo=UTC)) == 0


def test_a_run_that_was_missed_is_made_up_for(
    chair: Person, american: Person, group: Group
) -> None:
    weekly(chair, group)

    assert run(datetime(2027, 3, 16, 6, 30, tzinfo=UTC)) == 1


def test_who_left_or_is_in_a_concluded_group_is_not_notified(
    chair: Person, american: Person, group: Group
) -> None:
    weekly(chair, group)
    seat = Participation.objects.get(person=american)
    seat.during = ended(seat.during)
    seat.save()

    assert run(WEEK_BEFORE) == 0

    Participation.objects.filter(pk=seat.pk).delete()
    factories.seat(group, american)
    Group.objects.filter(pk=group.pk).update(state="concluded")
    assert run(WEEK_BEFORE) == 0


def test_an_ended_series_and_skipped_days_shift_nothing(
    chair: Person, american: Person, group: Group
) -> None:
    weekly(chair, group, until=date(2027, 3, 9))
    skipped = [(date(2027, 3, 16), "Fair"), (date(2027, 3, 23), "Fair")]
    weekly(chair, group, title="Skips", skipped=skipped)
    series = weekly(chair, group, title="Ends")
    with set_back(Clock(WINTER)):
        actions.end_series(actor=chair, series=series, reason="Done.")

    assert run(WEEK_BEFORE) == 0


def test_what_is_read_follows_a_zone_or_series_that_changed(
    chair: Person, american: Person, outsider: Person, group: Group
) -> None:
    series = weekly(chair, group)
    run(WEEK_BEFORE)
    assert details_for(outsider) == []

    Person.objects.filter(pk=american.pk).update(zone="America/Denver")
    assert "at 09:00 instead of 08:00" in details_for(american)[0]

    with set_back(Clock(WINTER)):
        actions.end_series(actor=chair, series=series, reason="Done.")
    assert details_for(american) == []


def test_two_hundred_people_cost_few_queries(chair: Person, group: Group) -> None:
    organization = factories.organization()
    for number in range(120):
        person = factories.member_of(organization, f"Person {number}", zone="America/New_York")
        factories.seat(group, person)
    for _number in range(5):
        weekly(chair, group)
    with CaptureQueriesContext(connection) as none:
        run(WINTER)

    with CaptureQueriesContext(connection) as queries:
        assert run(WEEK_BEFORE) == 120

    # Besides what a run costs in which nobody is due, a few for each person who is notified.
    assert len(none) <= 5
    assert len(queries) <= 5 + 4 * 120 + 10


def test_old_rows_are_removed(chair: Person, american: Person, group: Group) -> None:
    NotifiedClockChange.objects.create(
        person=american, changed_on=date(2025, 3, 9), created_at=datetime(2025, 3, 2, tzinfo=UTC)
    )

    run(WINTER)

    assert not NotifiedClockChange.objects.exists()


# --- on pages ----------------------------------------------------------------------------------


def test_the_page_of_a_series_says_what_shifts_for_the_reader_and_by_region(
    client_of: Any, chair: Person, american: Person, group: Group
) -> None:
    organization = factories.organization()
    for zone in ("America/New_York", "America/New_York", "Asia/Tokyo", "Asia/Tokyo", "Asia/Tokyo"):
        factories.seat(group, factories.member_of(organization, zone=zone))
    series = weekly(chair, group)

    with set_back(Clock(datetime(2027, 2, 20, tzinfo=UTC))):
        page = " ".join(client_of(american).get(series.get_absolute_url()).content.decode().split())

    again = "from 16 Mar 2027, and at 10:00 again from 30 Mar 2027."
    assert f"For you it is at 11:00 instead of 10:00 {again}" in page
    assert f"In New York it is at 11:00 instead of 10:00 {again}" in page
    assert "In Tokyo it is at 23:00 instead of 00:00 from 30 Mar 2027." in page

    with set_back(Clock(datetime(2027, 5, 1, tzinfo=UTC))):
        page = client_of(american).get(series.get_absolute_url()).content.decode()
    assert "Clocks change" not in page


def test_regions_are_told_to_the_people_of_the_group_only(
    client_of: Any, chair: Person, outsider: Person
) -> None:
    group = factories.group("Open one", preset="open", chair=chair)
    organization = factories.organization()
    for _number in range(3):
        factories.seat(group, factories.member_of(organization, zone="Asia/Tokyo"))
    series = weekly(chair, group)

    with set_back(Clock(datetime(2027, 3, 1, tzinfo=UTC))):
        assert "In Tokyo" in client_of(chair).get(series.get_absolute_url()).content.decode()
        assert "In Tokyo" not in client_of(outsider).get(series.get_absolute_url()).content.decode()
