"""The HTML of notes: Markdown in which each marker is a box with an anchor."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.text.markdown import Document, TextKind, written
from common.text.tree import BREAKS, Kind, Node
from workinggroups.meetings.markers import (
    Marker,
    MarkerKind,
    ParsedNotes,
    PlacedMarker,
    parse_notes,
)


def notes_html(source: str) -> str:
    """Return clean HTML of the notes. Raises Invalid for a text that Markdown refuses."""
    return notes_document(source).html


def notes_document(source: str) -> Document:
    """Return the notes as a document in which each marker is a box."""
    return document_of(parse_notes(source))


def document_of(notes: ParsedNotes) -> Document:
    """Return the document of parsed notes. Changes their tree, so it can be written only once."""
    reading = notes.reading
    by_parent: dict[int, list[PlacedMarker]] = {}
    named: set[str] = set()
    for placed in notes.placed:
        # A reference typed twice leads to its first marker.
        references = placed.marker.references
        placed.anchors = tuple(one for one in references if one not in named)
        named.update(references)
        by_parent.setdefault(id(placed.parent), []).append(placed)
    waiting = [reading.root]
    while by_parent and waiting:
        node = waiting.pop()
        waiting.extend(child for child in node.children if child.children)
        if (markers := by_parent.get(id(node))) and node.kind is Kind.ITEM:
            node.children = _with_boxes(node, markers)
        if any(id(child) in by_parent and child.kind is Kind.PARAGRAPH for child in node.children):
            node.children = [
                piece
                for child in node.children
                for piece in _split(child, by_parent.get(id(child), ()))
            ]
    return written(reading, TextKind.NOTES)


def _split(node: Node, markers: Sequence[PlacedMarker]) -> list[Node]:
    """Split a paragraph at its markers, which become boxes; return other nodes as they are."""
    if not markers or node.kind is not Kind.PARAGRAPH:
        return [node]
    pieces: list[Node] = []
    words: list[Node] = []
    for child in [*_with_boxes(node, markers), None]:
        if child is not None and child.kind is not Kind.BOX:
            words.append(child)
            continue
        words = _without_breaks(words)
        if words:
            paragraph = Node(Kind.PARAGRAPH, words[0].start, words[-1].end)
            paragraph.children, words = words, []
            pieces.append(paragraph)
        if child is not None:
            pieces.append(child)
    return pieces


def _with_boxes(parent: Node, markers: Sequence[PlacedMarker]) -> list[Node]:
    """Return the children of a node with those of each marker in a box."""
    children: list[Node] = []
    position = 0
    for placed in markers:
        children += parent.children[position : placed.first]
        if children and children[-1].kind in BREAKS:
            children.pop()
        children.append(_box(placed))
        position = placed.last
        while position < len(parent.children) and parent.children[position].kind in BREAKS:
            position += 1
    return children + parent.children[position:]


def _box(placed: PlacedMarker) -> Node:
    around = _around(placed.marker, placed.anchors)
    box = Node(Kind.BOX, placed.parent.start, placed.parent.end, around)
    paragraph = Node(Kind.PARAGRAPH, box.start, box.end)
    paragraph.children = placed.words
    box.children = [paragraph]
    return box


def _around(marker: Marker, anchors: tuple[str, ...]) -> tuple[str, str]:
    """Return the HTML before and after the words of a marker."""
    is_decision = marker.kind == MarkerKind.DECISION
    anchor = format_html(' id="{}"', marker.reference) if marker.reference in anchors else ""
    before = format_html(
        '<div class="line-record{}"{}><header><span class="state is-{}">{}</span>'
        " <span>{}</span></header>",
        "" if is_decision else " line-record--action",
        anchor,
        "accent" if is_decision else "wait",
        _("Decision") if is_decision else _("Action"),
        _anchored(marker.references, anchors),
    )
    return before, "</div>"


def _anchored(references: tuple[str, ...], anchors: tuple[str, ...]) -> SafeString:
    """Return a marker's references. The box has the anchor of the first, others have their own."""
    others = (
        format_html(', <span id="{0}">{0}</span>' if one in anchors else ", {0}", one)
        for one in references[1:]
    )
    return format_html(
        "{}{}",
        references[0] if references else "",
        format_html_join("", "{}", ((other,) for other in others)),
    )


def _without_breaks(nodes: list[Node]) -> list[Node]:
    first, last = 0, len(nodes)
    while first < last and nodes[first].kind in BREAKS:
        first += 1
    while last > first and nodes[last - 1].kind in BREAKS:
        last -= 1
    return nodes[first:last]
