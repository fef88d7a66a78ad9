"""Words that CommonMark drops, put back into the tree as they were typed.

Such as a link definition that nothing refers to.
"""

import re
from bisect import bisect_left

import pyromark
from django.utils.translation import gettext as _
from pyromark import Options

from common.errors import Invalid
from common.text.limits import DEFINITIONS_MAX
from common.text.raw_html import ELEMENT_BLOCKS, Element
from common.text.tree import Kind, Node
from common.text.tree_builder import IMPLIED, with_dollars

# The first and the end byte of a piece of the source, and the label of a definition.
Place = tuple[int, int, str]

WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]")
_ITEM_START = re.compile(rb"\s*(?:\d{1,9}[.)]|[-+*])(?:\s+\[[xX ]\](?=\s))?")
_FOOTNOTE_START = re.compile(rb"\s*\[\^[^\]]*\]:")
_ALERT_START = re.compile(rb"\s*>?\s*\[![A-Za-z]+\]")
_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)


class LostWords:
    """Finds the words of one source that no node of its tree holds.

    The builder of the tree appends, in order, to `html` the places of typed HTML, to `left_out`
    those of attribute lists, and to `used_labels` the definitions that a link uses.
    """

    def __init__(self, text: str, source: bytes, options: Options) -> None:
        self.text = text
        self.source = source
        self.options = options
        self.used_labels: set[str] = set()
        self.html: list[Place] = []
        self.left_out: list[Place] = []
        self._definitions: list[Place] | None = None
        self._line_count = 0

    def restore(self, node: Node) -> None:
        """Put back the words between the blocks of a container that no block holds."""
        position = self._content_start(node)
        children: list[Node] = []
        for child in node.children:
            if child.start > position and (words := self._words_between(position, child.start)):
                children.extend(_fitting(words, node))
            children.append(child)
            position = max(position, child.end)
        if node.end > position and (words := self._words_between(position, node.end)):
            children.extend(_fitting(words, node))
        if len(children) > len(node.children):
            node.children = children

    def _content_start(self, node: Node) -> int:
        if node.kind == Kind.ELEMENT:
            return node.start + len(node.data.source.encode())
        pattern = {
            Kind.ITEM: _ITEM_START,
            Kind.FOOTNOTE: _FOOTNOTE_START,
            Kind.QUOTE: _ALERT_START if node.data else None,
        }.get(node.kind)
        marker = pattern.match(self.source, node.start, node.end) if pattern else None
        return marker.end() if marker else node.start

    def _words_between(self, start: int, end: int) -> Node | None:
        """Return a paragraph with the lost words between two bytes, or None without any."""
        if not WORD.search(self.source, start, end):
            return None
        pieces, position = [], start
        for begin, stop in self._accounted(start, end):
            pieces.append(self.source[position : max(position, begin)])
            position = max(position, min(stop, end))
        pieces.append(self.source[position:end])
        text = with_dollars(b"".join(pieces).decode(errors="replace"))
        text = _QUOTE_MARKS.sub("", text).strip()
        if not WORD.search(text.encode()):
            return None
        self._line_count += text.count("\n") + 1
        if self._line_count > DEFINITIONS_MAX:
            raise Invalid(_("This text has too many unused link definitions. Remove some."))
        paragraph = Node(Kind.PARAGRAPH, start, end)
        for number, line in enumerate(text.split("\n")):
            if number:
                paragraph.children.append(Node(Kind.HARD_BREAK, start, start))
            paragraph.children.append(Node(Kind.TEXT, start, end, text=line.strip()))
        return paragraph

    def _accounted(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the places between two bytes that are HTML, attribute lists or used definitions."""
        places = []
        definitions = self._all_definitions()
        for known in (definitions, self.html, self.left_out):
            # The place before can reach beyond `start`.
            for place in range(max(bisect_left(known, (start, 0, "")) - 1, 0), len(known)):
                begin, stop, label = known[place]
                if stop <= start:
                    continue
                if begin >= end:
                    break
                if known is not definitions or label in self.used_labels:
                    places.append((begin, stop))
        return sorted(places)

    def _all_definitions(self) -> list[Place]:
        if self._definitions is None:
            definitions = pyromark.reference_definitions(self.text, options=self.options)
            self._definitions = sorted(
                (item["span"]["start"], item["span"]["end"], label_key(label))
                for label, item in definitions.items()
            )
        return self._definitions


def label_key(label: str) -> str:
    """Return what equal labels of links have in common: case and spaces do not count."""
    return " ".join(label.casefold().split())


def _fitting(words: Node, parent: Node) -> list[Node]:
    """Return a paragraph in the shape that its parent can hold.

    In an inline element its words become part of the line; in a typed table or list they go into
    the cell or item that is required there.
    """
    if parent.kind is not Kind.ELEMENT:
        return [words]
    if parent.data.written not in ELEMENT_BLOCKS:
        space = Node(Kind.TEXT, words.start, words.start, text=" ")
        return [space, *words.children, space]
    for name in reversed(IMPLIED.get(parent.data.written, ())):
        element = Element(name, name, is_closed=True)
        around = Node(Kind.ELEMENT, words.start, words.end, element)
        around.children.append(words)
        words = around
    return [words]
