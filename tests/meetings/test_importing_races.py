"""Two officers who import the same series at once."""

from common.errors import Conflict
from tests.committed import together
from tests.meetings.test_importing import imported, near
from tests.meetings.test_series_races import group_with_two_chairs
from workinggroups.meetings.models import MeetingSeries


def test_of_two_who_import_one_series_one_is_told(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    text = near("RRULE:FREQ=WEEKLY")

    outcomes = together(lambda: imported(chair, group, text), lambda: imported(other, group, text))

    assert sum(isinstance(one, Conflict) for one in outcomes) == 1, outcomes
    assert MeetingSeries.objects.count() == 1
