"""Casting votes, changing them, and stepping out."""

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.times import ended
from members.organizations.models import Affiliation, Membership
from notifications.models import Event
from tests import factories
from tests.factories import ballots
from workinggroups.decisions.actions import cast_vote, close_due_ballots, recuse, return_to_vote
from workinggroups.decisions.models import RollEntry, Vote


@pytest.fixture
def voters(group):
    return ballots.voters(group, 3)


@pytest.fixture
def ballot(group, chair, voters):
    return ballots.opened(chair, group)


def test_a_vote_is_counted_once_and_on_record(ballot, voters):
    vote = ballots.vote(voters[0], ballot, "against", reason="The costs are not known.")

    assert ballot.votes.counted().get() == vote
    assert (vote.position, vote.role) == ("against", "voter")
    facts = Record.objects.get(verb="voted").facts
    assert str(vote.uuid) in facts
    assert "costs" not in facts


def test_the_same_vote_twice_is_one_vote(ballot, voters):
    first = ballots.vote(voters[0], ballot, "for")
    second = ballots.vote(voters[0], ballot, "for")

    assert first == second
    assert Vote.objects.count() == 1


def test_a_vote_can_be_changed_and_both_stay_on_record(ballot, voters):
    first = ballots.vote(voters[0], ballot, "for")
    second = ballots.vote(voters[0], ballot, "against", replaces=first.uuid)

    assert list(ballot.votes.counted()) == [second]
    assert ballot.votes.count() == 2
    first.refresh_from_db()
    assert first.superseded_at == second.cast_at


def test_the_first_vote_of_an_organization_stands_until_a_colleague_who_saw_it_changes_it(
    group, chair, voters
):
    organization = factories.organization("Twice Limited")
    voter, alternate = (factories.member_of(organization) for _each in range(2))
    factories.represent(voter, organization)
    factories.represent(alternate, organization, role="alternate")
    factories.seat(group, voter)
    ballot = ballots.opened(chair, group)
    first = ballots.vote(voter, ballot, "for")

    with pytest.raises(Conflict, match="has voted for Twice Limited in the meantime: For"):
        ballots.vote(alternate, ballot, "against")
    changed = ballots.vote(alternate, ballot, "against", replaces=first.uuid)

    assert list(ballot.votes.filter(superseded_at=None)) == [changed]
    assert changed.role == "alternate"
    assert Event.objects.filter(kind="vote_cast_by_colleague").count() == 2


def test_a_discuss_needs_a_reason(ballot, voters):
    with pytest.raises(Invalid, match="what has to be discussed"):
        ballots.vote(voters[0], ballot, "discuss")


def test_an_unknown_position_is_refused(ballot, voters):
    with pytest.raises(Invalid, match="Choose how you vote"):
        ballots.vote(voters[0], ballot, "maybe")


def test_nobody_votes_for_another_organization(ballot, voters, chair):
    entry = ballots.entry_of(voters[0], ballot)

    for stranger in (voters[1], chair):
        with pytest.raises(NotAllowed, match="Only the people whom the roll names"):
            cast_vote(actor=stranger, entry=entry, position="for")
    assert not Vote.objects.exists()


def test_who_left_the_organization_votes_for_it_no_more(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)
    affiliation = Affiliation.objects.get(person=voters[0])
    affiliation.during = ended(affiliation.during)
    affiliation.save()

    with pytest.raises(NotAllowed):
        cast_vote(actor=voters[0], entry=entry, position="for")


def test_an_organization_that_is_suspended_does_not_vote(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)
    Membership.objects.filter(organization=entry.organization).update(status="suspended")

    with pytest.raises(NotAllowed):
        cast_vote(actor=voters[0], entry=entry, position="for")


def test_no_vote_counts_after_the_closing_time_though_no_task_has_run(ballot, voters):
    ballots.shift(ballot, days=7)

    with pytest.raises(WrongState, match="has closed"):
        ballots.vote(voters[0], ballot)


def test_no_vote_counts_in_a_closed_ballot(ballot, voters):
    ballots.shift(ballot, days=7)
    close_due_ballots()

    with pytest.raises(WrongState):
        ballots.vote(voters[0], ballot)


def test_stepping_out_leaves_the_base_and_drops_the_vote(ballot, voters):
    ballots.vote(voters[0], ballot, "for")
    entry = recuse(
        actor=voters[0], entry=ballots.entry_of(voters[0], ballot), reason="We sell the product."
    )

    assert not ballot.votes.counted().exists()
    assert entry not in ballot.roll.counting()
    with pytest.raises(WrongState, match="has stepped out"):
        ballots.vote(voters[0], ballot)


def test_who_stepped_out_can_step_in_again_and_vote(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)
    recuse(actor=voters[0], entry=entry, reason="We sell the product.")
    return_to_vote(actor=voters[0], entry=entry)

    ballots.vote(voters[0], ballot)

    assert ballot.votes.counted().count() == 1


def test_stepping_out_needs_the_interest(ballot, voters):
    with pytest.raises(Invalid, match="which interest"):
        recuse(actor=voters[0], entry=ballots.entry_of(voters[0], ballot), reason=" ")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM decisions_vote",
        "UPDATE decisions_vote SET position = 'against'",
        "UPDATE decisions_vote SET superseded_at = NULL",
        "DELETE FROM decisions_rollentry",
        "UPDATE decisions_rollentry SET name = 'Somebody else'",
        "DELETE FROM decisions_rollperson",
        "UPDATE decisions_rollperson SET person_id = (SELECT max(id) FROM people_person)",
        "UPDATE decisions_ballot SET title = 'Another question'",
        "UPDATE decisions_ballot SET rules_json = '{}'",
        "UPDATE decisions_ballot SET state = 'draft'",
        "DELETE FROM decisions_ballot",
        "UPDATE decisions_ballotstep SET reason = 'Another one'",
        "DELETE FROM decisions_ballotstep",
    ],
)
def test_the_database_keeps_what_an_open_ballot_fixed(ballot, voters, statement):
    first = ballots.vote(voters[0], ballot, "for")
    ballots.vote(voters[0], ballot, "abstain", replaces=first.uuid)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_second_counted_vote(ballot, voters):
    vote = ballots.vote(voters[0], ballot, "for")

    with pytest.raises(IntegrityError, match="vote_counted_once"), transaction.atomic():
        Vote.objects.create(
            ballot=ballot,
            entry=vote.entry,
            position="against",
            cast_by=voters[0],
            role="voter",
            cast_at=vote.cast_at,
        )


def test_the_database_refuses_a_vote_after_the_closing_time(ballot, voters):
    entry = ballots.entry_of(voters[0], ballot)
    ballots.shift(ballot, days=7)

    with pytest.raises(IntegrityError, match="No vote counts"), transaction.atomic():
        Vote.objects.create(
            ballot=ballot,
            entry=entry,
            position="for",
            cast_by=voters[0],
            role="voter",
            cast_at=ballot.opened_at,
        )


def test_the_database_refuses_a_vote_with_an_entry_of_another_ballot(ballot, chair, group, voters):
    other = RollEntry.objects.filter(ballot=ballots.opened(chair, group, "Another")).first()

    with pytest.raises(IntegrityError, match="no vote in the ballot"), transaction.atomic():
        Vote.objects.create(
            ballot=ballot,
            entry=other,
            position="for",
            cast_by=voters[0],
            role="voter",
            cast_at=ballot.opened_at,
        )
