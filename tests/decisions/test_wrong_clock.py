"""The clock of a worker or web process is an hour wrong: closing follows the database's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import WrongState
from tests.factories import ballots
from workinggroups.decisions.actions import (
    announce_ballot,
    close_due_ballots,
    open_ballot,
    state_result,
)

HOUR = timedelta(hours=1)
_real_now = timezone.now


@pytest.fixture(params=[-HOUR, HOUR], ids=["an hour behind", "an hour ahead"])
def wrong_clock(request, monkeypatch):
    """Set the clock of this process, which Django asks, an hour wrong."""
    monkeypatch.setattr(timezone, "now", lambda: _real_now() + request.param)


def test_a_ballot_closes_at_its_time_and_counts_all_votes(group, chair, wrong_clock):
    voters = ballots.voters(group, 3)
    ballot = ballots.opened(chair, group)
    for voter in voters:
        ballots.vote(voter, ballot)

    ballots.shift(ballot, days=6, hours=23, minutes=59)
    assert close_due_ballots() == 0
    ballots.shift(ballot, minutes=1)
    assert close_due_ballots() == 1

    ballot.refresh_from_db()
    state_result(actor=chair, ballot=ballot, statement="Adopted.")
    ballot.refresh_from_db()
    assert (ballot.result, ballot.decision.votes_for) == ("passed", 3)


def test_a_vote_counts_until_the_closing_and_not_after(group, chair, wrong_clock):
    voters = ballots.voters(group, 2)
    ballot = ballots.opened(chair, group)

    ballots.shift(ballot, days=6, hours=23, minutes=59)
    ballots.vote(voters[0], ballot)
    ballots.shift(ballot, minutes=1)
    with pytest.raises(WrongState, match="has closed"):
        ballots.vote(voters[1], ballot)


def test_what_happened_stands_in_its_order(group, chair, wrong_clock):
    ballots.voters(group, 1)
    ballot = announce_ballot(actor=chair, ballot=ballots.draft(chair, group))
    ballot = open_ballot(actor=chair, ballot=ballot, previewed=ballots.digest(ballot))

    first, second = ballot.steps.all()
    assert (first.event, second.event) == ("announced", "opened")
    assert abs(second.at - _real_now()) < timedelta(minutes=5)
