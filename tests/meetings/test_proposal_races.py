"""Two people, or a person and a periodic task, at one proposed item at once."""

from common.errors import WrongState
from tests import factories
from tests.committed import together
from tests.meetings.test_proposals import ended, later_in
from tests.meetings.test_series_races import group_with_two_chairs
from workinggroups.meetings import actions
from workinggroups.meetings.models import AgendaItem, AgendaProposal


def test_of_two_officers_who_accept_one_wins_and_there_is_one_item(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    meeting = factories.meeting(group)
    proposal = factories.agenda_proposal(meeting, chair)

    outcomes = together(
        *(
            lambda actor=actor: actions.accept_proposal(actor=actor, proposal=proposal, version=1)
            for actor in (chair, other)
        )
    )

    assert sum(isinstance(one, AgendaItem) for one in outcomes) == 1
    assert sum(isinstance(one, WrongState) for one in outcomes) == 1
    assert meeting.agenda.count() == 1


def test_accepted_and_withdrawn_at_once_is_one_of_them(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    for _round in range(10):
        meeting = factories.meeting(group)
        proposal = factories.agenda_proposal(meeting, other)

        accepted, withdrawn = together(
            lambda proposal=proposal: actions.accept_proposal(
                actor=chair, proposal=proposal, version=1
            ),
            lambda proposal=proposal: actions.withdraw_proposal(actor=other, proposal=proposal),
        )

        assert isinstance(accepted, WrongState) != isinstance(withdrawn, WrongState)
        proposal.refresh_from_db()
        assert proposal.state == ("withdrawn" if isinstance(accepted, WrongState) else "accepted")
        assert meeting.agenda.count() == (proposal.state == "accepted")


def test_two_periodic_tasks_move_a_proposal_once(committed_db: str) -> None:
    group, chair, _other = group_with_two_chairs()
    series = factories.meeting_series(group)
    first, second = series.meetings.get(), later_in(series)
    later_in(series)
    proposal = factories.agenda_proposal(ended(first), chair)

    moved = together(actions.move_open_proposals, actions.move_open_proposals)

    assert sorted(moved) == [0, 1]
    proposal.refresh_from_db()
    assert (proposal.meeting, proposal.moved_from) == (second, first)


def test_a_cancelled_meeting_and_an_answer_lose_nothing(committed_db: str) -> None:
    group, chair, other = group_with_two_chairs()
    series = factories.meeting_series(group)
    for _round in range(10):
        meeting, following = later_in(series), later_in(series)
        proposal = factories.agenda_proposal(meeting, other)

        _cancelled, declined = together(
            lambda meeting=meeting: actions.cancel_meeting(
                actor=chair, meeting=meeting, reason="Holiday"
            ),
            lambda proposal=proposal: actions.decline_proposal(
                actor=chair, proposal=proposal, reason="No."
            ),
        )

        proposal.refresh_from_db()
        if isinstance(declined, AgendaProposal):
            assert (proposal.state, proposal.meeting) == ("declined", meeting)
        else:
            assert isinstance(declined, WrongState)
            assert (proposal.state, proposal.meeting) == ("open", following)
