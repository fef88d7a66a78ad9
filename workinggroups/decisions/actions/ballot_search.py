"""Letting search find ballots."""

from common.search.actions import entries_of, remove, store
from common.search.models import SearchEntry
from common.text.markdown import plain_blocks
from workinggroups.decisions.choices import BallotState
from workinggroups.decisions.models import Ballot
from workinggroups.groups.search import about


def index_ballot(ballot: Ballot) -> None:
    """Let search find the ballot; a draft is found by nobody."""
    if ballot.state == BallotState.DRAFT:
        remove(kind="ballot", uuid=ballot.uuid)
    else:
        store(ballot_entries(ballot))


def ballot_entries(ballot: Ballot) -> list[SearchEntry]:
    """Return the unsaved search entries of the ballot."""
    return entries_of(
        kind="ballot",
        uuid=ballot.uuid,
        title=str(ballot),
        body=f"{plain_blocks(ballot.html)}\n\n{ballot.statement}",
        url=ballot.get_absolute_url(),
        level=ballot.level,
        group_id=ballot.group_id,
        at=ballot.opened_at or ballot.announced_at or ballot.created_at,
        about=["Ballot", *about(ballot.group, ballot.level)],
    )
