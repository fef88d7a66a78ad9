"""Building the tree of a text: nodes that are opened and closed, and bare addresses as links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text import raw_html
from common.text.addresses import bare_addresses
from common.text.limits import BARE_ADDRESSES_MAX, NESTING_MAX
from common.text.raw_html import Element
from common.text.tree import BLOCKS, CONTAINERS, Kind, Node, Target

# In place of a dollar sign that begins no formula. As long as one, so that no offset changes.
NO_FORMULA = "\x01"
# Elements that cannot hold words, and the elements that are then implied around the words.
IMPLIED = {
    **dict.fromkeys(("table", "thead", "tbody", "tfoot"), ("tr", "td")),
    "tr": ("td",),
    "ul": ("li",),
    "ol": ("li",),
    "dl": ("dd",),
}
_EMPTY_LINE = re.compile(rb"\n[ \t>]*+\n")
_ONE_LINE = frozenset({"p", "summary", *raw_html.HEADINGS})
# What counts towards the depth of a text.
_NESTING = frozenset(
    {Kind.QUOTE, Kind.LIST, Kind.ELEMENT, Kind.EMPHASIS, Kind.STRONG, Kind.STRIKETHROUGH}
)
# Within these no bare address becomes a link.
_LINKED = frozenset({Kind.LINK, Kind.IMAGE, Kind.CODE_BLOCK})
_LINKED_ELEMENTS = frozenset({"a", "code", "pre"})
# Words directly in these get a paragraph of their own.
_ONLY_BLOCKS = CONTAINERS - {Kind.ITEM}


@dataclass(frozen=True, slots=True)
class Unshown:
    """Something in the source that the page does not show: where it begins, and what it is."""

    start: int  # bytes
    kind: str  # "comment", "front_matter" or "attributes"
    text: str = ""


class TreeBuilder:
    """Holds the tree while it is built; `root` is its first node, `stack` are the open nodes."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.root = Node(Kind.DOCUMENT, 0, len(source))
        self.stack = [self.root]
        self.unshown: list[Unshown] = []
        # Closed nodes that can hold blocks, and the ids of those with words between their blocks.
        self.containers: list[Node] = []
        self.loose: set[int] = set()
        self.depth = self.linked = self.tags = self.addresses = 0

    def _append(self, node: Node) -> None:
        top = self.stack[-1]
        if top.kind is Kind.ELEMENT:
            self._imply_parent()
            top = self.stack[-1]
        if top.kind in _ONLY_BLOCKS and node.kind not in BLOCKS:
            self.loose.add(id(top))
        top.children.append(node)

    def _push(self, node: Node) -> None:
        if self.stack[-1].kind is Kind.ELEMENT:
            if node.kind in BLOCKS:
                self._make_space()
            else:
                self._imply_parent()
        self.stack[-1].children.append(node)
        self.stack.append(node)
        if node.kind in _NESTING:
            self._deepen()
        if node.kind in _LINKED:
            self.linked += 1

    def _deepen(self) -> None:
        self.depth += 1
        if self.depth > NESTING_MAX:
            raise Invalid(
                _("Lists or quotes in this text are nested too deeply. Use fewer levels.")
            )

    def _pop(self) -> Node:
        node = self.stack.pop()
        if node.kind in _NESTING:
            self.depth -= 1
        if node.kind in _LINKED:
            self.linked -= 1
        elif node.kind is Kind.ELEMENT:
            if node.data.written in _LINKED_ELEMENTS:
                self.linked -= 1
            if node.children:
                node.end = max(node.end, node.children[-1].end)
            if not node.data.is_closed and node.data.name in raw_html.INLINE:
                self._show_start_tag(node)
            else:
                if not node.data.is_closed and node.data.name == "details":
                    node.data.attributes["open"] = ""
                if self._holder().kind in CONTAINERS:  # it may reach over several blocks
                    self.containers.append(node)
        return node

    def _show_start_tag(self, node: Node) -> None:
        """Show the start tag as words: an inline element without an end tag is no markup."""
        typed = Node(Kind.TEXT, node.start, node.start, text=node.data.source)
        self.stack[-1].children[-1:] = [typed, *node.children]

    def _make_space(self) -> None:
        """Before a block: close elements of one line, and open those implied around it."""
        while self.stack[-1].kind == Kind.ELEMENT and self.stack[-1].data.name in _ONE_LINE:
            self._pop()
        self._imply_parent()

    def _imply_parent(self) -> None:
        top = self.stack[-1]
        if top.kind is Kind.ELEMENT:
            for name in IMPLIED.get(top.data.written, ()):
                self._push_implied(name)

    def _push_implied(self, name: str) -> None:
        """Open an element that was not typed; it begins where its parent's content ends so far."""
        parent = self.stack[-1]
        start = parent.children[-1].end if parent.children else parent.end
        self._push_element(Element(name, name, is_closed=True), start)

    def _push_element(self, element: Element, start: int) -> None:
        node = Node(Kind.ELEMENT, start, start, element)
        if element.written not in raw_html.ELEMENT_BLOCKS and self.stack[-1].kind in _ONLY_BLOCKS:
            self.loose.add(id(self.stack[-1]))
        self.stack[-1].children.append(node)
        self.stack.append(node)
        self._deepen()
        if element.written in _LINKED_ELEMENTS:
            self.linked += 1

    def _holder(self) -> Node:
        """Return the nearest node that Markdown opened; a tag never reaches beyond it."""
        return next(node for node in reversed(self.stack) if node.kind != Kind.ELEMENT)

    def _words(self, text: str, start: int, end: int) -> None:
        text = with_dollars(text)
        if (
            not self.linked
            and self.addresses < BARE_ADDRESSES_MAX
            and ("@" in text or "://" in text or "ww." in text)
        ):
            for node in self._with_links(text, start, end):
                self._append(node)
        else:
            self._append(Node(Kind.TEXT, start, end, text=text))

    def _with_links(self, text: str, start: int, end: int) -> Iterator[Node]:
        """Yield the words with their bare addresses as links."""
        places = _Places(text, start, end, self.source)
        position = 0
        for begin, stop, address in bare_addresses(text):
            self.addresses += 1
            if self.addresses > BARE_ADDRESSES_MAX:
                break
            if begin > position:
                yield Node(Kind.TEXT, *places.between(begin), text=text[position:begin])
            first, last = places.between(stop)
            link = Node(Kind.LINK, first, last, Target(address))
            link.children.append(Node(Kind.TEXT, first, last, text=text[begin:stop]))
            yield link
            position = stop
        if position < len(text):
            yield Node(Kind.TEXT, *places.between(len(text)), text=text[position:])


