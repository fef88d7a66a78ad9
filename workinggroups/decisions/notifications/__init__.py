"""What people are notified of by the register of decisions and by ballots."""

from notifications.registry import register
from workinggroups.decisions.notifications.ballots import (
    BallotAnnounced,
    BallotChanged,
    BallotClosed,
    BallotOpened,
    BallotStated,
    notify_of_ballot,
)
from workinggroups.decisions.notifications.decisions import DecisionRecorded
from workinggroups.decisions.notifications.votes import (
    SteppedOut,
    VoteCastByColleague,
    VoteMissing,
    VoteReceipt,
    VoteWanted,
    notify_of_recusal,
    notify_of_vote,
)


def register_notifications() -> None:
    """Called from `apps.ready`."""
    register(DecisionRecorded)
    register(BallotAnnounced)
    register(BallotOpened)
    register(BallotChanged)
    register(BallotClosed)
    register(BallotStated)
    register(VoteWanted)
    register(VoteMissing)
    register(VoteReceipt)
    register(VoteCastByColleague)
    register(SteppedOut)
