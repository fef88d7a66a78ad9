"""Two people changed the same text: both changes in one text, where they do not meet.

A three-way comparison word by word (`base` is what both began from). Where both changed the same
words differently there is no honest answer, and a person chooses. The work is bounded and counted,
so the same three texts have the same answer at every load; where it ends early, larger pieces
count as changed, and more changes meet.
"""

from collections import deque
from collections.abc import Sequence

from common.text.alignment import Budget
from common.text.words import split_words
from common.text.wordwise import word_changes

_LINE_BREAKS = frozenset("\n")

Change = tuple[int, int, Sequence[str]]  # of the base: from, to (excluded), what stands there now


def merge(base: str, theirs: str, mine: str) -> str | None:
    """The text with the changes of both, or None where they contradict each other.

    Whole lines that both add at one place are both kept, theirs first.
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
        if theirs and mine and _meet(theirs[0], mine[0]):
            both = _render_many(base, theirs.popleft(), mine.popleft())
            if both is None:
                return None
            start, end, text = both
            # A second change that begins inside what was just settled contradicts it.
            if any(rest and rest[0][0] < end for rest in (theirs, mine)):
                return None
        else:
            earlier = mine if not theirs or (mine and mine[0][:2] < theirs[0][:2]) else theirs
            start, end, text = earlier.popleft()
        result += base[at:start]
        result += text
        at = end
    return result + base[at:]


def _meet(one: Change, other: Change) -> bool:
    """They touch the same words or the same gap between words."""
    return one[0] <= other[1] and other[0] <= one[1]


def _render_many(base: list[str], theirs: Change, mine: Change) -> Change | None:
    if theirs == mine:
        return theirs
    both_insert = theirs[0] == theirs[1] == mine[0] == mine[1]
    if both_insert and _are_lines(base, theirs) and _are_lines(base, mine):
        return theirs[0], theirs[1], [*theirs[2], *mine[2]]
    return None


def _are_lines(base: list[str], inserted: Change) -> bool:
    """Whole lines: put between two lines, or after the last one."""
    at, _end, text = inserted
    between = (at == 0 or base[at - 1] == "\n") and text[-1] == "\n"
    return between or (at == len(base) and text[0] == "\n")


def _changes(base: list[str], text: str) -> deque[Change]:
    """What was changed in the base to make `text`, from front to back."""
    words = split_words(text)
    found = word_changes(base, words, Budget(), _LINE_BREAKS)
    return deque((change.start, change.end, words[change.first : change.last]) for change in found)
