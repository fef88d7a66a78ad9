"""What differs between two sequences, within a budget of steps.

Steps are counted and never timed: the same two sequences have the same result on every machine and
under any load. Where the budget ends, the rest is one change from all of the old to all of the new:
correct, but coarser.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

# About 50 ns each on a machine of 2024.
STEPS = 6_000_000
# Up to so many pairs of items, find the longest common subsequence directly.
_SMALL_PAIRS = 4_096
# Unique items divide two sequences well where at least one in so many items is unique.
_DIVIDING = 100
# So many items in a row can be unique where single ones are not, as in a script without spaces.
_RUN = 4
# Up to so many pairs, find it where no unique item divides the sequences; one bit of memory each.
_EXACT_PAIRS = 100_000_000
# The most items that can differ in longer sequences without unique items.
_FEW_EDITS = 200


class Change(NamedTuple):
    """`old[start:end]` became `new[first:last]`; one of the two may be empty."""

    start: int
    end: int
    first: int
    last: int


class Budget:
    """The steps that one comparison may still take."""

    def __init__(self, steps: int = STEPS) -> None:
        self.steps = steps

    def take(self, steps: int) -> bool:
        """Take so many steps; take none and return False where fewer are left."""
        if steps > self.steps:
            return False
        self.steps -= steps
        return True


Range = tuple[int, int, int, int]
Match = tuple[int, int, int]  # place in the old, place in the new, length


def changes(
    old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget | None = None
) -> list[Change]:
    """Return the changes that turn `old` into `new`, in order."""
    numbers: dict[Hashable, int] = {}
    first = [numbers.setdefault(item, len(numbers)) for item in old]
    second = [numbers.setdefault(item, len(numbers)) for item in new]
    matches = _matches(first, second, budget or Budget())
    return _between(sorted(matches), len(first), len(second))


def _between(matches: list[Match], old_length: int, new_length: int) -> list[Change]:
    """Return the gaps between the matches."""
    gaps = []
    old = new = 0
    for start, first, length in [*matches, (old_length, new_length, 0)]:
        if start > old or first > new:
            gaps.append(Change(old, start, new, first))
        old, new = start + length, first + length
    return gaps


def _matches(old: list[int], new: list[int], budget: Budget) -> list[Match]:
    """Return runs of equal items: common ends first, then unique items, then the rest."""
    matches: list[Match] = []
    todo: list[Range] = [(0, len(old), 0, len(new))]
    while todo:
        start, end, first, last = _without_common_ends(old, new, todo.pop(), matches)
        pairs = (end - start) * (last - first)
        if not pairs:
            continue
        here = (start, end, first, last)
        if not budget.take(end - start + last - first):
            continue
        anchors = []
        if pairs > _SMALL_PAIRS:
            anchors = _unique_anchors(old, new, here, 1)
        if pairs > _EXACT_PAIRS and not anchors:
            anchors = _unique_anchors(old, new, here, _RUN)
        is_divided = len(anchors) * _DIVIDING >= min(end - start, last - first)
        if anchors and not is_divided and pairs > _EXACT_PAIRS:
            # One line that moved must not divide two long texts that are otherwise the same.
            few = _few_edits(old, new, here, budget)
            matches += few
            if few:
                continue
        if anchors:
            for at, beside in anchors:
                todo.append((start, at, first, beside))
                start, first = at, beside
            todo.append((start, end, first, last))
        elif pairs <= _EXACT_PAIRS and budget.take(_exact_cost(end - start, last - first)):
            matches += _common_subsequence(old, new, here)
        else:
            matches += _few_edits(old, new, here, budget)
    return matches


def _without_common_ends(
    old: list[int], new: list[int], within: Range, matches: list[Match]
) -> Range:
    """Move the common beginning and end of a range to the matches; return the rest of the range."""
    start, end, first, last = within
    shorter = min(end - start, last - first)
    length = 0
    while length < shorter and old[start + length] == new[first + length]:
        length += 1
    if length:
        matches.append((start, first, length))
    start, first, shorter = start + length, first + length, shorter - length
    length = 0
    while length < shorter and old[end - 1 - length] == new[last - 1 - length]:
        length += 1
    if length:
        matches.append((end - length, last - length, length))
    return start, end - length, first, last - length


def _unique_anchors(
    old: list[int], new: list[int], within: Range, width: int
) -> list[tuple[int, int]]:
    """Return the places of runs of `width` items that occur once in each range.

    Only as many as have the same order in both.
    """
    start, end, first, last = within
    old_places = _unique_places(old, start, end, width)
    new_places = _unique_places(new, first, last, width)
    pairs = [
        (at, new_places[item])
        for item, at in old_places.items()
        if at >= 0 and new_places.get(item, -1) >= 0
    ]
    return longest_rising(pairs)


def _unique_places(items: list[int], start: int, end: int, width: int) -> dict[Hashable, int]:
    """Return the place of each run of items in the range, and -1 for one that occurs twice."""
    places: dict[Hashable, int] = {}
    within = items[start:end]
    runs: Iterable[Hashable] = (
        within if width == 1 else zip(*(within[skip:] for skip in range(width)), strict=False)
    )
    for place, run in enumerate(runs, start):
        places[run] = -1 if run in places else place
    return places


def longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of pairs, sorted by the first number, whose second numbers rise."""
    tails: list[int] = []
    tail_pairs: list[int] = []
    before: list[int] = []
    for index, (_at, beside) in enumerate(pairs):
        length = bisect_left(tails, beside)
        before.append(tail_pairs[length - 1] if length else -1)
        tails[length : length + 1] = [beside]
        tail_pairs[length : length + 1] = [index]
    rising = []
    index = tail_pairs[-1] if tail_pairs else -1
    while index >= 0:
        rising.append(pairs[index])
        index = before[index]
    return rising[::-1]


