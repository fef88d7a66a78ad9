"""Two people changed the same text: both changes in one text, where they do not meet.

A three-way comparison word by word (`base` is what both began from). Where both changed the same
words differently there is no honest answer, and a person chooses.
"""

import re
from collections.abc import Sequence

from diff_match_patch import diff_match_patch

# Past this the comparison stops refining; its answer stays true and only grows coarser.
DIFF_TIMEOUT_SECONDS = 1.0
_TOKEN = re.compile(r"\w+|[^\w\s]|\n|[^\S\n]+")
_SURROGATES = range(0xD800, 0xE000)

Change = tuple[int, int, Sequence[str]]  # of the base: from, to (excluded), what stands there now


def merge(base: str, theirs: str, mine: str) -> str | None:
    """The text with the changes of both, or None where they contradict each other.

    Whole lines that both add at one place are both kept, theirs first.
    """
    if theirs == mine or mine == base:
        return theirs
    if theirs == base:
        return mine
    tokens = _TOKEN.findall(base)
    merged = _merged(tokens, _changes(tokens, theirs), _changes(tokens, mine))
    return None if merged is None else "".join(merged)


def _merged(base: list[str], theirs: list[Change], mine: list[Change]) -> list[str] | None:
    result: list[str] = []
    at = 0
    while theirs or mine:
        if theirs and mine and _meet(theirs[0], mine[0]):
            both = _together(base, theirs.pop(0), mine.pop(0))
            if both is None:
                return None
            start, end, text = both
            # A second change that begins inside what was just settled contradicts it.
            if any(rest and rest[0][0] < end for rest in (theirs, mine)):
                return None
        else:
            earlier = mine if not theirs or (mine and mine[0][:2] < theirs[0][:2]) else theirs
            start, end, text = earlier.pop(0)
        result += [*base[at:start], *text]
        at = end
    return result + base[at:]


def _meet(one: Change, other: Change) -> bool:
    """They touch the same words or the same gap between words."""
    return one[0] <= other[1] and other[0] <= one[1]


def _together(base: list[str], theirs: Change, mine: Change) -> Change | None:
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


def _changes(base: list[str], text: str) -> list[Change]:
    """What was changed in the base to make `text`, from front to back."""
    tokens = _TOKEN.findall(text)
    first, second = _encoded(base, tokens)
    engine = diff_match_patch()
    engine.Diff_Timeout = DIFF_TIMEOUT_SECONDS
    changes: list[Change] = []
    old = new = 0
    for operation, piece in engine.diff_main(first, second, checklines=False):
        start, begin = old, new
        old += len(piece) if operation <= 0 else 0
        new += len(piece) if operation >= 0 else 0
        if operation == 0:
            continue
        if changes and changes[-1][1] == start:
            start, _end, said = changes.pop()
            changes.append((start, old, [*said, *tokens[begin:new]]))
        else:
            changes.append((start, old, tokens[begin:new]))
    return changes


def _encoded(*texts: list[str]) -> list[str]:
    """Each text with one character a word, so that the comparison never cuts inside one."""
    known: dict[str, str] = {}
    for text in texts:
        for token in text:
            if token not in known:
                number = len(known) + 1
                gap = len(_SURROGATES) if number >= _SURROGATES.start else 0
                known[token] = chr(number + gap)
    return ["".join(known[token] for token in text) for text in texts]
