"""In which order those who ask to speak are called: fair between people and organizations.

1. Whoever has been passed over `PASSED_OVER_MAX` times by people who asked later, the earliest first.
2. Who has not spoken in this meeting yet.
3. Whose organization was called fewer times. A person without an organization is a party of their own.
4. Who asked earlier.

The first rule bounds the wait: no order by fairness alone does, as long as others go on asking.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

PASSED_OVER_MAX = 5


@dataclass(frozen=True)
class Turn:
    """That one person asked to speak: they wait, or were called at `called_at`."""

    pk: int
    person: int
    party: Hashable
    raised_at: datetime
    called_at: datetime | None = None

    @property
    def place(self) -> tuple[datetime, int]:
        """Return its place in the order in which people asked; of two at one moment, by number."""
        return self.raised_at, self.pk


def speaking_order(turns: Iterable[Turn]) -> list[Turn]:
    """Return the turns that wait, in the order in which to call them.

    `turns` are all of the meeting in any order, without those that were withdrawn.
    """
    turns = list(turns)
    called = [turn for turn in turns if turn.called_at is not None]
    have_spoken = {turn.person for turn in called}
    calls = Counter(turn.party for turn in called)

    def fairness(turn: Turn) -> tuple[bool, bool, int, datetime, int]:
        passed_over = sum(other.place > turn.place for other in called)
        if passed_over >= PASSED_OVER_MAX:
            return (False, False, 0, *turn.place)
        return (True, turn.person in have_spoken, calls[turn.party], *turn.place)

    return sorted((turn for turn in turns if turn.called_at is None), key=fairness)
