"""Two officers, or an officer and a member, at one poll at once."""

from common.errors import WrongState
from tests import factories
from tests.committed import together
from tests.meetings.test_series_races import group_with_two_chairs
from workinggroups.meetings import actions
from workinggroups.meetings.models import Attendance, Meeting, OptionAnswer, TimePoll


def test_of_two_who_choose_at_once_one_wins_and_one_meeting_is_scheduled(
    committed_db: str,
) -> None:
    group, chair, other = group_with_two_chairs()
    poll = factories.time_poll(group)
    first, second = poll.options.all()

    outcomes = together(
        lambda: actions.decide_poll(actor=chair, poll=poll, option=first),
        lambda: actions.decide_poll(actor=other, poll=poll, option=second),
    )

    assert sum(isinstance(one, TimePoll) for one in outcomes) == 1
    assert sum(isinstance(one, WrongState) for one in outcomes) == 1
    assert Meeting.objects.count() == 1
    assert poll.options.filter(is_chosen=True).count() == 1


def test_an_answer_comes_before_the_choice_or_is_refused(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    for _round in range(10):
        poll = factories.time_poll(group)
        option = poll.options.all()[0]

        answered, decided = together(
            lambda poll=poll, option=option: actions.answer_poll(
                actor=other, poll=poll, answers={option.uuid: "yes"}
            ),
            lambda poll=poll, option=option: actions.decide_poll(
                actor=chair, poll=poll, option=option
            ),
        )

        assert isinstance(decided, TimePoll)
        coming = Attendance.objects.filter(meeting=decided.meeting, person=other).exists()
        assert coming is not isinstance(answered, WrongState)


def test_a_double_tap_answers_once(committed_db: str) -> None:
    group, chair, _other = group_with_two_chairs()
    poll = factories.time_poll(group)
    answers = {option.uuid: "yes" for option in poll.options.all()}

    outcomes = together(*[lambda: actions.answer_poll(actor=chair, poll=poll, answers=answers)] * 3)

    assert all(isinstance(one, TimePoll) for one in outcomes)
    assert OptionAnswer.objects.count() == 2


def test_two_periodic_tasks_remind_once(committed_db: str) -> None:
    from notifications.models import Event

    group, _chair, _other = group_with_two_chairs()
    factories.time_poll(
        group, answers_due_on=factories.ago(days=3).date(), created_at=factories.ago(days=9)
    )

    assert together(actions.remind_of_polls, actions.remind_of_polls) == [1, 1]
    assert Event.objects.filter(kind="time_poll_over").count() == 1
