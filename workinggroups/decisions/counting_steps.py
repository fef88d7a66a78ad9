"""The arithmetic of a count as steps, of which a page writes one line each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from workinggroups.decisions.choices import BallotResult, Position
from workinggroups.decisions.seats import Capped, RollLine, Seats
from workinggroups.groups.choices import VotingQuorum
from workinggroups.groups.voting_rules import VotingRules, share_of

Number = int | Fraction


class StepCode(StrEnum):
    """The lines of the arithmetic, in the order in which they are done."""

    ROLL = "roll"
    RECUSED = "recused"
    LAPSED = "lapsed"
    SET_ASIDE = "set_aside"
    VOTES = "votes"
    QUORUM = "quorum"
    DISCUSS = "discuss"
    ABSTENTIONS = "abstentions"
    CAP = "cap"
    BASE = "base"
    THRESHOLD = "threshold"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Step:
    code: StepCode
    numbers: dict[str, Number] = field(default_factory=dict)
    keys: tuple[str, ...] = ()  # entries or related groups that the line names
    value: str = ""  # the choice that the line names, such as the kind of quorum


@dataclass(frozen=True, slots=True)
class Sums:
    """The numbers of a count that its steps name."""

    quorum_of: int
    quorum_needed: int
    quorum_present: int
    silent_for: int
    returned: int
    abstain_share: Fraction
    base: Fraction
    got: Fraction
    needed: Fraction
    capped: tuple[Capped, ...]
    wishes: int  # to discuss
    overruling: Fraction  # the share for among for, against and discuss
    blocking: tuple[str, ...]


def steps_of(
    rules: VotingRules,
    roll: Sequence[RollLine],
    taking_part: Sequence[RollLine],
    seats: Seats,
    sums: Sums,
    result: BallotResult,
) -> Iterator[Step]:
    """Yield the lines of the arithmetic that apply."""
    yield Step(StepCode.ROLL, {"entries": len(roll)}, value=rules.unit)
    staying = {line.key for line in taking_part}
    recused = sorted(line.key for line in roll if line.is_recused)
    gone = sorted(line.key for line in roll if not line.is_recused and line.key not in staying)
    if recused:
        yield Step(StepCode.RECUSED, {"entries": len(recused)}, tuple(recused))
    if gone:
        yield Step(StepCode.LAPSED, {"entries": len(gone)}, tuple(gone))
    if len(seats.rows) < len(taking_part):
        numbers: dict[str, Number] = {
            "seats": len(seats.rows),
            "limit": rules.seats_of_one or 0,
            "set_aside": len(seats.set_aside),
        }
        yield Step(StepCode.SET_ASIDE, numbers, seats.set_aside, rules.unit)
    counts = Counter(seat.position for seat in seats.rows)
    positions: dict[str, Number] = {str(position.value): counts[position] for position in Position}
    silent = len(seats.rows) - sums.returned
    value = "consent" if rules.silence_is_consent else ""
    yield Step(StepCode.VOTES, {**positions, "silent": silent}, value=value)
    if rules.quorum != VotingQuorum.NONE:
        numbers = {
            "of": sums.quorum_of,
            "needed": sums.quorum_needed,
            "present": sums.quorum_present,
        }
        yield Step(StepCode.QUORUM, numbers, value=rules.quorum)
    if sums.wishes:
        numbers = {"wishes": sums.wishes, "share": sums.overruling}
        yield Step(StepCode.DISCUSS, numbers, sums.blocking, rules.discuss_overruled_by or "")
    if rules.abstain_limit_percent is not None:
        limit = share_of(rules.abstain_limit_percent)
        numbers = {
            "abstentions": counts[Position.ABSTAIN],
            "returned": sums.returned,
            "limit": limit,
        }
        yield Step(StepCode.ABSTENTIONS, numbers)
    for bloc in sums.capped:
        limit = share_of(rules.cap_percent or 0)
        numbers = {"votes": bloc.votes, "weight": bloc.weight, "limit": limit}
        yield Step(StepCode.CAP, numbers, (bloc.key,))
    yield Step(StepCode.BASE, {"base": sums.base}, value=rules.base)
    numbers = {"needed": sums.needed, "got": sums.got, "base": sums.base}
    yield Step(StepCode.THRESHOLD, numbers, value=rules.approval)
    yield Step(StepCode.RESULT, value=result)
