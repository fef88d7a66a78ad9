"""What changed between two texts cut into words: lines first, then words within them."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from common.text.alignment import Budget, Change, changes

# How far a change can move along words that are the same at both of its ends.
_SLIDE_MAX = 40


def word_changes(
    old: Sequence[str], new: Sequence[str], budget: Budget, line_breaks: frozenset[str]
) -> list[Change]:
    """Return the changes from `old` to `new`, counted in words.

    Lines end with a word of `line_breaks`. Equal lines are matched first, so that words are
    compared only within lines that changed.
    """
    old_ends, new_ends = _line_ends(old, line_breaks), _line_ends(new, line_breaks)
    changed: list[Change] = []
    lines = changes(_lines(old, old_ends), _lines(new, new_ends), budget)
    for start, end, first, last in lines:
        at, beside = old_ends[start], new_ends[first]
        within = changes(old[at : old_ends[end]], new[beside : new_ends[last]], budget)
        changed += [
            Change(at + change.start, at + change.end, beside + change.first, beside + change.last)
            for change in within
        ]
    return changed


def readable(
    changed: list[Change], old: Sequence[str], new: Sequence[str], line_breaks: frozenset[str]
) -> list[Change]:
    """Return the same changes as a person would mark them.

    A few equal words between two larger changes become part of one change, and where a change can
    begin at several places, it begins at the beginning of a line or word.
    """
    return _begun_at_words(_joined(changed, old, new, line_breaks), old, new)


def _line_ends(words: Sequence[str], line_breaks: frozenset[str]) -> list[int]:
    """Return 0 and the place after the end of each line."""
    ends = [0, *(place for place, word in enumerate(words, 1) if word in line_breaks)]
    return ends if ends[-1] == len(words) else [*ends, len(words)]


def _lines(words: Sequence[str], ends: list[int]) -> list[tuple[str, ...]]:
    return [tuple(words[start:end]) for start, end in pairwise(ends)]


def _joined(
    changed: list[Change], old: Sequence[str], new: Sequence[str], line_breaks: frozenset[str]
) -> list[Change]:
    letters, put = _letters_before(old), _letters_before(new)

    def size(change: Change) -> int:
        """Return how many letters were removed or added, whichever is more."""
        return max(
            letters[change.end] - letters[change.start], put[change.last] - put[change.first]
        )

    joined: list[Change] = []
    for change in changed:
        while joined:
            before = joined[-1]
            kept = letters[change.start] - letters[before.end]
            if kept > min(size(before), size(change)):
                break
            if not line_breaks.isdisjoint(old[before.end : change.start]):
                break
            joined.pop()
            change = Change(before.start, change.end, before.first, change.last)
        joined.append(change)
    return joined


def _letters_before(words: Sequence[str]) -> list[int]:
    """Count the characters other than white space before each place and before the end."""
    sizes = (0 if word.isspace() else len(word) for word in words)
    return list(accumulate(sizes, initial=0))


def _begun_at_words(changed: list[Change], old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Move each pure addition or removal to the best of its equivalent places."""
    moved: list[Change] = []
    for index, change in enumerate(changed):
        free = change.start - (moved[-1].end if moved else 0)
        after = (changed[index + 1].start if index + 1 < len(changed) else len(old)) - change.end
        if change.start == change.end:
            shift = _best_shift(new, change.first, change.last, free, after)
        elif change.first == change.last:
            shift = _best_shift(old, change.start, change.end, free, after)
        else:
            shift = 0
        moved.append(Change(*(place + shift for place in change)))
    return moved


def _best_shift(words: Sequence[str], start: int, end: int, free: int, after: int) -> int:
    back = 0
    while back < min(free, _SLIDE_MAX) and words[start - back - 1] == words[end - back - 1]:
        back += 1
    best, best_score = 0, _score(words, start)
    forward = 0
    while forward < min(after, _SLIDE_MAX) and words[start + forward] == words[end + forward]:
        forward += 1
    for shift in range(-back, forward + 1):
        score = _score(words, start + shift)
        if score > best_score:
            best, best_score = shift, score
    return best


def _score(words: Sequence[str], start: int) -> int:
    """Rate the beginning of a change: best after a line break, good after a space."""
    before = words[start - 1] if start else "\n"
    if before == "\n" or before.startswith("<br"):
        return 2
    return 1 if before.isspace() else 0
