"""Former anchors of a text that was rendered again, so that links into it keep working.

Headings, footnotes and the places that refer to footnotes have anchors.
"""

import html as entities
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from common.text.alignment import longest_rising
from common.text.cleaning import ID_PREFIX
from common.text.markdown import plain

# A heading's start or end tag, or the empty element that carries a former anchor.
_TOKEN = re.compile(r'<h[1-6]\b[^<>]*>|</h[1-6]>|<a id="[^"]*"></a>')
_ID = re.compile(r'\sid="([^"]*)"')
_TAG = re.compile(r"<[^<>]*>")
# A footnote, and a place that refers to one, each with the former anchors that it carries already.
# An earlier renderer put the anchor of such a reference on the link in it.
_ALIASES = r'(?P<aliases>(?:<a id="[^"]*"></a>)*)'
_NOTES = '<section class="footnotes"'
_NOTE = re.compile(rf'<li id="(?P<anchor>[^"]*)">{_ALIASES}')
_REFERENCE = re.compile(
    rf'<sup class="footnote-ref"(?: id="(?P<anchor>[^"]*)")?>{_ALIASES}'
    r'(?:<a [^<>]*?(?<=\s)id="(?P<former>[^"]*)")?'
)


@dataclass
class _Place:
    """A heading, note or reference of stored HTML: its words, its anchors, and where it begins."""

    words: str
    content_start: int
    anchors: list[str] = field(default_factory=list)
    is_element: bool = True  # False: the beginning of a text whose headings are all gone


def with_former_anchors(new_html: str, old_html: str) -> str:
    """Return `new_html` with an empty `<a id>` for each anchor of `old_html` that it lacks.

    Each goes into the heading that corresponds to its former one. Headings are matched in order by
    their words; those whose words changed, by their place between two that did not. The anchor of a
    removed heading goes into the heading before it, and in a text without headings to the beginning.
    An anchor that an element of `new_html` has stays with that element. Footnotes are matched in
    the same way, and references to them by their order. Linear in the two texts, but for sorting.
    """
    taken = set(_ID.findall(new_html))
    added: dict[int, list[str]] = {}
    for places_of in (_footnotes, _references, _headings):
        old = places_of(old_html)
        if all(anchor in taken for place in old for anchor in place.anchors):
            continue
        _add_missing(
            old, [place for place in places_of(new_html) if place.is_element], taken, added
        )
    pieces: list[str] = []
    position = 0
    for start in sorted(added):
        pieces.append(new_html[position:start])
        pieces += [f'<a id="{anchor}"></a>' for anchor in added[start]]
        position = start
    return "".join([*pieces, new_html[position:]])


def _add_missing(
    old: Sequence["_Place"],
    new: Sequence["_Place"],
    taken: set[str],
    added: dict[int, list[str]],
) -> None:
    """Add each anchor of `old` that is not taken at the start of the corresponding place in `new`."""
    new = new or [_Place(words="", content_start=0)]
    last = 0
    new_indexes = _matches([place.words for place in old], [place.words for place in new])
    for former, index in zip(old, new_indexes, strict=True):
        last = last if index is None else index
        for anchor in former.anchors:
            if anchor not in taken:
                taken.add(anchor)
                added.setdefault(new[last].content_start, []).append(anchor)


def _footnotes(html: str) -> list["_Place"]:
    start = html.find(_NOTES)
    notes = list(_NOTE.finditer(html, start)) if start >= 0 else []
    ends = [*(note.start() for note in notes), len(html)][1:]
    return [
        _Place(
            words=plain(html[note.end() : end]).casefold(),
            content_start=note.end(),
            anchors=_own([note["anchor"], *_ID.findall(note["aliases"])]),
        )
        for note, end in zip(notes, ends, strict=True)
    ]


def _references(html: str) -> list["_Place"]:
    return [
        _Place(
            words="",
            content_start=reference.end("aliases"),
            anchors=_own(
                [reference["anchor"], reference["former"], *_ID.findall(reference["aliases"])]
            ),
        )
        for reference in _REFERENCE.finditer(html)
    ]


def _own(anchors: Sequence[str | None]) -> list[str]:
    return [anchor for anchor in anchors if anchor and anchor.startswith(ID_PREFIX)]


def _headings(html: str) -> list[_Place]:
    headings: list[_Place] = []
    is_open = False
    for token in _TOKEN.finditer(html):
        tag = token[0]
        if tag.startswith("</"):
            if is_open:
                heading = headings[-1]
                heading.words = _words(html[heading.content_start : token.start()])
            is_open = False
            continue
        if tag.startswith("<h"):
            headings.append(_Place(words="", content_start=token.end()))
            is_open = True
        elif not is_open and headings and headings[-1].is_element:
            continue  # the writer's own anchor, which is rendered from the source
        elif not headings:
            headings.append(_Place(words="", content_start=0, is_element=False))
        if (anchor := _ID.search(tag)) and anchor[1].startswith(ID_PREFIX):
            headings[-1].anchors.append(anchor[1])
    return headings


def _words(html: str) -> str:
    return " ".join(entities.unescape(_TAG.sub("", html)).split()).casefold()


def _matches(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return the index of the new heading for each old one, rising; None for a removed one."""
    places: list[int | None] = [None] * len(old)
    bounds = [(-1, -1), *_in_order(old, new), (len(old), len(new))]
    for (old_before, new_before), (old_after, new_after) in pairwise(bounds):
        if old_after < len(old):
            places[old_after] = new_after
        _match_between(old, new, (old_before + 1, old_after), (new_before + 1, new_after), places)
    return places


def _in_order(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of headings whose words occur once in each text and that keep their order."""
    old_counts, new_counts = Counter(old), Counter(new)
    place_of = {words: place for place, words in enumerate(new) if new_counts[words] == 1}
    pairs = [
        (place, place_of[words])
        for place, words in enumerate(old)
        if old_counts[words] == 1 and words in place_of
    ]
    return longest_rising(pairs)


def _match_between(
    old: Sequence[str],
    new: Sequence[str],
    old_span: tuple[int, int],
    new_span: tuple[int, int],
    places: list[int | None],
) -> None:
    """Match the headings between two fixed pairs: equal words first, the others by their order."""
    old_start, old_end = old_span
    new_start, new_end = new_span
    while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
        places[old_start] = new_start
        old_start, new_start = old_start + 1, new_start + 1
    while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
        places[old_end] = new_end
    if old_end - old_start == new_end - new_start:
        # As many as before: match each with the one in its place, whatever its words.
        for offset in range(old_end - old_start):
            places[old_start + offset] = new_start + offset
        return
    where: dict[str, list[int]] = {}
    for place in range(new_start, new_end):
        where.setdefault(new[place], []).append(place)
    last = new_start - 1
    for place in range(old_start, old_end):
        same = where.get(old[place], [])
        index = bisect_right(same, last)
        if index < len(same):
            places[place] = last = same[index]
