"""Mark the passages that comments quote in the text of a revision."""

import re
from array import array
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.text.html_blocks import TAG_PATTERN, name_of
from workinggroups.deliverables.models import ReviewComment

_PIECE = re.compile(rf"(?P<tag>{TAG_PATTERN})|(?P<space>\s+)|&#?\w+;|[^<\s&]+|[<&]")
# Words continue across these tags; at any other tag a line or a block ends.
_INLINE = frozenset(
    ["a", "abbr", "code", "del", "em", "ins", "kbd", "mark", "s", "span", "strong", "sub", "sup"]
) | frozenset(["u", "wbr"])
# No link is put into another link or into a formula.
_CLOSED = frozenset(["a", "math"])
# How many occurrences of a quote are tested for whole words before the first one is taken.
_TRIES = 20


class Passage(NamedTuple):
    """A quoted passage: its offsets in the HTML, and the numbers of the comments that quote it."""

    start: int
    end: int
    numbers: list[int]


def with_quotes(html: str, comments: Iterable[ReviewComment]) -> SafeString:
    """Return the cleaned HTML with each quoted passage underlined, and a numbered link to its comment.

    A passage is found by its words across markup, lines and blocks. Its first occurrence is marked,
    once for all comments that quote it. A quote that does not occur is left out.
    """
    quotes = _quoted(comments)
    passages = _ReadText(html).passages(quotes) if quotes else []
    if not passages:
        return mark_safe(html)  # noqa: S308  (cleaned when written)
    return mark_safe("".join(_marked(html, passages)))  # noqa: S308  (as above, marks escaped)


def _quoted(comments: Iterable[ReviewComment]) -> dict[str, list[int]]:
    """Return the numbers of the comments by the passage they quote."""
    numbers: dict[str, list[int]] = {}
    for comment in comments:
        words = " ".join(comment.quote.split())
        if words:
            numbers.setdefault(words, []).append(comment.number)
    return numbers


class _ReadText:
    """A text as readers see it, and the offset of each of its characters in the HTML."""

    def __init__(self, html: str) -> None:
        self.parts: list[str] = []
        self.places = array("L")
        self.entity_ends: dict[int, int] = {}
        self.ends_in_space = True
        for piece in _PIECE.finditer(html):
            if piece["tag"]:
                if name_of(piece["tag"]) not in _INLINE:
                    self.add_space(piece.start())
            elif piece["space"]:
                self.add_space(piece.start())
            else:
                self.add(piece[0], piece.start(), piece.end())
        self.text = "".join(self.parts)

    def add_space(self, place: int) -> None:
        if not self.ends_in_space:
            self.parts.append(" ")
            self.places.append(place)
            self.ends_in_space = True

    def add(self, words: str, start: int, end: int) -> None:
        self.ends_in_space = False
        if words[0] != "&":
            self.parts.append(words)
            self.places.extend(range(start, end))
            return
        signs = unescape(words)
        if signs.isspace():
            self.add_space(start)
            return
        self.parts.append(signs)
        self.places.extend([start] * len(signs))
        self.entity_ends[start] = end

    def passages(self, quotes: dict[str, list[int]]) -> list[Passage]:
        """Return the passages in order of their start, the longer one first."""
        passages = []
        for quote, numbers in quotes.items():
            at = self.find(quote)
            if at >= 0:
                last = self.places[at + len(quote) - 1]
                end = self.entity_ends.get(last, last + 1)
                passages.append(Passage(self.places[at], end, numbers))
        return sorted(passages, key=lambda passage: (passage.start, -passage.end))

    def find(self, quote: str) -> int:
        """Return the offset of the first occurrence as whole words, else of the first one, else -1."""
        first = at = self.text.find(quote)
        for _try in range(_TRIES):
            if at < 0:
                break
            if self.is_border(at) and self.is_border(at + len(quote)):
                return at
            at = self.text.find(quote, at + 1)
        return first

    def is_border(self, place: int) -> bool:
        around = self.text[max(place - 1, 0) : place + 1]
        return place == 0 or not around.isalnum() or len(around) < 2


def _marked(html: str, passages: list[Passage]) -> Iterator[str]:
    """Yield the HTML with its marks.

    The text between two tags is cut where a passage begins or ends, so that marks never cross tags
    or each other.
    """
    cuts = sorted({place for passage in passages for place in passage[:2]})
    ends = sorted(passages, key=lambda passage: passage.end)
    begun = ended = 0  # how many passages have begun, and of `ends` have ended
    next_cut = 0
    waiting: list[str] = []  # links that are not allowed at this point
    closed = 0
    in_formula = 0
    for piece in _TEXT_OR_TAG.finditer(html):
        if piece["tag"]:
            tag = piece["tag"]
            name = name_of(tag)
            step = -1 if tag[1] == "/" else 1
            closed += step if name in _CLOSED else 0
            in_formula += step if name == "math" else 0
            yield tag
            if waiting and closed <= 0:
                yield from waiting
                waiting.clear()
            continue
        place, last = piece.span()
        while place < last:
            while next_cut < len(cuts) and cuts[next_cut] <= place:
                next_cut += 1
            while begun < len(passages) and passages[begun].start <= place:
                begun += 1
            until = min(cuts[next_cut], last) if next_cut < len(cuts) else last
            words = html[place:until]
            is_quoted = begun > ended and not in_formula and not words.isspace()
            yield f'<span class="quoted">{words}</span>' if is_quoted else words
            while ended < len(ends) and ends[ended].end <= until:
                waiting += [_link(number) for number in ends[ended].numbers]
                ended += 1
            if waiting and closed <= 0:
                yield from waiting
                waiting.clear()
            place = until


_TEXT_OR_TAG = re.compile(rf"(?P<tag>{TAG_PATTERN})|[^<]+|<")


def _link(number: int) -> SafeString:
    return format_html(
        '<a class="quoted-number" href="#comment-{}" aria-label="{}">{}</a>',
        number,
        _("Comment %(number)d") % {"number": number},
        number,
    )
