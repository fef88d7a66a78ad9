"""What fair times are computed from: where the people of a group are, and when it met."""

from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from common.access import Viewer
from workinggroups.groups.models import Group, Seat
from workinggroups.meetings.choices import QUARTER_DAYS, Frequency, MeetingState
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.queries.series import active_series

# A group that meets more often in a quarter is counted by its latest meetings.
HELD_MAX = 200


def people_by_zone(group: Group) -> dict[str, int]:
    """Return how many people with a seat in the group have each time zone. One query."""
    seats = Seat.objects.filter(group=group).values_list("person__zone")
    counted = seats.annotate(people=Count("person", distinct=True))
    return dict(counted.values_list("person__zone", "people"))


def held_in_the_last_quarter(group: Group, viewer: Viewer) -> QuerySet[Meeting]:
    """Return the group's meetings of the last quarter that took place, the latest first."""
    since = timezone.now() - timedelta(days=QUARTER_DAYS)
    past = Meeting.objects.visible_to(viewer).past().filter(group=group, starts_at__gte=since)
    return past.exclude(state=MeetingState.CANCELLED).only(
        "starts_at", "ends_at", "duration_minutes"
    )[:HELD_MAX]


def weekly_series(group: Group, viewer: Viewer) -> list[MeetingSeries]:
    """Return the series of the group that go on and meet every so many weeks."""
    return [
        series for series in active_series(group, viewer) if series.frequency == Frequency.WEEKLY
    ]
