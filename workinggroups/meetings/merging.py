"""Merging the changes of two people to the same text.

The texts are compared with `base`, from which both began, word by word. If both changed the same
words differently, there is no merged text and a person chooses. The number of steps is limited, so
the result does not depend on the load; if the limit is reached, larger pieces count as changed and
more changes overlap.
"""

from collections import deque
from collections.abc import Sequence

from common.text.alignment import Budget
from common.text.words import split_words
from common.text.wordwise import word_changes

_LINE_BREAKS = frozenset("\n")

Change = tuple[int, int, Sequence[str]]  # of the base: from, to (excluded), the new words there


def merge(base: str, theirs: str, mine: str) -> str | None:
    """Return the text with both changes, or None where they contradict each other.

    If both added whole lines at the same place, both stay, theirs first.
    """
    if theirs == mine or mine == base:
        return theirs
    if theirs == base:
        return mine
    words = split_words(base)
    merged = _merged(words, _changes(words, theirs), _changes(words, mine))
    return None if merged is None else "".join(merged)


def _merged(base: list[str], theirs: deque[Change], mine: deque[Change]) -> list[str] | None:
    result: list[str] = []
    at = 0
    while theirs or mine:
        if theirs and mine and _overlap(theirs[0], mine[0]):
            both = _combined(base, theirs.popleft(), mine.popleft())
            if both is None:
                return None
            start, end, text = both
            # A second change that begins inside the combined one contradicts it.
            if any(rest and rest[0][0] < end for rest in (theirs, mine)):
                return None
        else:
            earlier = mine if not theirs or (mine and mine[0][:2] < theirs[0][:2]) else theirs
            start, end, text = earlier.popleft()
        result += base[at:start]
        result += text
        at = end
    return result + base[at:]


def _overlap(one: Change, other: Change) -> bool:
    """Tell whether two changes touch the same words or the same gap between words."""
    return one[0] <= other[1] and other[0] <= one[1]


def _combined(base: list[str], theirs: Change, mine: Change) -> Change | None:
    if theirs == mine:
        return theirs
    both_insert = theirs[0] == theirs[1] == mine[0] == mine[1]
    if both_insert and _are_lines(base, theirs) and _are_lines(base, mine):
        return theirs[0], theirs[1], [*theirs[2], *mine[2]]
    return None


def _are_lines(base: list[str], inserted: Change) -> bool:
    """Tell whether whole lines were inserted between two lines or after the last one."""
    at, _end, text = inserted
    between = (at == 0 or base[at - 1] == "\n") and text[-1] == "\n"
    return between or (at == len(base) and text[0] == "\n")


def _changes(base: list[str], text: str) -> deque[Change]:
    """Return the changes from the base to `text`, from front to back."""
    words = split_words(text)
    changes = word_changes(base, words, Budget(), _LINE_BREAKS)
    return deque((one.start, one.end, words[one.first : one.last]) for one in changes)
