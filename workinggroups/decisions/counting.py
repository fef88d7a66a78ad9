"""Count the votes of a ballot by its rules. Pure: the same input always has the same outcome.

All shares are exact fractions. `counting_words.py` says an outcome in words, and docs/voting-rules.md
explains the arithmetic.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from workinggroups.decisions.choices import BallotResult, Position
from workinggroups.decisions.counting_steps import Step, StepCode, Sums, steps_of
from workinggroups.decisions.seats import (
    Capped,
    RollLine,
    Seat,
    Seats,
    VoteLine,
    seats_of,
    takes_part,
    votes_by_key,
    weight_of,
    weights_of,
)
from workinggroups.groups.choices import VoteBase, VotingQuorum
from workinggroups.groups.voting_rules import SHARES, VotingRules, share_of

__all__ = [
    "Capped",
    "CategoryShare",
    "Outcome",
    "RollLine",
    "Step",
    "StepCode",
    "VoteLine",
    "categories_over_limit",
    "count",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a count came to. Numbers of votes are seats; `got` and `base` are after the cap."""

    result: BallotResult
    votes_for: int
    votes_against: int
    abstentions: int
    discuss: int
    silent_for: int  # counted as for because silence is consent
    seats: int
    quorum_needed: int
    quorum_present: int
    base: Fraction
    got: Fraction
    needed: Fraction
    needs_more: bool  # `got` has to be more than `needed`, not only as much
    abstain_share: Fraction
    capped: tuple[Capped, ...]
    blocking: tuple[str, ...]  # entries whose wish to discuss is not settled
    set_aside: tuple[str, ...]  # entries that voted beyond the limit of their related group
    steps: tuple[Step, ...]

    @property
    def has_quorum(self) -> bool:
        return self.quorum_present >= self.quorum_needed

    @property
    def share(self) -> Fraction:
        """Return the share for, from 0 to 1."""
        return self.got / self.base if self.base else Fraction(0)


@dataclass(frozen=True, slots=True)
class CategoryShare:
    """An interest category that has more of the roll than the rules allow."""

    category: str
    entries: int
    roll: int
    limit: Fraction


def count(
    rules: VotingRules, roll: Sequence[RollLine], votes: Sequence[VoteLine], at: datetime
) -> Outcome:
    """Return the outcome of these votes at a moment, usually that of closing.

    Votes after that moment and votes of recused entries do not count. Raises ValueError for a vote of
    nobody on the roll, and for two entries or two votes with the same key.
    """
    cast = votes_by_key(roll, votes, at)
    taking_part = [line for line in roll if takes_part(rules, line, cast)]
    seats = seats_of(rules, taking_part, cast)
    sums = _sums(rules, seats, at)
    result = _result(rules, sums)
    counts = Counter(seat.position for seat in seats.rows)
    return Outcome(
        result=result,
        votes_for=counts[Position.FOR],
        votes_against=counts[Position.AGAINST],
        abstentions=counts[Position.ABSTAIN],
        discuss=counts[Position.DISCUSS],
        silent_for=sums.silent_for,
        seats=len(seats.rows),
        quorum_needed=sums.quorum_needed,
        quorum_present=sums.quorum_present,
        base=sums.base,
        got=sums.got,
        needed=sums.needed,
        needs_more=rules.needs_more_than_share,
        abstain_share=sums.abstain_share,
        capped=sums.capped,
        blocking=sums.blocking,
        set_aside=seats.set_aside,
        steps=tuple(steps_of(rules, roll, taking_part, seats, sums, result)),
    )


def categories_over_limit(rules: VotingRules, roll: Sequence[RollLine]) -> list[CategoryShare]:
    """Return the interest categories because of which a ballot with this roll cannot open."""
    if rules.category_limit_percent is None:
        return []
    limit = share_of(rules.category_limit_percent)
    here = [line for line in roll if not (line.is_recused or line.is_lapsed)]
    sizes = Counter(line.category for line in here if line.category)
    return [
        CategoryShare(category, entries, len(here), limit)
        for category, entries in sorted(sizes.items())
        if entries > limit * len(here)
    ]


def _sums(rules: VotingRules, seats: Seats, at: datetime) -> Sums:
    returned = sum(seat.position is not None for seat in seats.rows)
    by_attendance = rules.quorum == VotingQuorum.ATTENDING
    quorum_of = seats.attending if by_attendance else len(seats.rows)
    silent = seats.of(None) if rules.silence_is_consent else []
    in_favor = [*seats.of(Position.FOR), *silent]
    decisive = [*in_favor, *seats.of(Position.AGAINST)]
    counted = list(seats.rows) if rules.base == VoteBase.ELIGIBLE else decisive
    weights, capped = weights_of(rules, counted)
    base = weight_of(weights, counted)
    wishes = seats.of(Position.DISCUSS)
    overruling = _overruling_share(rules, in_favor, [*decisive, *wishes])
    return Sums(
        quorum_of=quorum_of,
        quorum_needed=rules.quorum_needed(quorum_of),
        quorum_present=seats.attending_present if by_attendance else returned,
        silent_for=len(silent),
        returned=returned,
        abstain_share=Fraction(len(seats.of(Position.ABSTAIN)), returned or 1),
        base=base,
        got=weight_of(weights, in_favor),
        needed=rules.share_needed * base,
        capped=capped,
        wishes=len(wishes),
        overruling=overruling,
        blocking=_blocking(rules, wishes, overruling, at),
    )


def _result(rules: VotingRules, sums: Sums) -> BallotResult:
    if sums.quorum_present < sums.quorum_needed:
        return BallotResult.NO_QUORUM
    if sums.blocking:
        return BallotResult.BLOCKED
    limit = rules.abstain_limit_percent
    if limit is not None and sums.returned and sums.abstain_share >= share_of(limit):
        return BallotResult.FAILED
    is_enough = sums.got > sums.needed or (
        sums.got == sums.needed > 0 and not rules.needs_more_than_share
    )
    return BallotResult.PASSED if is_enough else BallotResult.FAILED


def _overruling_share(
    rules: VotingRules, in_favor: Sequence[Seat], voted: Sequence[Seat]
) -> Fraction:
    weights, _capped = weights_of(rules, voted)
    return weight_of(weights, in_favor) / (weight_of(weights, voted) or 1)


def _blocking(
    rules: VotingRules, wishes: Sequence[Seat], overruling: Fraction, at: datetime
) -> tuple[str, ...]:
    """Return the entries that still want to discuss: not timed out, and not overruled."""
    if rules.discuss_overruled_by and overruling >= SHARES[rules.discuss_overruled_by]:
        return ()
    days = None if rules.discuss_days is None else timedelta(days=rules.discuss_days)
    return tuple(
        sorted(
            seat.key
            for seat in wishes
            if days is None or seat.cast_at is None or at < seat.cast_at + days
        )
    )