def _exact_cost(old_length: int, new_length: int) -> int:
    return (2 * new_length + 2 * old_length) * (8 + old_length // 500)


def _common_subsequence(old: list[int], new: list[int], within: Range) -> list[Match]:
    """Return a longest common subsequence.

    One row of the classical table is one long integer, a bit for each old item (Hyyrö, "Bit-parallel
    LCS-length computation revisited", 2004), so the cost depends on the lengths alone.
    """
    start, end, first, last = within
    masks: dict[int, int] = {}
    for bit in range(end - start):
        item = old[start + bit]
        masks[item] = masks.get(item, 0) | 1 << bit
    full = (1 << (end - start)) - 1
    row = full
    rows = []
    for place in range(first, last):
        mask = masks.get(new[place], 0)
        if mask:
            kept = row & mask
            row = (row + kept | row - kept) & full
        rows.append(row)
    return _walk_back(rows, start, first, end - start)


def _walk_back(rows: list[int], start: int, first: int, width: int) -> list[Match]:
    """Return the matches that the rows of `_common_subsequence` lead through, last one first."""
    matches = []
    column, line = width, len(rows)
    while column and line:
        if rows[line - 1] >> (column - 1) & 1:
            column -= 1
            continue
        line -= 1
        if not line or rows[line - 1] >> (column - 1) & 1:
            column -= 1
            matches.append((start + column, first + line, 1))
    return matches


def _few_edits(old: list[int], new: list[int], within: Range, budget: Budget) -> list[Match]:
    """Return the matches where few items differ (Myers, 1986); none where it takes too many steps."""
    start, end, first, last = within
    height, width = end - start, last - first
    nowhere = -1
    furthest: dict[int, int] = {0: 0}
    furthest_by_edits: list[dict[int, int]] = []
    left = min(budget.steps, STEPS // 3)
    for edits in range(_FEW_EDITS):
        now: dict[int, int] = {}
        for diagonal in range(-edits, edits + 1, 2):
            at = _step(furthest, diagonal, height, width) if edits else 0
            if at == nowhere:
                continue
            begin = at
            beside = at - diagonal
            while at < height and beside < width and old[start + at] == new[first + beside]:
                at += 1
                beside += 1
            left -= at - begin + 8
            now[diagonal] = at
            if at == height and beside == width:
                furthest_by_edits.append(now)
                budget.take(max(min(budget.steps, STEPS // 3) - left, 0))
                return _matches_of_edits(furthest_by_edits, within)
            if left < 0:
                budget.take(min(budget.steps, STEPS // 3))
                return []
        furthest_by_edits.append(now)
        furthest = now
    budget.take(max(min(budget.steps, STEPS // 3) - left, 0))
    return []


def _step(furthest: dict[int, int], diagonal: int, height: int, width: int) -> int:
    """Return how far into the old one edit leads on this diagonal; -1 where none leads."""
    taken_out = furthest.get(diagonal - 1, -2) + 1
    put_in = furthest.get(diagonal + 1, -1)
    if taken_out > height or taken_out - diagonal > width:
        taken_out = -1
    if put_in > height or put_in - diagonal > width:
        put_in = -1
    return max(taken_out, put_in)


def _matches_of_edits(furthest_by_edits: list[dict[int, int]], within: Range) -> list[Match]:
    """Return the matches on the path of the fewest edits, last first."""
    start, end, first, last = within
    height, width = end - start, last - first
    matches = []
    diagonal, at = height - width, height
    for edits in range(len(furthest_by_edits) - 1, -1, -1):
        begin = _step(furthest_by_edits[edits - 1], diagonal, height, width) if edits else 0
        if at > begin:
            matches.append((start + begin, first + begin - diagonal, at - begin))
        if edits:
            came_by_removal = furthest_by_edits[edits - 1].get(diagonal - 1, -2) + 1 == begin
            diagonal += -1 if came_by_removal else 1
            at = furthest_by_edits[edits - 1][diagonal]
    return matches
