"""Votes of one organization at the same moment, and around the closing second."""

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from common.errors import Conflict, WrongState
from tests import factories
from tests.committed import together
from tests.factories import ballots
from workinggroups.decisions.actions import cast_vote, close_due_ballots, recall_ballot
from workinggroups.decisions.models import Ballot, RollEntry, Vote

pytestmark = pytest.mark.race

ROUNDS = int(os.environ.get("VOTE_ROUNDS", "8"))
CONNECTIONS = int(os.environ.get("VOTE_CONNECTIONS", "12"))


def cast_of(number: int) -> tuple:
    """A group with one organization that has so many people on the roll, and its open ballot."""
    chair = factories.member_of(factories.organization())
    group = factories.group(chair=chair)
    organization = factories.organization()
    people = [factories.member_of(organization) for _number in range(number)]
    factories.represent(people[0], organization)
    for alternate in people[1:]:
        factories.represent(alternate, organization, role="alternate")
    factories.seat(group, people[0])
    return chair, group, people


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_of_many_votes_at_once_the_first_stands_and_the_others_are_told(
    committed_db, django_db_blocker
):
    with django_db_blocker.unblock():
        chair, group, people = cast_of(CONNECTIONS)
        for number in range(ROUNDS):
            ballot = ballots.opened(chair, group, f"Round {number}")
            entry = RollEntry.objects.get(ballot=ballot, people__person=people[0])

            outcomes = together(
                *(
                    lambda person=person, place=place, entry=entry: cast_vote(
                        actor=person, entry=entry, position="for" if place % 2 else "against"
                    )
                    for place, person in enumerate(people)
                )
            )

            cast = [one for one in outcomes if isinstance(one, Vote)]
            assert len(cast) == 1
            assert ballot.votes.counted().get() == cast[0]
            assert all(isinstance(one, Conflict) for one in outcomes if one not in cast)
        assert deadlocks() == 0


def test_a_repeated_vote_is_the_same_vote(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair, group, people = cast_of(1)
        ballot = ballots.opened(chair, group)
        entry = RollEntry.objects.get(ballot=ballot, people__person=people[0])

        outcomes = together(
            *(lambda: cast_vote(actor=people[0], entry=entry, position="for") for _n in range(8))
        )

        assert len({one.uuid for one in outcomes}) == 1


def test_around_the_closing_second_each_vote_counts_or_is_refused(committed_db, django_db_blocker):
    """The task closes by the database's clock; what was accepted is in the result."""
    with django_db_blocker.unblock():
        chair, group, _people = cast_of(1)
        voters = ballots.voters(group, CONNECTIONS)
        for number in range(ROUNDS):
            ballot = ballots.opened(chair, group, f"Round {number}")
            entries = [ballots.entry_of(voter, ballot) for voter in voters]
            left = ballot.closes_at - timezone.now() - timedelta(milliseconds=150)
            ballots.shift(ballot, milliseconds=int(left.total_seconds() * 1000))

            outcomes = together(
                *(
                    lambda voter=voter, entry=entry, place=place: vote_after(
                        place * 25, voter, entry
                    )
                    for place, (voter, entry) in enumerate(zip(voters, entries, strict=True))
                ),
                lambda ballot=ballot: close_soon(ballot),
            )

            ballot.refresh_from_db()
            assert ballot.state == "closed"
            cast = [one for one in outcomes[:-1] if isinstance(one, Vote)]
            refused = [one for one in outcomes[:-1] if isinstance(one, WrongState)]
            assert len(cast) + len(refused) == len(voters)
            assert set(ballot.votes.counted()) == set(cast)
            assert all(vote.cast_at < ballot.closed_at for vote in cast)
        assert deadlocks() == 0


def vote_after(milliseconds: int, voter, entry) -> Vote:
    pause(milliseconds)
    return cast_vote(actor=voter, entry=entry, position="for")


def close_soon(ballot: Ballot) -> int:
    closed = 0
    while not closed:
        closed = close_due_ballots()
        pause(5)
    return closed


def pause(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [milliseconds / 1000])


def test_a_ballot_is_recalled_or_voted_in_but_not_both(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair, group, _people = cast_of(1)
        voters = ballots.voters(group, 3)
        for number in range(ROUNDS):
            ballot = ballots.opened(chair, group, f"Round {number}")
            entries = [ballots.entry_of(voter, ballot) for voter in voters]

            *votes, recalled = together(
                *(
                    lambda voter=voter, entry=entry: cast_vote(
                        actor=voter, entry=entry, position="for"
                    )
                    for voter, entry in zip(voters, entries, strict=True)
                ),
                lambda ballot=ballot: recall_ballot(actor=chair, ballot=ballot, reason="Mistake."),
            )

            cast = [one for one in votes if isinstance(one, Vote)]
            assert isinstance(recalled, WrongState) if cast else isinstance(recalled, Ballot)
            assert ballot.votes.count() == len(cast)


def test_two_runs_of_the_task_close_each_ballot_once(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair, group, _people = cast_of(1)
        pending = [ballots.opened(chair, group, f"Ballot {number}") for number in range(5)]
        for ballot in pending:
            ballots.shift(ballot, days=7)

        outcomes = together(*(close_due_ballots for _run in range(4)))

        assert sum(outcomes) == 5
        for ballot in pending:
            assert ballot.steps.filter(event="closed").count() == 1
