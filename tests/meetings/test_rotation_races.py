"""Two officers who schedule a rotation in the place of one series at once."""

from common.errors import Conflict
from tests.committed import together
from tests.meetings.test_rotations import all_rows, rotated, turns
from tests.meetings.test_series import in_days, planned, rows
from tests.meetings.test_series_races import group_with_two_chairs
from workinggroups.meetings import actions
from workinggroups.meetings.models import MeetingSeries


def test_of_two_rotations_one_takes_the_place_and_no_meeting_is_doubled(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    before = rows(series)

    outcomes = together(
        *(
            lambda actor=actor: rotated(
                actor, group, times=turns(first=10), replaces=series, sequence=0
            )
            for actor in (chair, other)
        )
    )

    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    assert [row.pk for row in all_rows()] == [row.pk for row in before]
    assert MeetingSeries.objects.count() == 4
    assert rows(series)[-1].local_date == in_days(3)


def test_a_rotation_and_the_periodic_task_make_nothing_twice(committed_db: str) -> None:
    group, chair, _other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    count = len(rows(series))

    together(
        lambda: rotated(chair, group, replaces=series, sequence=0),
        actions.extend_series,
        actions.extend_series,
    )
    actions.extend_series()

    dates = [row.local_date for row in all_rows()]
    assert len(dates) == len(set(dates)) == count
