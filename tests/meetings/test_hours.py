from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests import factories
from workinggroups.meetings.hours import hours_of

pytestmark = pytest.mark.django_db


def seated(group, *zones) -> None:
    for zone in zones:
        factories.seat(group, factories.member_of(factories.organization(), zone=zone))


def test_hours_are_sums_by_what_the_clock_shows(group):
    seated(group, "Asia/Tokyo", "Asia/Seoul", "Asia/Tokyo", "America/New_York", "Europe/Zurich")

    hours = hours_of(group, datetime(2030, 1, 8, 15, tzinfo=UTC))

    assert [(hour.place, f"{hour.at:%H:%M}", hour.people, hour.part) for hour in hours] == [
        ("Tokyo", "00:00", 3, "night"),
        ("New York", "10:00", 1, "day"),
        ("UTC", "15:00", 1, "day"),
        ("Zurich", "16:00", 1, "day"),
    ]


@pytest.mark.parametrize(
    ("hour", "part"),
    [(6, "night"), (7, "edge"), (8, "day"), (17, "day"), (18, "edge"), (21, "edge"), (22, "night")],
)
def test_the_parts_of_a_day(group, hour, part):
    assert hours_of(group, datetime(2030, 1, 8, hour, tzinfo=UTC))[0].part == part


def test_a_chair_sees_for_whom_the_proposed_hour_is_night(client_of, chair, group):
    factories.meeting(group, starts_at=datetime(2030, 1, 8, 15, tzinfo=UTC))
    seated(group, "Asia/Tokyo")

    page = client_of(chair).get(reverse("meeting-plan", args=[group.slug])).content.decode()

    assert "The meeting is at night for 1 of 2 people." in page
    assert "Wed 00:00" in page
