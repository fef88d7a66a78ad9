"""Markers in notes: lines that say what the group decided, or who does what by when.

The syntax, one line each:

    decision: The operator declares the limit.
    action: @Grace Wanjiru asks the hospital group by 2026-12-04
    - [ ] @Grace asks the hospital group by 4 December

Markers are found in the parsed text, so code, quotes and tables hold none, and a marker includes
what follows it within its list item. A box without a name stays a box, and "Action: none" is no
marker. A ticked box stays a box unless it ends in the number of its item. Once an item exists for a
marker, the marker ends in the item's number, such as `[A-12]`. The number is the marker's identity:
whatever else is edited, no second item is created for it. `assignment.py` reads what the words of
an action say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from common.text.markdown import TextKind, parse
from common.text.raw_html import ELEMENT_BLOCKS
from common.text.reading import Reading
from common.text.tree import BLOCKS, BREAKS, Kind, Node, text_of

_WORD = re.compile(r"\s*(?P<word>action|decision)\s*(?P<colon>:?)\s*", re.IGNORECASE)
_COLON = re.compile(r"\s*:\s*")
_LAST_REFERENCE = re.compile(r"\[([AD]-\d{1,9})\]\Z")
_REFERENCE_MAX_CHARACTERS = len("[A-123456789]")
# "None", in the languages of those who write minutes, and what may follow it there.
_NONE = (
    r"none|no|nil|nothing|keiner?|keine[ns]?|nichts|entfällt|aucune?|néant|rien|ningun[oa]|nada"
    r"|nessun[oa]?|niente|nenhuma?|geen|ingen|inga|inget|intet|brak|žádn[éýá]|žiadn[eya]|нет|немає"
    r"|nincs|yok|ei|puudub|nav|nėra|nema|niciun[ua]?|không(?:\s+có)?|tidak\s+ada"
)
_ITEMS = (
    r"(?:(?:new|further|formal|other|open)\s+)?(?:action|decision|resolution|motion|agreement|vote)s?"
    r"(?:\s+(?:items?|points?))?|items?|points?"
    r"|beschl(?:uss|üsse)|entscheidung(?:en)?|aufgaben?|maßnahmen?"
    r"|décisions?|actions?|decisi(?:ón|ones)|acci(?:ón|ones)|acuerdos?|decision[ei]|azion[ei]"
    r"|decis(?:ão|ões)|besluit(?:en)?|actie(?:s|punten)?|beslut|rozhodnut[íi]|decyzji"
)
_TAKEN = (
    r"(?:were|was|have\s+been|has\s+been)?\s*(?:taken|made|reached|recorded|required|needed|noted"
    r"|necessary|identified|agreed|assigned|raised|getroffen|gefasst|prise?s?|tomadas?)"
)
_WHEN = (
    r"(?:at|in|for|during)\s+(?:this|the)\s+(?:time|moment|meeting|point|present)|for\s+now|so\s+far"
    r"|yet|today|this\s+time|at\s+present|to\s+(?:report|record|note)|bisher|heute|pour\s+l['’]instant"
)
_NOTHING = re.compile(
    rf"(?:(?:{_NONE})(?:\s+(?:{_ITEMS}))?(?:\s+{_TAKEN})?(?:\s+(?:{_WHEN}))?"
    r"|n\s*[./]?\s*a|tb[adc]|to\s+be\s+(?:decided|determined|confirmed|announced|defined)|[-–—/.…?]+"
    r"|(?:特に)?(?:なし|無し|ありません)|未定|該当なし|[暂暫]?[无無]|[没沒]有|待定|없음|없습니다|미정|لا\s+يوجد"
    r"|אין|ไม่มี)",
    re.IGNORECASE,
)
_NOTHING_MAX_CHARACTERS = 80
_AROUND = " .!。．…()[]（）「」『』\"'“”„‟‘’«»‹›*_"
# Full-width letters and signs, as Japanese and Chinese keyboards give them.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class MarkerKind(StrEnum):
    ACTION = "action"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Marker:
    """A line marked as action or decision: its words without the mark.

    `number` is the line of the source at which the marker begins, from 1. `references` are the
    numbers of the items created for it, such as "A-12": several where it names several people.
    `is_done` says that the box before it is ticked.
    """

    number: int
    kind: MarkerKind
    text: str
    references: tuple[str, ...] = ()
    is_done: bool = False

    @property
    def reference(self) -> str:
        """The first reference, or "" where there is no item yet."""
        return self.references[0] if self.references else ""


@dataclass(slots=True)
class PlacedMarker:
    """A marker and its nodes, `parent.children[first:last]`; `words` are those without the mark."""

    marker: Marker
    last_number: int
    parent: Node
    first: int
    last: int
    words: list[Node] = field(default_factory=list)
    # The references that no earlier marker has: links can lead to them.
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedNotes:
    """Notes that were parsed once, for their markers and their HTML."""

    source: str
    reading: Reading
    placed: list[PlacedMarker]

    @property
    def markers(self) -> list[Marker]:
        return [placed.marker for placed in self.placed]

    def with_references(self, references: Mapping[int, tuple[str, ...]]) -> str:
        """Return the source with these references, by marker number, at the end of the markers.

        They replace older references there.
        """
        lines = self.source.split("\n")
        for placed in self.placed:
            if new := references.get(placed.marker.number):
                place = placed.last_number - 1
                written = " ".join(f"[{reference}]" for reference in new)
                # A backslash at the end is a line break, not a word.
                words = lines[place].rstrip()
                words = words[: _cut_references(words)[0]].rstrip()
                lines[place] = f"{words[:-1] if _ends_in_break(words) else words} {written}"
        return "\n".join(lines)


def parse_notes(source: str) -> ParsedNotes:
    """Parse notes. Raises Invalid for a text that Markdown refuses."""
    reading = parse(source, TextKind.NOTES)
    return ParsedNotes(source, reading, _placed_markers(reading))


def markers_in(source: str) -> list[Marker]:
    """Return the markers of a text, in order. Raises Invalid for a text that Markdown refuses."""
    return parse_notes(source).markers


def _ends_in_break(words: str) -> bool:
    return (len(words) - len(words.rstrip("\\"))) % 2 == 1


def _placed_markers(reading: Reading) -> list[PlacedMarker]:
    """Return the markers of a parsed text with their nodes, in order."""
    placed: list[PlacedMarker] = []
    waiting = [reading.root]
    while waiting:
        node = waiting.pop()
        if node.kind is Kind.PARAGRAPH:
            placed += _markers_in(reading, node, 0, len(node.children), goes_on=False)
            continue
        if node.kind is Kind.ITEM:
            placed += _in_item(reading, node)
        waiting.extend(
            child for child in reversed(node.children) if _may_hold(child, node.kind is Kind.ITEM)
        )
    return sorted(placed, key=lambda one: one.marker.number)


def _may_hold(node: Node, is_in_item: bool) -> bool:
    if node.kind is Kind.ELEMENT:
        return node.data.written in {"div", "details"}
    if node.kind is Kind.PARAGRAPH:
        return not is_in_item
    return node.kind in {Kind.LIST, Kind.ITEM}


def _in_item(reading: Reading, item: Node) -> Iterator[PlacedMarker]:
    """Yield the markers of a list item: in its paragraphs, or directly in the item."""
    for child in item.children:
        if child.kind is Kind.PARAGRAPH:
            yield from _markers_in(reading, child, 0, len(child.children), goes_on=True)
    first = 0
    while first < len(item.children):
        last = first
        while last < len(item.children) and not _is_block(item.children[last]):
            last += 1
        if last > first:
            yield from _markers_in(reading, item, first, last, goes_on=True)
        first = last + 1


def _is_block(node: Node) -> bool:
    is_element = node.kind is Kind.ELEMENT and node.data.written in ELEMENT_BLOCKS
    return is_element or node.kind in BLOCKS


def _markers_in(
    reading: Reading, parent: Node, first: int, last: int, *, goes_on: bool
) -> Iterator[PlacedMarker]:
    """Yield the markers of the children from `first` to before `last`.

    With `goes_on`, each includes all children up to the next marker.
    """
    placed: PlacedMarker | None = None
    for begin, end in _lines(parent.children, first, last):
        begun = _begun(reading, parent, begin, end)
        if begun is not None:
            if placed is not None:
                yield from _complete(reading, placed)
            placed = begun
        elif placed is not None and goes_on:
            placed.last = end
        elif placed is not None:
            yield from _complete(reading, placed)
            placed = None
    if placed is not None:
        yield from _complete(reading, placed)


def _lines(children: list[Node], first: int, last: int) -> Iterator[tuple[int, int]]:
    begin = first
    for place in range(first, last):
        if children[place].kind in BREAKS:
            yield begin, place
            begin = place + 1
    yield begin, last


def _begun(reading: Reading, parent: Node, begin: int, end: int) -> PlacedMarker | None:
    """Return the marker that begins with these nodes, or None where they begin none."""
    nodes = parent.children[begin:end]
    if not nodes:
        return None
    start = nodes[0].start
    is_box = nodes[0].kind is Kind.TASK
    is_done = is_box and bool(nodes[0].data)
    if is_box:
        nodes = nodes[1:]
    word, words = _without_word(nodes)
    if word is None:
        if not (is_box and _half_width(_text(nodes)).lstrip().startswith("@")):
            return None
        word = "action"
    marker = Marker(reading.line_of(start), MarkerKind(word), "", is_done=is_done)
    return PlacedMarker(marker, marker.number, parent, begin, end, words)


def _without_word(nodes: list[Node]) -> tuple[str | None, list[Node]]:
    """Return the word before the colon, and the nodes without both; None where there is no word."""
    nodes = list(nodes)
    while nodes and nodes[0].kind in {Kind.STRONG, Kind.EMPHASIS}:
        begun = _WORD.match(_half_width(text_of(nodes[0])))
        if begun is None:
            return None, nodes
        nodes[:1] = nodes[0].children
    if not nodes or nodes[0].kind is not Kind.TEXT:
        return None, nodes
    begun = _WORD.match(_half_width(nodes[0].text))
    if begun is None:
        return None, nodes
    rest = nodes[0].text[begun.end() :]
    if not begun["colon"]:
        if rest or len(nodes) < 2 or nodes[1].kind is not Kind.TEXT:
            return None, nodes
        colon = _COLON.match(_half_width(nodes[1].text))
        if colon is None:
            return None, nodes
        nodes = nodes[1:]
        rest = nodes[0].text[colon.end() :]
    head = nodes[0]
    shown = Node(Kind.TEXT, head.end - len(rest.encode()), head.end, text=rest)
    return begun["word"].lower(), [shown, *nodes[1:]]


def _complete(reading: Reading, placed: PlacedMarker) -> Iterator[PlacedMarker]:
    """Yield the marker with its words and references, unless it says that there is nothing."""
    own = placed.parent.children[placed.first : placed.last]
    first_line = next((place for place, node in enumerate(own) if node.kind in BREAKS), len(own))
    words = [*placed.words, *own[first_line:]]
    text = " ".join(_text(words).split())
    end, references = _cut_references(text)
    if references:
        words = _without_references(words)
        text = text[:end]
    marker = placed.marker
    is_mere_box = marker.is_done and not references and marker.kind == MarkerKind.ACTION
    if not text or _says_nothing(text) or is_mere_box:
        return
    placed.words = [own[0], *words] if marker.is_done else words
    placed.marker = replace(marker, text=text, references=references)
    placed.last_number = reading.line_of(max(own[-1].end - 1, own[-1].start))
    yield placed


def _says_nothing(text: str) -> bool:
    """Tell whether the whole text says that there is nothing: "none taken.", "(keine)"."""
    if len(text) > _NOTHING_MAX_CHARACTERS:
        return False
    plain = _half_width(text)
    words = plain.strip(_AROUND)
    return _NOTHING.fullmatch(words or plain) is not None


def _cut_references(text: str) -> tuple[int, tuple[str, ...]]:
    """Return where the words of the text end, and the references that follow them, in order."""
    references: list[str] = []
    end = words_end = len(text)
    while True:
        while end and text[end - 1].isspace():
            end -= 1
        last = _LAST_REFERENCE.search(text, max(end - _REFERENCE_MAX_CHARACTERS, 0), end)
        if last is None:
            return (end, tuple(reversed(references))) if references else (words_end, ())
        references.append(last[1])
        end = last.start()


def _without_references(words: list[Node]) -> list[Node]:
    last = words[-1]
    if last.kind is not Kind.TEXT:
        return words
    rest = last.text[: _cut_references(last.text)[0]]
    return [*words[:-1], Node(Kind.TEXT, last.start, last.end, text=rest)]


def _text(nodes: list[Node]) -> str:
    around = Node(Kind.DOCUMENT, 0, 0)
    around.children = nodes
    return text_of(around)


def _half_width(text: str) -> str:
    return text.translate(_HALF_WIDTH)
