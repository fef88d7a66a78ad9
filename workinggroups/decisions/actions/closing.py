"""Closing ballots at their time, by the database's clock, and keeping their rolls true until then."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.access.grants import end_grants, grant_reading, move_grants
from common.errors import WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.decisions import ballot_states
from workinggroups.decisions.actions.ballot_search import index_ballot
from workinggroups.decisions.actions.ballots import add_step, database_now, lock_ballot
from workinggroups.decisions.choices import RESULT_READ_DAYS, BallotAct, BallotEvent, BallotResult
from workinggroups.decisions.counting import Outcome
from workinggroups.decisions.models import Ballot, RollEntry, RollPerson
from workinggroups.decisions.notifications import notify_of_ballot
from workinggroups.decisions.permissions import can_run_ballots
from workinggroups.decisions.queries.ballots import outcome_facts, outcome_of
from workinggroups.groups.actions.guards import lock_group


def close_due_ballots() -> int:
    """Close or extend each ballot whose time is over; return how many.

    Two runs at once close each once. A ballot that fails does not hold up the others.
    """
    due = list(Ballot.objects.due_to_close().order_by("closes_at").select_related("group"))
    return sum(close_if_due(ballot) for ballot in due)


def close_if_due(ballot: Ballot) -> bool:
    """Close the ballot, or extend it once by its rules where the quorum was missed; by rule.

    Returns False if another run was first.
    """
    with transaction.atomic():
        lock_group(ballot.group)
        ballot = lock_ballot(ballot)
        if not Ballot.objects.due_to_close().filter(pk=ballot.pk).exists():
            return False
        outcome = outcome_of(ballot)
        days = ballot.rules.extension_days
        if outcome.result == BallotResult.NO_QUORUM and days and ballot.extended_at is None:
            _extend(ballot, days)
        else:
            _close(ballot, outcome, BallotEvent.CLOSED, None)
    return True


def close_early(*, actor: Person, ballot: Ballot) -> Ballot:
    """Close the ballot before its time. WrongState unless all on the roll voted or stepped out."""
    with transaction.atomic():
        group = lock_group(ballot.group)
        can_run_ballots.require(viewer_for(actor.pk), group)
        ballot = lock_ballot(ballot)
        ballot_states.check(ballot, BallotEvent.CLOSED_EARLY)
        if RollEntry.objects.filter(ballot=ballot).without_vote().exists():
            raise WrongState(
                _("You can close early only when everybody on the roll has voted or stepped out.")
            )
        outcome = outcome_of(ballot, at=database_now())
        _close(ballot, outcome, BallotEvent.CLOSED_EARLY, actor)
    return ballot


def _close(ballot: Ballot, outcome: Outcome, event: BallotEvent, actor: Person | None) -> None:
    ballot_states.move(ballot, event)
    now = database_now()
    # What the rule counted up to: the closing time, however late the periodic task came.
    ballot.closed_at = min(now, ballot.closes_at) if ballot.closes_at else now
    ballot.result = outcome.result
    ballot.save(update_fields=["state", "closed_at", "result"])
    # The text and the topic are closed to them again; the result of their vote is not.
    end_grants(cause=ballot.uuid)
    grant_result(ballot)
    add_step(actor=actor, ballot=ballot, event=event)
    index_ballot(ballot)
    record(actor, BallotAct.CLOSED, ballot, facts=outcome_facts(outcome))
    notify_of_ballot(ballot, event, actor)


def grant_result(ballot: Ballot) -> None:
    """Let those on the roll read the ballot itself for some more days, to learn the result."""
    people = RollPerson.objects.filter(entry__ballot=ballot).values_list("person_id", flat=True)
    grant_reading(
        kind="ballot",
        uuid=ballot.uuid,
        group_id=ballot.group_id,
        person_ids=set(people),
        until=database_now() + timedelta(days=RESULT_READ_DAYS),
        cause=ballot.uuid,
    )


def _extend(ballot: Ballot, days: int) -> None:
    ballot_states.move(ballot, BallotEvent.EXTENDED)
    assert ballot.closes_at
    ballot.extended_at = database_now()
    # From now on where the task came late, so that nobody is given less time than promised.
    ballot.closes_at = max(ballot.closes_at, ballot.extended_at) + timedelta(days=days)
    ballot.save(update_fields=["extended_at", "closes_at"])
    move_grants(cause=ballot.uuid, until=ballot.closes_at)
    add_step(actor=None, ballot=ballot, event=BallotEvent.EXTENDED)
    record(None, BallotAct.EXTENDED, ballot, facts={"closes_at": ballot.closes_at})
    notify_of_ballot(ballot, BallotEvent.EXTENDED, None)
