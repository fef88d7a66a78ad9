"""Two people, or a person and the periodic task, at one series at once."""

from datetime import time, timedelta

from common.errors import Conflict
from members.people.models import Person
from tests import factories
from tests.committed import together
from tests.meetings.test_series import details_of, planned, rows
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, Meeting, MeetingSeries


def group_with_two_chairs() -> tuple[Group, Person, Person]:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", preset="listed", chair=chair)
    other = factories.member_of(organization, "Cora Cochair")
    factories.seat(group, other, office="co_chair")
    return group, chair, other


def test_of_two_who_change_a_series_one_wins_and_nothing_is_doubled(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    before = rows(series)
    start = before[1]

    outcomes = together(
        *(
            lambda actor=actor, at=at: actions.change_series(
                actor=actor, **details_of(series, start, local_time=at)
            )
            for actor, at in ((chair, time(9)), (other, time(20)))
        )
    )

    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    assert sum(isinstance(one, MeetingSeries) for one in outcomes) == 1
    assert set(Meeting.objects.values_list("pk", flat=True)) == {row.pk for row in before}
    assert len({row.local_time for row in Meeting.objects.exclude(pk=before[0].pk)}) == 1


def test_what_is_done_to_one_meeting_meanwhile_is_kept(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    start, cancelled, answered, *_rest = rows(series)

    outcomes = together(
        lambda: actions.change_series(actor=chair, **details_of(series, start, local_time=time(9))),
        lambda: actions.cancel_meeting(actor=other, meeting=cancelled, reason="Holiday."),
        lambda: actions.answer_meeting(actor=other, meeting=answered, is_coming=True),
        lambda: actions.add_agenda_item(actor=other, meeting=answered, title="Budget"),
    )

    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    cancelled.refresh_from_db()
    answered.refresh_from_db()
    assert (cancelled.state, cancelled.cancelled_reason) == ("cancelled", "Holiday.")
    assert f"{answered.local_time:%H:%M}" == "09:00"
    assert Attendance.objects.get(meeting=answered).state == "coming"
    assert answered.agenda.get().title == "Budget"


def test_two_periodic_tasks_make_and_number_nothing_twice(committed_db: str) -> None:
    group, chair, _other = group_with_two_chairs()
    series = planned(chair, group, interval=1)
    count = len(rows(series))
    MeetingSeries.objects.update(made_until=rows(series)[-4].local_date)
    first, second = rows(series)[:2]
    for row in (first, second):
        row.starts_at -= timedelta(days=60)
        row.ends_at -= timedelta(days=60)
        row.save()

    outcomes = together(
        actions.extend_series, actions.extend_series,
        actions.number_begun_meetings, actions.number_begun_meetings,
    )  # fmt: skip

    assert sorted(outcomes) == [0, 0, 0, 2]
    assert len(rows(series)) == count
    numbers = Meeting.objects.exclude(number=None).order_by("starts_at")
    assert list(numbers.values_list("number", flat=True)) == [1, 2]
