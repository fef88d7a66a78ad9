"""A first pass over a tree: anchors, footnotes and numbers that must be known before it is written."""

from django.utils.translation import gettext as _

from common.text.headings import Anchors
from common.text.raw_html import ELEMENT_BLOCKS, HEADINGS
from common.text.tree import BLOCKS, Kind, Node, text_of

_NOTABLE_LEAVES = frozenset({*BLOCKS, Kind.ELEMENT, Kind.FOOTNOTE_REFERENCE})


class Footnotes:
    """The notes of a text in the order in which they are first referred to, the others last."""

    def __init__(self, notes: list[Node], flow: list[str], inside: dict[str, list[str]]) -> None:
        """`flow` are the labels that the text refers to, in order, `inside` those of each note."""
        self.first: dict[str, Node] = {}
        others: list[Node] = []
        for note in notes:
            if self.first.setdefault(note.data, note) is not note:
                others.append(note)
        self.numbers: dict[str, int] = {}
        waiting = list(reversed(flow))
        while waiting:
            label = waiting.pop()
            if label in self.first and label not in self.numbers:
                self.numbers[label] = len(self.numbers) + 1
                # The references in a note come after those of the text itself.
                waiting[0:0] = reversed(inside.get(label, ()))
        for label in self.first:
            self.numbers.setdefault(label, len(self.numbers) + 1)
        self.ordered = sorted(self.first.values(), key=lambda note: self.numbers[note.data])
        self.ordered += others
        names = Anchors()
        self.names = {label: names.take(label) for label in self.numbers}


class Numbering:
    """The anchors, footnotes and list numbers of one tree. Dictionaries have the ids of nodes."""

    def __init__(self, root: Node, anchored: bool) -> None:
        self.anchors: dict[int, str] = {}  # of headings, made of their words
        self.typed_names: dict[int, str] = {}  # of elements that were typed with an id
        self.with_blocks: set[int] = set()  # paragraphs that hold blocks
        self.numbers: dict[int, int] = {}  # of list items
        self.heads_with_rows: set[int] = set()
        self.headings: list[Node] = []
        self.named: list[Node] = []
        self.notes: list[Node] = []
        flow: list[str] = []
        inside: dict[str, list[str]] = {}
        # A node, the paragraph that it would break if it is a block, and its flow of references.
        waiting: list[tuple[Node, Node | None, list[str]]] = [(root, None, flow)]
        while waiting:
            node, paragraph, labels = waiting.pop()
            kind = node.kind
            if kind is Kind.FOOTNOTE_REFERENCE:
                labels.append(node.data)
                continue
            if kind in BLOCKS or kind is Kind.ELEMENT:
                if kind is Kind.FOOTNOTE:
                    self.notes.append(node)
                    labels = inside.setdefault(node.data, [])
                paragraph = self._block(node, kind, paragraph)
            for child in reversed(node.children):
                if child.children or child.kind in _NOTABLE_LEAVES:
                    waiting.append((child, paragraph, labels))
        self.footnotes = Footnotes(self.notes, flow, inside)
        self._name(anchored)

    def _block(self, node: Node, kind: Kind, paragraph: Node | None) -> Node | None:
        """Record a block or typed element; return the paragraph around its content."""
        written = node.data.written if kind is Kind.ELEMENT else ""
        if written and (node.data.attributes.get("id") or node.data.attributes.get("name")):
            self.named.append(node)
        if kind is Kind.HEADING or written in HEADINGS:
            self.headings.append(node)
        elif kind is Kind.LIST and node.data is not None:
            self._number(node)
        elif kind is Kind.TABLE and len(node.children) > 1:
            self.heads_with_rows.add(id(node.children[0]))
        if kind is Kind.ELEMENT and written not in ELEMENT_BLOCKS:
            return paragraph
        if paragraph is not None:
            self.with_blocks.add(id(paragraph))
        return node if kind is Kind.PARAGRAPH or written == "p" else None

    def _name(self, anchored: bool) -> None:
        """Assign the anchors: those of footnotes, of headings, then the typed ids."""
        taken = Anchors()
        self.footnotes_anchor = ""
        if anchored:
            for name in self.footnotes.names.values():
                taken.claim(f"fn-{name}")
            for node in self.headings:
                self.anchors[id(node)] = taken.take(text_of(node))
            for node in self.named:
                given = node.data.attributes
                name = given.get("id") or (given.get("name") if node.data.name == "a" else "") or ""
                if taken.claim(name):
                    self.typed_names[id(node)] = name
            if self.footnotes.ordered:
                self.footnotes_anchor = taken.take(_("Footnotes"))
        self.names = taken.names()

    def _number(self, ordered: Node) -> None:
        """Record the typed numbers of a list that differ from counting.

        A list with the same number before every item is counted.
        """
        typed = [item.data for item in ordered.children]
        if len(typed) > 1 and len(set(typed)) == 1:
            return
        expected = ordered.data
        for item in ordered.children:
            if item.data is not None and item.data != expected:
                self.numbers[id(item)] = expected = item.data
            expected += 1
