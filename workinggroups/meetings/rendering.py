"""Notes as they are shown: Markdown, with each marked line as a box that can be pointed at."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.text.markdown import Document, TextKind, written
from common.text.tree import Kind, Node
from workinggroups.meetings.lines import LineKind, MarkedLine, ParsedNotes, PlacedLine, parse_notes


def notes_html(source: str) -> str:
    """Clean HTML of the notes. Raises Invalid for a text that Markdown would refuse."""
    return notes_document(source).html


def notes_document(source: str) -> Document:
    """The notes as `markdown.read` gives a text, each marked line in its place within a box."""
    return document_of(parse_notes(source))


def document_of(notes: ParsedNotes) -> Document:
    """The same of notes that were parsed. Their tree is changed: it can be written once."""
    reading = notes.reading
    by_parent: dict[int, list[PlacedLine]] = {}
    named: set[str] = set()
    for placed in notes.placed:
        # A number that somebody typed twice names the first of its lines.
        placed.anchors = tuple(mark for mark in placed.line.marks if mark not in named)
        named.update(placed.line.marks)
        by_parent.setdefault(id(placed.parent), []).append(placed)
    waiting = [reading.root]
    while by_parent and waiting:
        node = waiting.pop()
        waiting.extend(child for child in node.children if child.children)
        if (lines := by_parent.get(id(node))) and node.kind is Kind.ITEM:
            node.children = _with_boxes(node, lines)
        if any(id(child) in by_parent and child.kind is Kind.PARAGRAPH for child in node.children):
            node.children = [
                piece
                for child in node.children
                for piece in _split(child, by_parent.get(id(child), ()))
            ]
    return written(reading, TextKind.NOTES)


def _split(node: Node, lines: list[PlacedLine] | tuple[()]) -> list[Node]:
    """A paragraph as those before, between and after its boxes, with the boxes; others as they are."""
    if not lines or node.kind is not Kind.PARAGRAPH:
        return [node]
    pieces: list[Node] = []
    words: list[Node] = []
    for child in [*_with_boxes(node, lines), None]:
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


def _with_boxes(parent: Node, lines: list[PlacedLine] | tuple[()]) -> list[Node]:
    """The children of a node with those of each marked line in a box."""
    children: list[Node] = []
    position = 0
    for placed in lines:
        children += parent.children[position : placed.first]
        children = _without_last_break(children)
        children.append(_box(placed))
        position = placed.last
        while position < len(parent.children) and _is_break(parent.children[position]):
            position += 1
    return children + parent.children[position:]


def _box(placed: PlacedLine) -> Node:
    box = Node(
        Kind.BOX, placed.parent.start, placed.parent.end, _around(placed.line, placed.anchors)
    )
    paragraph = Node(Kind.PARAGRAPH, box.start, box.end)
    paragraph.children = placed.words
    box.children = [paragraph]
    return box


def _around(line: MarkedLine, anchors: tuple[str, ...]) -> tuple[str, str]:
    """The HTML before and after the words of a marked line."""
    is_decision = line.kind == LineKind.DECISION
    anchor = format_html(' id="{}"', line.mark) if line.mark in anchors else ""
    before = format_html(
        '<div class="line-record{}"{}><header><span class="state is-{}">{}</span>'
        " <span>{}</span></header>",
        "" if is_decision else " line-record--action",
        anchor,
        "accent" if is_decision else "wait",
        _("Decision") if is_decision else _("Action"),
        _anchored(line.marks, anchors),
    )
    return before, "</div>"


def _anchored(marks: tuple[str, ...], anchors: tuple[str, ...]) -> SafeString:
    """The numbers of a line's items. The box has the anchor of the first; others have their own."""
    others = (
        format_html(', <span id="{0}">{0}</span>' if mark in anchors else ", {0}", mark)
        for mark in marks[1:]
    )
    return format_html(
        "{}{}",
        marks[0] if marks else "",
        format_html_join("", "{}", ((other,) for other in others)),
    )


def _is_break(node: Node) -> bool:
    return node.kind in {Kind.SOFT_BREAK, Kind.HARD_BREAK}


def _without_last_break(nodes: list[Node]) -> list[Node]:
    return nodes[:-1] if nodes and _is_break(nodes[-1]) else nodes


def _without_breaks(nodes: list[Node]) -> list[Node]:
    first, last = 0, len(nodes)
    while first < last and _is_break(nodes[first]):
        first += 1
    while last > first and _is_break(nodes[last - 1]):
        last -= 1
    return nodes[first:last]
