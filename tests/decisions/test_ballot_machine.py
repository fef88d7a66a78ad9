"""Random sequences of everything that can happen to a ballot, over the real database.

After each step: at most one counted vote of each entry, a roll that stays, a result that equals a
recount of the rows, and no vote after the closing. `make fuzz` runs 100,000 steps.
"""

import os
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from common.errors import DomainError, NotAllowed, WrongState
from common.times import ended
from members.organizations.models import Affiliation, Membership
from tests import factories
from tests.factories import ballots
from workinggroups.decisions.actions import (
    announce_ballot,
    cast_vote,
    close_due_ballots,
    close_early,
    keep_rolls,
    open_ballot,
    recall_ballot,
    recuse,
    return_to_vote,
    state_due_results,
    state_result,
    void_ballot,
    withdraw_announcement,
)
from workinggroups.decisions.choices import Position
from workinggroups.decisions.models import Ballot, Decision, RollEntry, Vote

STEPS = 30
# `make fuzz` sets FUZZ_EXAMPLES=20000; each is worth four texts.
EXAMPLES = max(int(os.environ.get("FUZZ_EXAMPLES", "160")) // 4, 10)
ORGANIZATIONS = 4


class BallotLife(RuleBasedStateMachine):
    """A chair, four organizations with two people each, one ballot, and time."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.chair = factories.member_of(factories.organization())
        self.group = factories.group(chair=self.chair)
        self.people = []
        for _number in range(ORGANIZATIONS):
            organization = factories.organization()
            pair = [factories.member_of(organization) for _each in range(2)]
            factories.represent(pair[0], organization)
            factories.represent(pair[1], organization, role="alternate")
            factories.seat(self.group, pair[0])
            self.people += pair
        self.ballot = ballots.draft(self.chair, self.group)
        self.roll: list[tuple[str, int]] = []
        self.closed_votes: set[int] | None = None

    @initialize(is_open=st.sampled_from([True, True, True, False]))
    def begin(self, is_open: bool) -> None:
        if is_open:
            self.open()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def now(self) -> Ballot:
        return Ballot.objects.select_related("group", "charter_version", "topic").get(
            pk=self.ballot.pk
        )

    def attempt(self, act, *args, **kwargs) -> bool:
        """Run the act; a refusal changes nothing, and any other error is a fault."""
        before = self.rows()
        try:
            with transaction.atomic():
                act(*args, **kwargs)
        except DomainError:
            assert self.rows() == before
            return False
        return True

    def rows(self) -> tuple[object, ...]:
        return (
            tuple(Ballot.objects.values_list("state", "closes_at", "result", "decision")),
            tuple(Vote.objects.order_by("pk").values_list("pk", "superseded_at")),
            tuple(RollEntry.objects.order_by("pk").values_list("pk", "recused_at", "lapsed_at")),
            Decision.objects.count(),
        )

    @precondition(lambda self: self.now().state in {"draft", "announced"})
    @rule()
    def announce(self) -> None:
        self.attempt(announce_ballot, actor=self.chair, ballot=self.now())

    @precondition(lambda self: self.now().state != "open")
    @rule()
    def withdraw(self) -> None:
        self.attempt(withdraw_announcement, actor=self.chair, ballot=self.now(), reason="Later.")

    @precondition(lambda self: self.now().state in {"draft", "announced"})
    @rule()
    def open_it(self) -> None:
        self.open()

    def open(self) -> None:
        ballot = self.now()
        if self.attempt(
            open_ballot, actor=self.chair, ballot=ballot, previewed=ballots.digest(ballot)
        ):
            self.roll = self.entries()

    @precondition(lambda self: self.now().state in {"open", "closed"})
    @rule()
    def recall(self) -> None:
        had_votes = self.now().votes.exists()
        was_recalled = self.attempt(
            recall_ballot, actor=self.chair, ballot=self.now(), reason="By mistake."
        )
        assert not (was_recalled and had_votes)

    @precondition(lambda self: self.now().state == "open")
    @rule(
        place=st.integers(0, ORGANIZATIONS * 2 - 1),
        position=st.sampled_from(Position.values),
        sees=st.booleans(),
    )
    def vote(self, place: int, position: str, sees: bool) -> None:
        self.vote_of(place, position, sees)

    def vote_of(self, place: int, position: str, sees: bool) -> None:
        person, ballot = self.people[place], self.now()
        for entry in RollEntry.objects.filter(ballot=ballot, people__person=person):
            standing = entry.votes.counted().first()
            replaces = standing.uuid if standing and sees else None
            voted = self.attempt(
                cast_vote,
                actor=person,
                entry=entry,
                position=position,
                reason="A reason.",
                replaces=replaces,
            )
            if voted:
                assert ballot.closes_at > timezone.now() - timedelta(seconds=1)
                # The same again is the same vote.
                cast_vote(actor=person, entry=entry, position=position, reason="A reason.")
                assert entry.votes.counted().count() == 1

    @precondition(lambda self: self.now().state == "open")
    @rule(positions=st.lists(st.sampled_from(Position.values), min_size=2, max_size=ORGANIZATIONS))
    def several_vote(self, positions: list[str]) -> None:
        for place, position in enumerate(positions):
            self.vote_of(place * 2, position, True)

    @precondition(lambda self: self.now().state not in {"open", "draft", "announced"})
    @rule(place=st.integers(0, ORGANIZATIONS * 2 - 1))
    def vote_too_late(self, place: int) -> None:
        person = self.people[place]
        for entry in RollEntry.objects.filter(ballot=self.now(), people__person=person):
            with pytest.raises((WrongState, NotAllowed)):
                cast_vote(actor=person, entry=entry, position="for")

    @rule(place=st.integers(0, ORGANIZATIONS * 2 - 1), returns=st.booleans())
    def step_out_or_in(self, place: int, returns: bool) -> None:
        person = self.people[place]
        for entry in RollEntry.objects.filter(ballot=self.now(), people__person=person):
            if returns:
                self.attempt(return_to_vote, actor=person, entry=entry)
            else:
                self.attempt(recuse, actor=person, entry=entry, reason="Own product.")

    @rule(hours=st.sampled_from([1, 30, 100]))
    def time_passes(self, hours: int) -> None:
        ballots.shift(self.now(), hours=hours)

    @precondition(lambda self: self.now().state in {"open"})
    @rule()
    def time_for_voting_is_over(self) -> None:
        """Let a week pass, and the tasks find it or not: the chair may act before they run."""
        if self.now().state == "open":
            ballots.shift(self.now(), days=7)

    @precondition(lambda self: self.now().state in {"open", "closed"})
    @rule()
    def run_tasks(self) -> None:
        close_due_ballots()
        keep_rolls()
        state_due_results()

    @precondition(lambda self: self.now().state in {"open"})
    @rule()
    def close_early(self) -> None:
        waits = RollEntry.objects.filter(ballot=self.now()).without_vote().exists()
        assert not (self.attempt(close_early, actor=self.chair, ballot=self.now()) and waits)

    @precondition(lambda self: self.now().state in {"closed", "open"})
    @rule()
    def state(self) -> None:
        self.attempt(state_result, actor=self.chair, ballot=self.now(), statement="As counted.")

    @rule(chance=st.integers(0, 9))
    def void(self, chance: int) -> None:
        if chance == 9:
            self.attempt(void_ballot, actor=self.chair, ballot=self.now(), reason="Wrong text.")

    @rule(place=st.integers(0, ORGANIZATIONS * 2 - 1))
    def leaves_the_organization(self, place: int) -> None:
        for row in Affiliation.objects.current().filter(person=self.people[place]):
            row.during = ended(row.during)
            row.save()

    @rule(place=st.integers(0, ORGANIZATIONS - 1), status=st.sampled_from(["ended", "suspended"]))
    def membership_changes(self, place: int, status: str) -> None:
        person = self.people[place * 2]
        organization = person.affiliations.order_by("pk").first().organization
        for row in Membership.objects.current().filter(organization=organization):
            row.status = status
            if status == "ended":
                row.during = ended(row.during)
            row.save()

    @rule()
    def another_organization_joins(self) -> None:
        ballots.voters(self.group, 1)

    def entries(self) -> list[tuple[str, int]]:
        return list(
            RollEntry.objects.filter(ballot=self.ballot)
            .order_by("position")
            .values_list("name", "organization")
        )

    @invariant()
    def one_counted_vote_of_each_entry(self) -> None:
        counted = Vote.objects.counted().values("entry").annotate(votes=Count("pk"))
        assert all(row["votes"] == 1 for row in counted)

    @invariant()
    def roll_stays_while_it_is_used(self) -> None:
        if self.now().state in {"open", "closed", "stated"}:
            assert self.entries() == self.roll

    @invariant()
    def nothing_changes_after_the_closing(self) -> None:
        ballot = self.now()
        votes = set(ballot.votes.counted().values_list("pk", flat=True))
        if ballot.state not in {"closed", "stated"}:
            self.closed_votes = None
            return
        if self.closed_votes is None:
            self.closed_votes = votes
        assert votes == self.closed_votes

    @invariant()
    def result_is_that_of_a_recount(self) -> None:
        ballot = self.now()
        if ballot.state in {"closed", "stated"}:
            assert ballot.result == recount(ballot)
        if ballot.state == "stated":
            assert (ballot.decision.outcome == "adopted") == (ballot.result == "passed")


def recount(ballot: Ballot) -> str:
    """Count the rows by the default rules with SQL alone: majority of votes cast, discuss blocks."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE v.position = 'for'),
                   count(*) FILTER (WHERE v.position = 'against'),
                   count(*) FILTER (WHERE v.position = 'discuss')
              FROM decisions_vote v JOIN decisions_rollentry e ON e.id = v.entry_id
             WHERE v.ballot_id = %s AND v.superseded_at IS NULL AND e.recused_at IS NULL
            """,
            [ballot.pk],
        )
        votes_for, against, discuss = cursor.fetchone()
    if discuss:
        return "blocked"
    cast = votes_for + against
    return "passed" if cast and Fraction(votes_for, cast) > Fraction(1, 2) else "failed"


def test_whatever_happens_to_a_ballot_its_promises_hold(db) -> None:
    run_state_machine_as_test(
        BallotLife,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
