"""The roll of a ballot as seats: the votes that can count, and what each of them counts.

An entry of the roll is an organization or a person. Entries with the same `related` belong together: they
are a *bloc*. Every entry has one seat, except where a rule limits how many of a bloc count: then those
that voted first have the seats.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from workinggroups.groups.choices import LapsedVotes
from workinggroups.groups.voting_rules import VotingRules, share_of


@dataclass(frozen=True, slots=True)
class RollLine:
    """An organization or person who can vote, as frozen when the ballot opened."""

    key: str
    related: str = ""  # the related group of an organization, or the employer of a person
    category: str = ""  # interest category
    is_attending: bool = False  # attended enough of the recent meetings
    is_recused: bool = False
    is_lapsed: bool = False


@dataclass(frozen=True, slots=True)
class VoteLine:
    """The vote of an entry as it is now; `first_cast_at` if it was changed since it was first cast."""

    key: str
    position: str
    cast_at: datetime
    first_cast_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capped:
    """A related group, employer or single entry whose votes count for less than one each."""

    key: str
    votes: int
    weight: Fraction  # of all its votes together


@dataclass(frozen=True, slots=True)
class Seat:
    """A vote that can count; without a position, nobody has cast it."""

    bloc: str
    position: str | None = None
    key: str = ""
    cast_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seats:
    rows: tuple[Seat, ...]
    set_aside: tuple[str, ...]
    attending: int
    attending_present: int

    def of(self, *positions: str | None) -> list[Seat]:
        return [seat for seat in self.rows if seat.position in positions]


def votes_by_key(
    roll: Sequence[RollLine], votes: Sequence[VoteLine], at: datetime
) -> dict[str, VoteLine]:
    keys = {line.key for line in roll}
    by_key = {vote.key: vote for vote in votes}
    if len(keys) < len(roll) or len(by_key) < len(votes):
        raise ValueError("Two entries or two votes have the same key.")
    if not by_key.keys() <= keys:
        raise ValueError("A vote is of nobody on the roll.")
    return {key: vote for key, vote in by_key.items() if vote.cast_at <= at}


def takes_part(rules: VotingRules, line: RollLine, cast: dict[str, VoteLine]) -> bool:
    """Return whether an entry is part of the base; one that lapsed only with a vote that counts."""
    if line.is_recused:
        return False
    if line.is_lapsed:
        return rules.lapsed_votes == LapsedVotes.COUNT and line.key in cast
    return True


def seats_of(rules: VotingRules, lines: Sequence[RollLine], cast: dict[str, VoteLine]) -> Seats:
    limit = rules.seats_of_one
    blocs: dict[str, list[RollLine]] = {}
    for line in sorted(lines, key=lambda line: line.key):
        blocs.setdefault(line.related or line.key, []).append(line)
    rows: list[Seat] = []
    set_aside: list[str] = []
    attending = attending_present = 0
    for bloc, members in sorted(blocs.items()):
        voted = sorted(
            (cast[line.key] for line in members if line.key in cast),
            key=lambda vote: (vote.first_cast_at or vote.cast_at, vote.key),
        )
        size = len(members) if limit is None else min(limit, len(members))
        counted = voted[:size]
        set_aside += [vote.key for vote in voted[size:]]
        rows += [Seat(bloc, vote.position, vote.key, vote.cast_at) for vote in counted]
        rows += [Seat(bloc)] * (size - len(counted))
        present = [line for line in members if line.is_attending]
        attending += min(size, len(present))
        attending_present += (
            sum(line.key in cast for line in present)
            if limit is None
            else min(size, len(present), len(counted))
        )
    return Seats(tuple(rows), tuple(sorted(set_aside)), attending, attending_present)


def weights_of(
    rules: VotingRules, seats: Sequence[Seat]
) -> tuple[dict[str, Fraction], tuple[Capped, ...]]:
    """Return what one vote of each bloc counts, and the blocs whose votes count for less than one.

    Scaling one bloc down makes the share of every other larger, which can put the next one above the
    cap. So the largest k blocs get the same weight w, the cap of all that then counts: with a rest r of
    votes outside them, w = cap · (r + k·w), or w = cap · r / (1 - k·cap). k is the least number for
    which no other bloc has more than w. Where there are so few blocs that one of them has to be above
    the cap, all count alike.
    """
    sizes = Counter(seat.bloc for seat in seats)
    weights = dict.fromkeys(sizes, Fraction(1))
    if rules.cap_percent is None or not sizes:
        return weights, ()
    cap = max(share_of(rules.cap_percent), Fraction(1, len(sizes)))
    largest_first = sorted(sizes, key=lambda bloc: (-sizes[bloc], bloc))
    rest, capped = sum(sizes.values()), 0
    most = cap * rest
    while capped < len(largest_first) and sizes[largest_first[capped]] > most:
        rest -= sizes[largest_first[capped]]
        capped += 1
        most = cap * rest / (1 - capped * cap)
    for bloc in largest_first[:capped]:
        weights[bloc] = most / sizes[bloc]
    return weights, tuple(Capped(bloc, sizes[bloc], most) for bloc in largest_first[:capped])


def weight_of(weights: dict[str, Fraction], seats: Iterable[Seat]) -> Fraction:
    return sum((weights[seat.bloc] for seat in seats), Fraction(0))
