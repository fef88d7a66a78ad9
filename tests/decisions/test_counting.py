"""Ballots are counted exactly, and alike whoever counts them again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workinggroups.decisions.choices import BallotResult, Position
from workinggroups.decisions.counting import (
    CategoryShare,
    Outcome,
    RollLine,
    StepCode,
    VoteLine,
    categories_over_limit,
    count,
)
from workinggroups.groups.choices import (
    Approval,
    LapsedVotes,
    Overruling,
    VoteBase,
    VotingQuorum,
    VotingUnit,
)
from workinggroups.groups.voting_rules import VotingRules, share_of

CAST = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOSING = CAST + timedelta(days=7)
LETTERS = {"+": Position.FOR, "-": Position.AGAINST, "0": Position.ABSTAIN, "?": Position.DISCUSS}


def ballot(
    rules: VotingRules, votes: str, *, roll: Sequence[RollLine] = (), at: datetime = CLOSING
) -> Outcome:
    """Count votes written as + - 0 ? (and a dot for none), one for each entry of the roll."""
    lines = list(roll) or [RollLine(key=f"{number:03}") for number in range(len(votes))]
    cast = [
        VoteLine(line.key, LETTERS[vote], CAST + timedelta(minutes=number))
        for number, (line, vote) in enumerate(zip(lines, votes, strict=True))
        if vote != "."
    ]
    return count(rules, lines, cast, at)


def blocs(*sizes: int) -> list[RollLine]:
    """A roll of related groups with so many entries each."""
    return [
        RollLine(key=f"{name}{number}", related=name)
        for name, size in zip("ABCDEFGHIJ", sizes, strict=False)
        for number in range(size)
    ]


# --- by example ---


@pytest.mark.parametrize(
    ("approval", "base", "votes", "result"),
    [
        (Approval.MORE_THAN_HALF, VoteBase.CAST, "++-", "passed"),
        (Approval.MORE_THAN_HALF, VoteBase.CAST, "++--", "failed"),
        (Approval.MORE_THAN_HALF, VoteBase.CAST, "+0000...", "passed"),
        (Approval.MORE_THAN_HALF, VoteBase.CAST, "0", "failed"),
        (Approval.MORE_THAN_HALF, VoteBase.CAST, "", "failed"),
        (Approval.MORE_THAN_HALF, VoteBase.ELIGIBLE, "++..", "failed"),
        (Approval.MORE_THAN_HALF, VoteBase.ELIGIBLE, "+++.", "passed"),
        (Approval.TWO_THIRDS, VoteBase.CAST, "++-0", "passed"),
        (Approval.TWO_THIRDS, VoteBase.ELIGIBLE, "++-0", "failed"),
        (Approval.THREE_QUARTERS, VoteBase.CAST, "+++-", "passed"),
        (Approval.THREE_QUARTERS, VoteBase.CAST, "++-", "failed"),
        (Approval.UNANIMITY, VoteBase.CAST, "++0.", "passed"),
        (Approval.UNANIMITY, VoteBase.CAST, "++-", "failed"),
        (Approval.UNANIMITY, VoteBase.CAST, "00", "failed"),
        (Approval.UNANIMITY, VoteBase.ELIGIBLE, "++.", "failed"),
        (Approval.UNANIMITY, VoteBase.ELIGIBLE, "+++", "passed"),
    ],
)
def test_the_share_is_taken_of_the_base(approval: str, base: str, votes: str, result: str) -> None:
    assert ballot(VotingRules(approval=approval, base=base), votes).result == result


@pytest.mark.parametrize(
    ("quorum", "roll", "needed"),
    [
        (VotingQuorum.NONE, 9, 0),
        (VotingQuorum.THIRD, 9, 3),
        (VotingQuorum.THIRD, 10, 4),
        (VotingQuorum.MAJORITY, 9, 5),
        (VotingQuorum.MAJORITY, 10, 6),
        (VotingQuorum.TWO_THIRDS, 9, 6),
        (VotingQuorum.TWO_THIRDS, 10, 7),
        (VotingQuorum.THREE_QUARTERS, 8, 6),
        (VotingQuorum.THREE_QUARTERS, 9, 7),
    ],
)
def test_a_quorum_is_reached_by_exactly_as_many_as_needed(
    quorum: str, roll: int, needed: int
) -> None:
    rules = VotingRules(quorum=quorum)

    reached = ballot(rules, ("+" * needed).ljust(roll, "."))
    assert (reached.quorum_needed, reached.quorum_present) == (needed, needed)
    assert reached.has_quorum
    if needed:
        assert ballot(rules, ("+" * (needed - 1)).ljust(roll, ".")).result == "no_quorum"
        assert reached.result == BallotResult.PASSED


def test_abstentions_and_wishes_to_discuss_are_present_for_the_quorum() -> None:
    rules = VotingRules(quorum=VotingQuorum.MAJORITY, discuss_days=1)

    outcome = ballot(rules, "+0?...")
    assert (outcome.quorum_present, outcome.result) == (3, "no_quorum")
    assert ballot(rules, "+0?0..").result == BallotResult.PASSED


def test_recused_entries_leave_base_and_quorum_with_their_votes() -> None:
    rules = VotingRules(base=VoteBase.ELIGIBLE, quorum=VotingQuorum.MAJORITY)
    roll = [RollLine("a"), RollLine("b"), RollLine("c"), RollLine("d", is_recused=True)]

    outcome = ballot(rules, "++.-", roll=roll)

    assert (outcome.seats, outcome.base, outcome.quorum_needed) == (3, 3, 2)
    assert (outcome.votes_against, outcome.result) == (0, "passed")
    assert [step.keys for step in outcome.steps if step.code == StepCode.RECUSED] == [("d",)]


@pytest.mark.parametrize(
    ("lapsed_votes", "seats", "votes_for"), [(LapsedVotes.COUNT, 3, 2), (LapsedVotes.DROP, 2, 1)]
)
def test_a_lapsed_entry_stays_only_with_a_vote_that_the_rules_count(
    lapsed_votes: str, seats: int, votes_for: int
) -> None:
    rules = VotingRules(base=VoteBase.ELIGIBLE, lapsed_votes=lapsed_votes)
    roll = [
        RollLine("a"),
        RollLine("b"),
        RollLine("voted", is_lapsed=True),
        RollLine("silent", is_lapsed=True),
    ]

    outcome = ballot(rules, "+.+.", roll=roll)

    assert (outcome.seats, outcome.base, outcome.votes_for) == (seats, seats, votes_for)


def test_the_quorum_of_those_who_attended_counts_nobody_else() -> None:
    rules = VotingRules(quorum=VotingQuorum.ATTENDING, attending_meetings=3, attending_needed=1)
    roll = [RollLine(str(number), is_attending=number < 3) for number in range(6)]

    missed = ballot(rules, "+..+++", roll=roll)
    reached = ballot(rules, "+-.+..", roll=roll)

    assert (missed.quorum_needed, missed.quorum_present, missed.result) == (2, 1, "no_quorum")
    assert (reached.quorum_present, reached.votes_for, reached.result) == (2, 2, "passed")


def test_where_nobody_attended_there_is_no_quorum() -> None:
    rules = VotingRules(quorum=VotingQuorum.ATTENDING, attending_meetings=3, attending_needed=1)

    assert ballot(rules, "+++").result == BallotResult.NO_QUORUM


@pytest.mark.parametrize(
    ("votes", "result"), [("++++++++00", "passed"), ("+++++++000", "failed"), ("..", "failed")]
)
def test_a_ballot_fails_when_abstentions_reach_their_limit(votes: str, result: str) -> None:
    outcome = ballot(VotingRules(abstain_limit_percent=30), votes)

    assert outcome.result == result


def test_abstentions_are_a_share_of_the_votes_returned() -> None:
    outcome = ballot(VotingRules(abstain_limit_percent=33), "+0-.....")

    assert outcome.abstain_share == Fraction(1, 3)
    assert outcome.result == BallotResult.FAILED


# --- discuss ---


def test_a_wish_to_discuss_blocks_until_its_time_is_over() -> None:
    rules = VotingRules(discuss_days=3)

    assert ballot(rules, "?++", at=CAST + timedelta(days=3, seconds=-1)).result == "blocked"
    assert ballot(rules, "?++", at=CAST + timedelta(days=3)).result == BallotResult.PASSED


def test_without_a_time_it_blocks_for_good() -> None:
    outcome = ballot(VotingRules(), "++?", at=CAST + timedelta(days=900))

    assert (outcome.result, outcome.blocking) == (BallotResult.BLOCKED, ("002",))


@pytest.mark.parametrize(
    ("votes", "result"), [("++?", "passed"), ("++?-", "blocked"), ("++++?-", "passed")]
)
def test_it_is_overruled_by_a_share_of_for_against_and_discuss(votes: str, result: str) -> None:
    rules = VotingRules(discuss_overruled_by=Overruling.TWO_THIRDS)

    assert ballot(rules, votes).result == result


def test_without_a_quorum_there_is_nothing_to_discuss() -> None:
    rules = VotingRules(quorum=VotingQuorum.MAJORITY)

    assert ballot(rules, "?..").result == BallotResult.NO_QUORUM


# --- silence ---


@pytest.mark.parametrize(
    ("votes", "result"), [("....", "passed"), ("+0..", "passed"), ("+-..", "failed")]
)
def test_silence_can_be_consent(votes: str, result: str) -> None:
    rules = VotingRules(silence_is_consent=True, approval=Approval.UNANIMITY)

    assert ballot(rules, votes).result == result


def test_who_lapsed_or_stepped_out_does_not_consent_by_silence() -> None:
    rules = VotingRules(silence_is_consent=True)
    roll = [RollLine("a", is_lapsed=True), RollLine("b", is_recused=True), RollLine("c")]

    assert ballot(rules, "...", roll=roll).silent_for == 1


# --- one vote for several entries ---


def test_of_a_related_group_the_first_vote_counts() -> None:
    rules = VotingRules(one_vote_per_related_group=True, base=VoteBase.ELIGIBLE)
    roll = [*blocs(3), RollLine("alone"), RollLine("other")]

    outcome = ballot(rules, ".-++.", roll=roll)

    assert (outcome.seats, outcome.votes_for, outcome.votes_against) == (3, 1, 1)
    assert outcome.set_aside == ("A2",)


def test_a_changed_vote_keeps_its_place() -> None:
    rules = VotingRules(one_vote_per_related_group=True)
    first = VoteLine("A0", Position.AGAINST, CAST + timedelta(days=2), first_cast_at=CAST)
    second = VoteLine("A1", Position.FOR, CAST + timedelta(days=1))

    outcome = count(rules, blocs(2), [second, first], CLOSING)

    assert (outcome.votes_against, outcome.set_aside) == (1, ("A1",))


def test_so_many_votes_of_one_employer_count() -> None:
    rules = VotingRules(unit=VotingUnit.PERSONS, seats_per_employer=2, quorum=VotingQuorum.MAJORITY)

    outcome = ballot(rules, "++++--", roll=blocs(4, 1, 1))

    assert (outcome.seats, outcome.quorum_needed, outcome.quorum_present) == (4, 3, 4)
    assert (outcome.votes_for, outcome.votes_against, outcome.result) == (2, 2, "failed")


def test_a_related_group_attends_when_one_of_it_did() -> None:
    rules = VotingRules(
        one_vote_per_related_group=True,
        quorum=VotingQuorum.ATTENDING,
        attending_meetings=3,
        attending_needed=1,
    )
    roll = [replace(line, is_attending=line.key == "A0") for line in blocs(2, 1)]

    outcome = ballot(rules, ".++", roll=roll)

    assert (outcome.quorum_needed, outcome.quorum_present) == (1, 1)


def test_a_related_group_attends_once() -> None:
    rules = VotingRules(
        one_vote_per_related_group=True,
        quorum=VotingQuorum.ATTENDING,
        attending_meetings=3,
        attending_needed=1,
    )
    roll = [replace(line, is_attending=True) for line in blocs(3, 1)]

    outcome = ballot(rules, "+++.", roll=roll)

    assert (outcome.quorum_needed, outcome.quorum_present) == (2, 1)


# --- caps ---


@pytest.mark.parametrize(
    ("cap", "sizes", "weights"),
    [
        # 6 of 10 is too much; w = (4 + w) / 4
        (25, (6, 1, 1, 1, 1), [Fraction(4, 3), 1, 1, 1, 1]),
        # Scaling 6 down to 2 puts the other 2 of 8 at exactly a quarter: nothing more to do.
        (25, (6, 2, 1, 1, 1, 1), [2, 2, 1, 1, 1, 1]),
        # Scaling 9 down to 7/3 leaves 28/3, of which 3 are more than a quarter: both get 2.
        (25, (9, 3, 1, 1, 1, 1), [2, 2, 1, 1, 1, 1]),
        # Exactly as many as fit: all alike.
        (25, (5, 3, 2, 1), [1, 1, 1, 1]),
        # Fewer than fit: somebody has to be above the cap, so all alike.
        (25, (5, 1), [1, 1]),
        (25, (3,), [3]),
        # Nobody above: nothing to do.
        (25, (1, 1, 1, 1), [1, 1, 1, 1]),
        (33, (2, 1, 1), [1, 1, 1]),
        (33, (1, 1, 1), [1, 1, 1]),
        (50, (9, 2, 1), [3, 2, 1]),
        (100, (9, 2, 1), [9, 2, 1]),
    ],
)
def test_a_cap_scales_down_as_little_as_possible(
    cap: int, sizes: tuple[int, ...], weights: list[Fraction | int]
) -> None:
    rules = VotingRules(unit=VotingUnit.PERSONS, cap_percent=cap)

    outcome = ballot(rules, "+" * sum(sizes), roll=blocs(*sizes))

    capped = {each.key: each.weight for each in outcome.capped}
    assert [capped.get(name, size) for name, size in zip("ABCDEF", sizes, strict=False)] == weights
    assert outcome.got == outcome.base == sum(weights)


def test_a_cap_decides() -> None:
    roll = blocs(6, 1, 1, 1, 1)
    capped = VotingRules(unit=VotingUnit.PERSONS, cap_percent=25)

    assert ballot(replace(capped, cap_percent=None), "++++++----", roll=roll).result == "passed"
    outcome = ballot(capped, "++++++----", roll=roll)
    assert (outcome.got, outcome.base, outcome.result) == (
        Fraction(4, 3),
        Fraction(16, 3),
        "failed",
    )


def test_votes_that_are_not_counted_have_no_part_in_a_cap() -> None:
    rules = VotingRules(unit=VotingUnit.PERSONS, cap_percent=25)

    outcome = ballot(rules, "+000" + "++-", roll=blocs(4, 1, 1, 1))

    assert outcome.capped == ()
    assert (outcome.got, outcome.base) == (3, 4)


# --- the roll ---


def test_a_category_above_its_share_of_the_roll_is_reported() -> None:
    rules = VotingRules(category_limit_percent=33)
    even = [RollLine(str(number), category="ABC"[number % 3]) for number in range(6)]

    assert categories_over_limit(rules, even) == []
    tilted = [replace(even[1], category="A"), *even[:1], *even[2:]]
    assert categories_over_limit(rules, tilted) == [CategoryShare("A", 3, 6, Fraction(1, 3))]
    assert categories_over_limit(VotingRules(), tilted) == []
    without = [*tilted[:-1], RollLine("5"), RollLine("6"), RollLine("7"), RollLine("8")]
    assert categories_over_limit(rules, without) == []


def test_votes_of_nobody_on_the_roll_and_double_keys_are_errors() -> None:
    line, vote = RollLine("a"), VoteLine("a", Position.FOR, CAST)
    for roll, votes in (
        ([line, line], [vote]),
        ([line], [vote, vote]),
        ([line], [replace(vote, key="b")]),
    ):
        with pytest.raises(ValueError, match=r"key|nobody"):
            count(VotingRules(), roll, votes, CLOSING)


def test_votes_after_closing_do_not_count() -> None:
    votes = [
        VoteLine("a", Position.FOR, CLOSING),
        VoteLine("b", Position.AGAINST, CLOSING + timedelta(microseconds=1)),
    ]

    outcome = count(VotingRules(), [RollLine("a"), RollLine("b")], votes, CLOSING)

    assert (outcome.votes_for, outcome.votes_against) == (1, 0)


def test_the_steps_are_the_arithmetic_in_order() -> None:
    rules = VotingRules(
        unit=VotingUnit.PERSONS,
        quorum=VotingQuorum.MAJORITY,
        cap_percent=25,
        abstain_limit_percent=30,
        discuss_days=1,
        seats_per_employer=5,
    )
    roll = [
        *blocs(6, 1, 1, 1, 1, 1),
        RollLine("z", is_recused=True),
        RollLine("y", is_lapsed=True),
    ]

    outcome = ballot(rules, "++++++" + "---0?" + "..", roll=roll)

    assert [step.code for step in outcome.steps] == list(StepCode)
    numbers = {step.code: step.numbers for step in outcome.steps}
    assert numbers[StepCode.VOTES] == {
        "for": 5,
        "against": 3,
        "abstain": 1,
        "discuss": 1,
        "silent": 0,
    }
    assert numbers[StepCode.QUORUM] == {"of": 10, "needed": 6, "present": 10}
    assert numbers[StepCode.THRESHOLD] == {"needed": 2, "got": 1, "base": 4}


# --- for all ballots ---

RULES = st.builds(
    VotingRules,
    unit=st.just(VotingUnit.PERSONS),
    approval=st.sampled_from(Approval.values),
    base=st.sampled_from(VoteBase.values),
    silence_is_consent=st.booleans(),
    quorum=st.sampled_from(VotingQuorum.values),
    abstain_limit_percent=st.none() | st.integers(1, 100),
    cap_percent=st.none() | st.integers(1, 100),
    seats_per_employer=st.none() | st.integers(1, 3),
    discuss_days=st.none() | st.integers(1, 8),
    discuss_overruled_by=st.none() | st.sampled_from(Overruling.values),
    lapsed_votes=st.sampled_from(LapsedVotes.values),
)
FLAG = st.integers(0, 5).map(lambda number: number == 0)
ENTRY = st.tuples(
    st.sampled_from(["", "A", "B", "C"]),
    st.booleans(),
    FLAG,
    FLAG,
    st.sampled_from([None, *Position.values, Position.FOR.value, Position.AGAINST.value]),
    st.integers(0, 7 * 24),
)


@st.composite
def ballots(
    draw: st.DrawFn,
) -> tuple[VotingRules, list[RollLine], list[VoteLine]]:
    roll, votes = [], []
    for number, entry in enumerate(draw(st.lists(ENTRY, max_size=14))):
        related, is_attending, is_recused, is_lapsed, position, hours = entry
        key = str(number)
        roll.append(
            RollLine(
                key,
                related,
                is_attending=is_attending,
                is_recused=is_recused,
                is_lapsed=is_lapsed,
            )
        )
        if position is not None:
            votes.append(VoteLine(key, position, CAST + timedelta(hours=hours)))
    return draw(RULES), roll, votes


@settings(max_examples=400, deadline=None)
@given(ballots(), st.data())
def test_a_vote_turned_from_against_to_for_never_makes_a_proposal_fail(case, data):
    rules, roll, votes = case
    against = [vote for vote in votes if vote.position == Position.AGAINST]
    assume(against)
    turned = data.draw(st.sampled_from(against))

    before = count(rules, roll, votes, CLOSING)
    after = count(
        rules,
        roll,
        [replace(vote, position=Position.FOR) if vote == turned else vote for vote in votes],
        CLOSING,
    )

    assert after.share >= before.share
    if before.result == BallotResult.PASSED:
        assert after.result == BallotResult.PASSED


@settings(max_examples=200, deadline=None)
@given(ballots(), st.randoms())
def test_the_order_of_roll_and_votes_does_not_matter(case, random):
    rules, roll, votes = case

    before = count(rules, roll, votes, CLOSING)
    random.shuffle(roll)
    random.shuffle(votes)

    assert count(rules, roll, votes, CLOSING) == before


@settings(max_examples=300, deadline=None)
@given(ballots())
def test_a_recount_by_hand_comes_to_the_same(case):
    """Without limits and caps, another way to count: one pass over the votes."""
    rules, roll, votes = case
    rules = replace(rules, seats_per_employer=None, cap_percent=None)
    by_key = {vote.key: vote for vote in votes}
    here: Counter[str] = Counter()
    for line in roll:
        vote = by_key.get(line.key)
        drops = rules.lapsed_votes == LapsedVotes.DROP or vote is None
        if line.is_recused or (line.is_lapsed and drops):
            continue
        here["seats"] += 1
        here[vote.position if vote else "silent"] += 1
    favor = here["for"] + (here["silent"] if rules.silence_is_consent else 0)
    base = here["seats"] if rules.base == VoteBase.ELIGIBLE else favor + here["against"]

    outcome = count(rules, roll, votes, CLOSING)

    assert (outcome.got, outcome.base, outcome.seats) == (favor, base, here["seats"])
    wanted = {
        Approval.MORE_THAN_HALF: 2 * favor > base,
        Approval.TWO_THIRDS: 3 * favor >= 2 * base > 0,
        Approval.THREE_QUARTERS: 4 * favor >= 3 * base > 0,
        Approval.UNANIMITY: favor == base > 0,
    }[Approval(rules.approval)]
    if outcome.result == BallotResult.PASSED:
        assert wanted
    elif outcome.result == BallotResult.FAILED and rules.abstain_limit_percent is None:
        assert not wanted


@settings(max_examples=200, deadline=None)
@given(RULES, st.integers(0, 6), st.integers(0, 3))
def test_a_tie_fails(rules, each, others):
    rules = replace(rules, silence_is_consent=False, quorum=VotingQuorum.NONE)

    outcome = ballot(rules, "+" * each + "-" * each + "0" * others)

    assert outcome.got == outcome.base / 2 or rules.base == VoteBase.ELIGIBLE
    assert outcome.result == BallotResult.FAILED


@pytest.mark.parametrize(
    ("approval", "part", "whole"), [(Approval.TWO_THIRDS, 2, 3), (Approval.THREE_QUARTERS, 3, 4)]
)
@pytest.mark.parametrize("times", [1, 2, 3, 7, 1000])
def test_exactly_the_share_is_enough_and_one_less_is_not(
    approval: str, part: int, whole: int, times: int
) -> None:
    rules = VotingRules(approval=approval)
    votes_for, against = part * times, (whole - part) * times

    assert ballot(rules, "+" * votes_for + "-" * against).result == BallotResult.PASSED
    assert ballot(rules, "+" * (votes_for - 1) + "-" * (against + 1)).result == BallotResult.FAILED


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=10), st.integers(1, 100))
def test_no_bloc_has_more_than_the_cap_where_that_is_possible(sizes, percent):
    rules = VotingRules(unit=VotingUnit.PERSONS, cap_percent=percent)

    outcome = ballot(rules, "+" * sum(sizes), roll=blocs(*sizes))

    capped = {each.key: each.weight for each in outcome.capped}
    weights = [
        capped.get(name, Fraction(size)) for name, size in zip("ABCDEFGHIJ", sizes, strict=False)
    ]
    limit = max(share_of(percent), Fraction(1, len(sizes)))
    assert sum(weights) == outcome.base
    assert all(weight <= limit * outcome.base for weight in weights)
    assert all(0 < weight <= size for weight, size in zip(weights, sizes, strict=True))
    # As little as possible: who is scaled down has exactly the limit.
    assert all(each.weight == limit * outcome.base for each in outcome.capped)
    assert all(each.weight < each.votes for each in outcome.capped)
