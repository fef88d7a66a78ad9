"""Stating the result of a closed ballot: a decision on record, and what follows from it."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import days
from common.access import viewer_for
from common.errors import DomainError, Invalid
from common.links.actions import link
from common.record.actions import record
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.decisions import ballot_states, effects
from workinggroups.decisions.actions.ballot_search import index_ballot
from workinggroups.decisions.actions.ballots import add_step, database_now, lock_ballot
from workinggroups.decisions.actions.decisions import (
    build_decision,
    decision_facts,
    index_decision,
)
from workinggroups.decisions.choices import (
    STATED_BY_RULE_DAYS,
    BallotAct,
    BallotEvent,
    BallotResult,
    BallotState,
    DecisionAct,
    Method,
    Unit,
)
from workinggroups.decisions.choices import Outcome as DecisionOutcome
from workinggroups.decisions.counting import Outcome
from workinggroups.decisions.counting_words import in_words
from workinggroups.decisions.models import Ballot, Decision
from workinggroups.decisions.notifications import notify_of_ballot
from workinggroups.decisions.permissions import can_run_ballots
from workinggroups.decisions.queries.ballots import outcome_facts, outcome_of
from workinggroups.decisions.tally import Tally
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.choices import VotingUnit

logger = logging.getLogger(__name__)


def state_result(*, actor: Person, ballot: Ballot, statement: str) -> Ballot:
    """State the computed result in words; a decision is recorded and takes effect, or is rejected.

    The words can explain the result, never change it. Raises NotAllowed, WrongState unless the
    ballot is closed, Invalid for a statement without words.
    """
    statement = statement.strip()
    refuse_unseen(statement=statement)
    if not statement:
        raise Invalid(_("State the result in words."), "statement")
    with transaction.atomic():
        group = lock_group(ballot.group)
        can_run_ballots.require(viewer_for(actor.pk), group)
        ballot = lock_ballot(ballot)
        _state(ballot, statement, actor)
    return ballot


def state_due_results() -> int:
    """State by rule each result that the chairs left unstated for a week; return how many.

    A ballot whose effect is refused, such as a text that was withdrawn, does not hold up the others;
    it is tried again with the next run, and its page says why.
    """
    due = Ballot.objects.filter(
        state=BallotState.CLOSED, closed_at__lte=Now() - timedelta(days=STATED_BY_RULE_DAYS)
    )
    return sum(_state_by_rule(ballot) for ballot in due.select_related("group").order_by("pk"))


def _state_by_rule(ballot: Ballot) -> bool:
    try:
        with transaction.atomic():
            lock_group(ballot.group)
            ballot = lock_ballot(ballot)
            if ballot.state != BallotState.CLOSED:
                return False
            _state(ballot, "", None)
    except DomainError as refusal:
        logger.warning("Ballot %s is not stated by rule: %s", ballot.uuid, refusal.message)
        return False
    return True


def _state(ballot: Ballot, statement: str, actor: Person | None) -> None:
    """Record the decision and carry it out. The caller holds the locks of group and ballot."""
    ballot_states.move(ballot, BallotEvent.STATED)
    outcome = outcome_of(ballot)
    has_passed = outcome.result == BallotResult.PASSED
    if has_passed:
        effects.check(ballot)
    decision = _decision_of(ballot, outcome, statement, actor)
    decision.save(force_insert=True)
    ballot.stated_at, ballot.stated_by = database_now(), actor
    ballot.statement, ballot.decision = statement, decision
    ballot.save(update_fields=["state", "stated_at", "stated_by", "statement", "decision"])
    _link(ballot, decision, actor)
    record(actor, DecisionAct.RECORDED, decision, facts=decision_facts(decision))
    facts = outcome_facts(outcome) | {"decision": decision.uuid}
    record(actor, BallotAct.STATED, ballot, facts=facts)
    if has_passed:
        effects.apply(ballot, decision, actor)
    else:
        effects.reject(ballot, decision, actor)
    add_step(actor=actor, ballot=ballot, event=BallotEvent.STATED)
    index_decision(decision)
    index_ballot(ballot)
    notify_of_ballot(ballot, BallotEvent.STATED, actor)


def _decision_of(
    ballot: Ballot, outcome: Outcome, statement: str, actor: Person | None
) -> Decision:
    assert ballot.closed_at
    has_passed = outcome.result == BallotResult.PASSED
    by_organization = ballot.rules.unit == VotingUnit.ORGANIZATIONS
    unit = Unit.ORGANIZATIONS if by_organization else Unit.PEOPLE
    return build_decision(
        group=ballot.group,
        number=Decision.objects.next_number(ballot.group),
        title=ballot.title,
        source=statement or " ".join(in_words(outcome)),
        html="",
        method=Method.BALLOT,
        outcome=DecisionOutcome.ADOPTED if has_passed else DecisionOutcome.REJECTED,
        counts=Tally(outcome.votes_for, outcome.votes_against, outcome.abstentions, unit),
        decided_on=days.today_in(_zone_of(ballot), ballot.closed_at),
        decided_at=ballot.closed_at,
        charter_version=ballot.charter_version if has_passed else None,
        subject=ballot.subject if has_passed else None,
        is_by_hand=False,
        recorded_by=actor,
        recorded_at=database_now(),
    )


def _zone_of(ballot: Ballot) -> str:
    """Return the zone in which its closing has a day: that of the chair who opened it."""
    return ballot.opened_by.zone if ballot.opened_by else "UTC"


def _link(ballot: Ballot, decision: Decision, actor: Person | None) -> None:
    """Link the decision to its ballot, and to what it adopts or approves."""
    source = ("decision", decision.uuid)
    targets = {"decided_by": ("ballot", ballot.uuid)}
    if decision.charter_version:
        targets["adopts"] = ("charter", decision.charter_version.uuid)
    if decision.subject_uuid:
        targets["approves"] = (decision.subject_kind, decision.subject_uuid)
    for relation, target in targets.items():
        link(
            actor_uuid=actor.uuid if actor else None,
            source=source,
            relation=relation,
            target=target,
        )