def with_dollars(text: str) -> str:
    return text.replace(NO_FORMULA, "$") if NO_FORMULA in text else text


class _Places:
    """The byte offsets of the pieces of a run of words, asked for in order.

    Words whose entities or escapes were resolved are not as long as they were typed: all their
    pieces get the offsets of the whole run.
    """

    def __init__(self, text: str, start: int, end: int, source: bytes) -> None:
        self.text, self.start, self.end = text, start, end
        self.is_exact = source[start:end] == text.encode()
        self.character, self.byte = 0, start

    def between(self, stop: int) -> tuple[int, int]:
        """Return the bytes from the end of the last piece to this character."""
        if not self.is_exact:
            return self.start, self.end
        begin = self.byte
        self.byte += len(self.text[self.character : stop].encode())
        self.character = stop
        return begin, self.byte


def with_paragraphs(children: list[Node], source: bytes) -> list[Node]:
    """Put words between blocks, as in typed HTML, into paragraphs of their own.

    An empty line of the source between two of them divides paragraphs.
    """
    if all(_is_block(child) for child in children):
        return children
    blocks: list[Node] = []
    is_open = False
    for child in children:
        if _is_block(child) or any(_is_block(inner) for inner in child.children):
            is_open = False
            blocks.append(child)
            continue
        if not is_open or _EMPTY_LINE.search(source, blocks[-1].end, child.start):
            blocks.append(Node(Kind.PARAGRAPH, child.start, child.end))
            is_open = True
        blocks[-1].children.append(child)
        blocks[-1].end = child.end
    return blocks


def _is_block(node: Node) -> bool:
    if node.kind == Kind.ELEMENT:
        return node.data.written in raw_html.ELEMENT_BLOCKS
    return node.kind in BLOCKS
