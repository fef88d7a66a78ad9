"""Every change of decisions and ballots, by subject. Other apps call them from here."""

from workinggroups.decisions.actions.ballot_search import ballot_entries, index_ballot
from workinggroups.decisions.actions.ballots import (
    announce_ballot,
    draft_ballot,
    edit_ballot,
    recall_ballot,
    void_ballot,
    withdraw_announcement,
)
from workinggroups.decisions.actions.closing import close_due_ballots, close_early, close_if_due
from workinggroups.decisions.actions.decisions import (
    build_decision,
    decision_entries,
    decision_facts,
    index_decision,
    record_decision,
)
from workinggroups.decisions.actions.opening import open_ballot
from workinggroups.decisions.actions.rolls import keep_rolls, remind_voters
from workinggroups.decisions.actions.stating import state_due_results, state_result
from workinggroups.decisions.actions.voting import cast_vote, recuse, return_to_vote
