"""Two runs of the periodic task at once notify nobody twice."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from notifications.models import Event
from tests import factories
from tests.committed import together
from tests.meetings.test_series_races import group_with_two_chairs
from workinggroups.meetings import actions
from workinggroups.meetings.clock_changes import shifts_of
from workinggroups.meetings.models import MeetingSeries


def test_two_runs_at_once_notify_each_person_once(committed_db: str, monkeypatch: Any) -> None:
    group, chair, _other = group_with_two_chairs()
    organization = factories.organization("Large")
    for number in range(30):
        person = factories.member_of(organization, f"Person {number}", zone="America/New_York")
        factories.seat(group, person)
    factories.meeting_series(group, zone="Africa/Lagos", interval=1, created_by=chair)
    series = MeetingSeries.objects.get()
    from zoneinfo import ZoneInfo

    now = timezone.now()
    shift = shifts_of(series, ZoneInfo("America/New_York"), now, now + timedelta(days=400))[0]
    moment = shift.first - timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: moment)

    outcomes = together(*[actions.notify_of_clock_changes] * 3)

    assert sum(outcomes) == 30
    assert Event.objects.filter(kind="clocks_change").count() == 30
