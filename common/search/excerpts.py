"""Titles and excerpts of hits with the matches marked, as escaped HTML."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.search.choices import AFTER_MATCH, ALONE, BEFORE_MATCH, EXCERPT_FRAGMENTS
from common.search.words import words_of

# The words of a term that must follow one another: each with its distance from the first, and
# whether it is only the beginning of a pair (`words.py`).
Following = Sequence[tuple[str, int, bool]]

# A blank line separates two blocks of a text, such as a heading and a paragraph.
_BLANK_LINE = re.compile(r"\n\s*\n")
_BETWEEN_BLOCKS = " · "
_CUT = "…"
_ENDS_SENTENCE = frozenset(".!?…:;。！？：；।။។")
_CLOSING = "\"'”’»)]」』）"


class Match(NamedTuple):
    """A match at one place: of the whole word or only its first character, and for which terms."""

    is_whole: bool
    terms: frozenset[int]


class _Span(NamedTuple):
    """Characters of a text that match."""

    start: int
    end: int
    terms: frozenset[int]


def matched_places(
    word_places: Mapping[str, Sequence[int]], terms: Iterable[Iterable[Following]]
) -> dict[int, Match]:
    """Return the places, from 1, of the words of complete terms.

    `word_places` has the places of each word in the entry. Each term is given in the forms in which
    it can occur there.
    """
    places: dict[int, Match] = {}
    for number, forms in enumerate(terms):
        for form in forms:
            for start in _starts(word_places, form):
                for _, distance, is_open in form:
                    before = places.get(start + distance, Match(False, frozenset()))
                    places[start + distance] = Match(
                        before.is_whole or not is_open, before.terms | {number}
                    )
    return places


def _starts(word_places: Mapping[str, Sequence[int]], form: Following) -> set[int]:
    """Return the places of the first word of a form where all its other words follow."""
    starts = [
        {
            place - distance
            for word, at in word_places.items()
            if (word.startswith(text) if is_open else word == text)
            for place in at
        }
        for text, distance, is_open in form
    ]
    return set.intersection(*starts) if starts else set()


def marked(text: str, places: Mapping[int, Match], before: int = 0) -> SafeString:
    """Return the whole text with the matches marked; its first word is the one at `before` + 1."""
    return _html(text, 0, len(text), _spans(text, places, before))


def marked_lines(text: str, places: Mapping[int, Match], before: int) -> dict[str, SafeString]:
    """Return those lines of a text that hold a match, each with its matches marked."""
    lines: dict[str, SafeString] = {}
    for line in text.split("\n"):
        count = sum(1 for _ in words_of(line))
        if any(before < place <= before + count for place in places):
            lines[line] = marked(line, places, before)
        before += count
    return lines


def excerpt(text: str, places: Mapping[int, Match], before: int) -> SafeString:
    """Return the text around its first match and around the first match of each further term.

    Without a match, return the beginning of the text. At most three pieces.
    """
    spans = _spans(text, places, before)
    pieces: list[tuple[int, int]] = []
    shown: set[int] = set()
    for span in spans:
        reached = pieces[-1][1] if pieces else 0
        if span.terms <= shown or (pieces and span.start < reached):
            shown |= span.terms
            continue
        if len(pieces) == EXCERPT_FRAGMENTS:
            break
        begin = _begin(text, span.start, reached)
        end = _end(text, max(span.end, span.start + AFTER_MATCH))
        if pieces and begin == reached:
            begin, _ = pieces.pop()
        pieces.append((begin, end))
        shown |= span.terms
    if len(pieces) < 2:
        begin, end = pieces[0] if pieces else (0, 0)
        pieces = [(begin, _end(text, max(end, begin + ALONE)))]
    return joined([_piece(text, begin, end, spans) for begin, end in pieces])


def joined(pieces: Sequence[SafeString]) -> SafeString:
    """Join pieces of a text with one ellipsis between two of them."""
    whole = pieces[0]
    for piece in pieces[1:]:
        has_ellipsis = whole.endswith(_CUT) or piece.startswith(_CUT)
        between = " " if has_ellipsis else f" {_CUT} "
        whole = mark_safe(f"{whole}{between}{piece}")  # noqa: S308 - each piece is escaped
    return mark_safe(whole.replace(f"{_CUT} {_CUT}", _CUT))  # noqa: S308 - each piece is escaped


def _spans(text: str, places: Mapping[int, Match], before: int) -> list[_Span]:
    wanted = {place - before: match for place, match in places.items() if place > before}
    spans: list[_Span] = []
    last = max(wanted, default=0)
    for number, word in enumerate(words_of(text), 1):
        if number > last:
            break
        match = wanted.get(number)
        if match is None:
            continue
        end = word.end if match.is_whole else word.first
        if spans and word.start <= spans[-1].end:
            previous = spans[-1]
            spans[-1] = _Span(previous.start, max(end, previous.end), previous.terms | match.terms)
        else:
            spans.append(_Span(word.start, end, match.terms))
    return spans


def _begin(text: str, match: int, earliest: int) -> int:
    """Return a place up to 60 characters before the match, between two words if possible."""
    start = max(match - BEFORE_MATCH, earliest)
    if start == earliest:
        return start
    space = text.find(" ", start, match)
    return space + 1 if space >= 0 else start


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", max(end - 30, 0), end)
    return space if space > 0 else end


def _piece(text: str, start: int, end: int, spans: Iterable[_Span]) -> SafeString:
    """Return a piece of the text, with an ellipsis where it begins or ends amid a sentence."""
    before = f"{_CUT} " if _is_amid_sentence(text, start) else ""
    after = f" {_CUT}" if _is_amid_sentence(text, end) else ""
    return mark_safe(f"{before}{_html(text, start, end, spans)}{after}")  # noqa: S308 - escaped


def _is_amid_sentence(text: str, place: int) -> bool:
    """Whether one sentence continues across this place. Reads 100 characters on either side."""
    earlier, later = text[max(place - 100, 0) : place], text[place : place + 100]
    if not earlier.strip() or not later.strip():
        return False
    gap = earlier[len(earlier.rstrip()) :] + later[: len(later) - len(later.lstrip())]
    end = earlier.rstrip().rstrip(_CLOSING)
    return not _BLANK_LINE.search(gap) and end[-1:] not in _ENDS_SENTENCE


def _html(text: str, start: int, end: int, spans: Iterable[_Span]) -> SafeString:
    """Return the HTML of a piece; each part is escaped separately, so no text adds markup."""
    parts, at = [], start
    for span in spans:
        begin, stop = max(span.start, start), min(span.end, end)
        if begin < stop and begin >= at:
            parts += [escape(text[at:begin]), "<mark>", escape(text[begin:stop]), "</mark>"]
            at = stop
    parts.append(escape(text[at:end]))
    blocks = (" ".join(block.split()) for block in _BLANK_LINE.split("".join(parts)))
    return mark_safe(_BETWEEN_BLOCKS.join(block for block in blocks if block))  # noqa: S308
