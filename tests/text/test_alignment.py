"""What differs between two sequences, within counted steps."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from common.text import alignment
from common.text.alignment import Budget, Change, changes

items = st.lists(st.integers(0, 4), max_size=14)


def rebuilt(old: Sequence[object], new: Sequence[object], found: list[Change]) -> list[object]:
    """The new sequence, made of what stayed of the old one and what came in."""
    made: list[object] = []
    place = 0
    for change in found:
        made += [*old[place : change.start], *new[change.first : change.last]]
        place = change.end
    return [*made, *old[place:]]


def kept(old: Sequence[object], found: list[Change]) -> int:
    return len(old) - sum(change.end - change.start for change in found)


@settings(max_examples=60)
@given(items, items, st.integers(0, 200))
def test_the_new_is_the_old_with_its_changes_whatever_the_budget(old, new, steps):
    assert rebuilt(old, new, changes(old, new, Budget(steps))) == new


@settings(max_examples=60)
@given(items, items)
def test_as_much_as_possible_of_short_sequences_is_kept(old, new):
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, item in enumerate(old):
        for column, other in enumerate(new):
            lengths[row + 1][column + 1] = (
                lengths[row][column] + 1
                if item == other
                else max(lengths[row][column + 1], lengths[row + 1][column])
            )

    assert kept(old, changes(old, new)) == lengths[-1][-1]


@settings(max_examples=60)
@given(items, items)
def test_few_edits_keep_as_much_as_the_exact_answer(old, new):
    whole = (0, len(old), 0, len(new))

    few = alignment._few_edits(old, new, whole, Budget())
    exact = alignment._common_subsequence(old, new, whole)

    assert sum(length for *_places, length in few) == len(exact)
    found = alignment._between(sorted(few), len(old), len(new))
    assert rebuilt(old, new, found) == new


def test_one_changed_line_among_many_equal_ones_is_found():
    old = ["x"] * 40_000 + ["b"] + ["x"] * 20_000 + ["y"]
    new = ["y"] + ["x"] * 40_000 + ["c"] + ["x"] * 20_000

    found = changes(old, new)

    assert kept(old, found) == 60_000


def test_runs_are_found_where_no_item_stands_alone():
    old = [(number * number) % 1009 for number in range(20_000)]
    new = [1010 if place % 997 == 5 else item for place, item in enumerate(old)]

    assert len(changes(old, new)) < 100


def test_steps_are_counted_and_end():
    budget = Budget()
    old = [number * 7 % 3 for number in range(50_000)]
    new = [number * 5 % 4 for number in range(50_000)]

    found = changes(old, new, budget)

    assert rebuilt(old, new, found) == new
    assert 0 <= budget.steps < alignment.STEPS
