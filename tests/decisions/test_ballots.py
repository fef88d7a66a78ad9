"""The life of a ballot: announced, opened, taken back, closed, stated."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from tests import factories
from tests.factories import ballots
from workinggroups.decisions import ballot_states
from workinggroups.decisions.actions import (
    announce_ballot,
    close_due_ballots,
    close_early,
    edit_ballot,
    open_ballot,
    recall_ballot,
    recuse,
    state_due_results,
    state_result,
    void_ballot,
    withdraw_announcement,
)
from workinggroups.decisions.choices import BallotEvent, BallotState
from workinggroups.decisions.models import Ballot, Decision
from workinggroups.groups.voting_rules import VotingRules


@pytest.fixture
def voters(group):
    return ballots.voters(group, 3)


@pytest.fixture
def draft(group, chair, voters):
    return ballots.draft(chair, group)


@pytest.fixture
def ballot(group, chair, voters):
    return ballots.opened(chair, group)


@pytest.fixture
def rules(monkeypatch, group):
    """Put voting rules in force in the group: `rules(quorum="majority")`."""

    def put(**rules):
        return factories.charter(group, state="adopted", voting=VotingRules(**rules).as_json())

    return put


def closed(ballot: Ballot) -> Ballot:
    ballots.shift(ballot, days=7)
    close_due_ballots()
    ballot.refresh_from_db()
    return ballot


# How to bring a ballot into each state, and to try each event.
EVENTS = {
    BallotEvent.ANNOUNCED: lambda chair, ballot: announce_ballot(actor=chair, ballot=ballot),
    BallotEvent.WITHDRAWN: lambda chair, ballot: withdraw_announcement(
        actor=chair, ballot=ballot, reason="Not yet."
    ),
    BallotEvent.OPENED: lambda chair, ballot: open_ballot(
        actor=chair, ballot=ballot, previewed=ballots.digest(ballot)
    ),
    BallotEvent.RECALLED: lambda chair, ballot: recall_ballot(
        actor=chair, ballot=ballot, reason="By mistake."
    ),
    BallotEvent.CLOSED_EARLY: lambda chair, ballot: close_early(actor=chair, ballot=ballot),
    BallotEvent.STATED: lambda chair, ballot: state_result(
        actor=chair, ballot=ballot, statement="The plan is adopted."
    ),
    BallotEvent.VOIDED: lambda chair, ballot: void_ballot(
        actor=chair, ballot=ballot, reason="The text was the wrong one."
    ),
}


def in_state(state: str, chair, group, voters) -> Ballot:
    ballot = ballots.draft(chair, group)
    if state == "draft":
        return ballot
    if state == "void":
        return void_ballot(actor=chair, ballot=ballot, reason="Superfluous.")
    if state == "announced":
        return announce_ballot(actor=chair, ballot=ballot)
    ballot = open_ballot(actor=chair, ballot=ballot, previewed=ballots.digest(ballot))
    if state == "open":
        return ballot
    ballot = closed(ballot)
    if state == "stated":
        return state_result(actor=chair, ballot=ballot, statement="Nobody voted.")
    return ballot


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", BallotState.values)
def test_an_event_happens_in_the_states_of_the_table_and_in_no_other(
    state, event, chair, group, voters
):
    ballot = in_state(state, chair, group, voters)
    if event == BallotEvent.CLOSED_EARLY and state == "open":
        for voter in voters:
            ballots.vote(voter, ballot)
        recuse(actor=chair, entry=ballots.entry_of(chair, ballot), reason="Own product.") if (
            ballot.roll.filter(people__person=chair).exists()
        ) else None
    transition = ballot_states.TRANSITIONS[event]

    if state in transition.sources:
        EVENTS[event](chair, ballot)
        ballot.refresh_from_db()
        assert ballot.state == transition.target
        assert ballot.steps.filter(event=event).count() >= 1
    else:
        with pytest.raises(WrongState):
            EVENTS[event](chair, ballot)
        ballot.refresh_from_db()
        assert ballot.state == state


@pytest.mark.parametrize("event", EVENTS)
def test_only_chairs_do_it(event, ballot, draft, member, secretary, outsider):
    for person in (member, secretary, outsider):
        with pytest.raises(NotAllowed, match="Only the chairs"):
            EVENTS[event](person, ballot)


def test_an_opened_ballot_has_the_roll_that_its_chair_was_shown(draft, chair, group, voters):
    shown = ballots.digest(draft)
    ballots.voters(group, 1)

    with pytest.raises(Conflict, match="Who would vote has changed"):
        open_ballot(actor=chair, ballot=draft, previewed=shown)
    assert not draft.roll.exists()


def test_the_roll_stays_when_the_group_changes(ballot, group):
    before = list(ballot.roll.values_list("name", flat=True))
    ballots.voters(group, 2)

    assert list(ballot.roll.values_list("name", flat=True)) == before


def test_the_roll_copies_organization_people_positions_and_agreements(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)

    assert entry.organization.name == entry.name
    assert entry.people.get().person == voters[0]
    assert entry.people.get().role == "voter"
    assert (entry.kind, entry.country) == ("company", "CH")


def test_a_ballot_without_voters_does_not_open(group, chair):
    draft = ballots.draft(chair, group)

    with pytest.raises(WrongState, match="Nobody could vote"):
        open_ballot(actor=chair, ballot=draft, previewed=ballots.digest(draft))


def test_a_recalled_ballot_is_a_draft_without_a_roll_and_its_reason_stays(ballot, chair):
    recall_ballot(actor=chair, ballot=ballot, reason="Opened a day too early.")

    ballot.refresh_from_db()
    assert (ballot.state, ballot.opened_at, ballot.closes_at) == ("draft", None, None)
    assert not ballot.roll.exists()
    assert ballot.steps.last().reason == "Opened a day too early."


def test_a_ballot_with_a_vote_is_not_recalled(ballot, chair, voters):
    ballots.vote(voters[0], ballot)

    with pytest.raises(WrongState, match="only declare the ballot void"):
        recall_ballot(actor=chair, ballot=ballot, reason="By mistake.")


def test_a_void_ballot_keeps_its_votes_and_decides_nothing(ballot, chair, voters):
    ballots.vote(voters[0], ballot)
    void_ballot(actor=chair, ballot=ballot, reason="The text was the wrong one.")

    assert ballot.votes.count() == 1
    assert not Decision.objects.exists()


@pytest.mark.parametrize("event", [BallotEvent.RECALLED, BallotEvent.VOIDED])
def test_taking_back_needs_a_reason(event, ballot, chair):
    act = recall_ballot if event == BallotEvent.RECALLED else void_ballot

    with pytest.raises(Invalid, match="Give a reason"):
        act(actor=chair, ballot=ballot, reason="  ")


def test_a_ballot_closes_at_its_time_and_once(ballot, voters):
    ballots.vote(voters[0], ballot)
    ballots.shift(ballot, days=7)

    assert (close_due_ballots(), close_due_ballots()) == (1, 0)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result) == ("closed", "passed")
    assert ballot.closed_at == ballot.closes_at


def test_a_ballot_does_not_close_before_its_time(ballot):
    ballots.shift(ballot, days=6, hours=23, minutes=59)

    assert close_due_ballots() == 0


def test_a_tie_is_not_passed(ballot, voters, chair):
    ballots.vote(voters[0], ballot, "for")
    ballots.vote(voters[1], ballot, "against")

    assert closed(ballot).result == "failed"


def test_it_closes_early_only_when_everybody_has_voted(ballot, chair, voters):
    ballots.vote(voters[0], ballot)

    with pytest.raises(WrongState, match="only when everybody"):
        close_early(actor=chair, ballot=ballot)


def test_the_stated_result_is_a_decision_of_the_register(ballot, chair, voters):
    ballots.vote(voters[0], ballot, "for")
    ballots.vote(voters[1], ballot, "for")
    ballots.vote(voters[2], ballot, "against")
    state_result(actor=chair, ballot=closed(ballot), statement="Adopted with one against.")

    decision = Decision.objects.get()
    assert (decision.title, decision.method) == ("Adopt the plan", "ballot")
    assert (decision.votes_for, decision.votes_against) == (2, 1)
    assert (decision.outcome, decision.unit) == ("adopted", "organizations")
    assert decision.ballot == ballot


def test_a_ballot_that_did_not_pass_is_a_rejected_proposal(ballot, chair, voters):
    ballots.vote(voters[0], ballot, "against")
    state_result(actor=chair, ballot=closed(ballot), statement="Not adopted.")

    assert Decision.objects.get().outcome == "rejected"


def test_a_result_that_nobody_stated_is_stated_by_rule_after_a_week(ballot, voters):
    ballots.vote(voters[0], ballot, "for")
    closed(ballot)
    assert state_due_results() == 0
    ballots.shift(ballot, days=7)

    assert (state_due_results(), state_due_results()) == (1, 0)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.stated_by) == ("stated", None)
    decision = Decision.objects.get()
    assert decision.recorded_by is None
    assert "1 for" in decision.source or decision.source


def test_a_passed_charter_comes_into_force_with_the_statement(group, chair, voters):
    charter = factories.charter(group, state="draft")
    ballot = ballots.opened(chair, group, "Adopt the charter", charter_version=charter)
    ballots.vote(voters[0], ballot, "for")
    state_result(actor=chair, ballot=closed(ballot), statement="Adopted.")

    charter.refresh_from_db()
    assert charter.state == "adopted"
    assert charter.decision.ballot == ballot


def test_a_rejected_charter_stays_a_draft(group, chair, voters):
    charter = factories.charter(group, state="draft")
    ballot = ballots.opened(chair, group, "Adopt the charter", charter_version=charter)
    ballots.vote(voters[0], ballot, "against")
    state_result(actor=chair, ballot=closed(ballot), statement="Not adopted.")

    charter.refresh_from_db()
    assert charter.state == "draft"


def test_a_charter_is_not_edited_while_it_is_put_to_the_vote(group, chair, voters):
    from workinggroups.groups.actions import edit_charter

    charter = factories.charter(group, state="draft")
    ballots.opened(chair, group, "Adopt the charter", charter_version=charter)

    with pytest.raises(WrongState, match="is put to the vote"):
        edit_charter(
            actor=chair,
            charter=charter,
            source="Other words.",
            rules=charter.rules,
            expires_on=None,
            read_at=charter.edited_at.isoformat(),
        )


def test_edits_of_two_people_do_not_overwrite_each_other(draft, chair):
    read_at = draft.edited_at.isoformat()
    kept = {"source": "", "open_days": 7, "topic": None, "read_at": read_at}
    edit_ballot(actor=chair, ballot=draft, title="Adopt the second plan", **kept)

    with pytest.raises(Conflict):
        edit_ballot(actor=chair, ballot=draft, title="Adopt the third plan", **kept)


def test_missed_quorum_extends_once_by_rule_then_fails(group, chair, voters, rules):
    rules(quorum="majority", extension_days=5)
    ballot = ballots.opened(chair, group)
    ballots.vote(voters[0], ballot, "for")
    ballots.shift(ballot, days=7)

    close_due_ballots()
    ballot.refresh_from_db()
    assert (ballot.state, ballot.extended_at is not None) == ("open", True)
    assert ballot.closes_at > timezone.now() + timedelta(days=4)
    ballots.shift(ballot, days=6)
    close_due_ballots()

    ballot.refresh_from_db()
    assert (ballot.state, ballot.result) == ("closed", "no_quorum")


def test_the_notice_period_of_the_charter_is_kept(group, chair, voters, rules):
    rules(notice_days=14)
    draft = ballots.draft(chair, group)
    with pytest.raises(WrongState, match="notice of 14 days"):
        open_ballot(actor=chair, ballot=draft, previewed=ballots.digest(draft))
    announced = announce_ballot(actor=chair, ballot=draft)
    with pytest.raises(WrongState, match="not over yet"):
        open_ballot(actor=chair, ballot=announced, previewed=ballots.digest(announced))
    Ballot.objects.filter(pk=announced.pk).update(
        announced_at=F("announced_at") - timedelta(days=14)
    )

    opened = open_ballot(actor=chair, ballot=announced, previewed=ballots.digest(announced))

    assert opened.state == "open"


def test_the_rules_are_those_of_the_announcement(group, chair, voters, rules):
    announced = announce_ballot(actor=chair, ballot=ballots.draft(chair, group))
    rules(approval="two_thirds")

    opened = open_ballot(actor=chair, ballot=announced, previewed=ballots.digest(announced))

    assert opened.rules.approval == "more_than_half"


def test_the_record_has_what_was_asked_and_who_could_vote(ballot):
    facts = Record.objects.get(verb="opened", kind="ballot").facts

    assert ballot.question_sha256 in facts
    assert '"roll":3' in facts
