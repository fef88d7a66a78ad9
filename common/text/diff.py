"""What changed between two sources, word by word."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.text.alignment import Budget
from common.text.marks import added, removed
from common.text.words import split_words
from common.text.wordwise import readable, word_changes

_LINE_BREAKS = frozenset("\n")


def diff_html(old: str, new: str) -> SafeString:
    """Return the new text with removed words in <del> and added words in <ins>, escaped.

    Each change begins with a word for screen readers; line breaks are left to the style sheet.
    Words are compared within lines that changed; where that takes too many steps, whole lines are
    marked. The same two texts always have the same result.
    """
    before, after = split_words(old), split_words(new)
    changes = word_changes(before, after, Budget(), _LINE_BREAKS)
    pieces = []
    place = 0
    for start, end, first, last in readable(changes, before, after, _LINE_BREAKS):
        pieces += [
            escape("".join(after[place:first])),
            removed(escape("".join(before[start:end]))),
            added(escape("".join(after[first:last]))),
        ]
        place = last
    pieces.append(escape("".join(after[place:])))
    return mark_safe("".join(pieces))  # noqa: S308  (each piece escaped above)
