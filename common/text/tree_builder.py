"""Building the tree of a text: nodes that are opened and closed, and the HTML that was typed.

HTML takes the place it has in the tree where it is understood, and is words where it is not. A tag
never closes what Markdown opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text import raw_html
from common.text.addresses import bare_addresses
from common.text.limits import BARE_ADDRESSES_MAX, HTML_TAGS_MAX, NESTING_MAX
from common.text.raw_html import Comment, Element, EndTag, Role, StartTag, Words
from common.text.tree import BLOCKS, CONTAINERS, Kind, Node, Target

# Stands for a dollar sign that begins no formula. As long as one, so that no offset moves.
NO_FORMULA = "\x01"
# Parents in which words cannot stand, and the element that is then meant around them.
IMPLIED = {
    **dict.fromkeys(("table", "thead", "tbody", "tfoot"), ("tr", "td")),
    "tr": ("td",),
    "ul": ("li",),
    "ol": ("li",),
    "dl": ("dd",),
}
_TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
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
_ONLY_WORDS = frozenset(
    {Kind.EMPHASIS, Kind.STRONG, Kind.STRIKETHROUGH, Kind.LINK, Kind.HEADING, Kind.IMAGE}
)


@dataclass(frozen=True, slots=True)
class Unshown:
    """Something the source holds and the page does not show: where it begins, and what it is."""

    start: int  # bytes
    kind: str  # "comment", "front_matter" or "attributes"
    text: str = ""


class TreeBuilder:
    """Holds the tree while it is built; `root` is its first node, `stack` what is open."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.root = Node(Kind.DOCUMENT, 0, len(source))
        self.stack = [self.root]
        self.unshown: list[Unshown] = []
        # What was closed and may hold blocks, and the ids of those with words between their blocks.
        self.containers: list[Node] = []
        self.loose: set[int] = set()
        self.depth = self.linked = self.tags = self.addresses = 0

    # The stack.

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
                self._make_room()
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
        """What has no end tag was no markup within a line, but words."""
        typed = Node(Kind.TEXT, node.start, node.start, text=node.data.source)
        self.stack[-1].children[-1:] = [typed, *node.children]

    def _make_room(self) -> None:
        """Before a block: an element that holds one line ends, and one that holds none is filled."""
        while self.stack[-1].kind == Kind.ELEMENT and self.stack[-1].data.name in _ONE_LINE:
            self._pop()
        self._imply_parent()

    def _imply_parent(self) -> None:
        top = self.stack[-1]
        if top.kind is Kind.ELEMENT:
            for name in IMPLIED.get(top.data.written, ()):
                self._push_implied(name)

    def _push_implied(self, name: str) -> None:
        """An element that was not typed: it begins where its parent has come to."""
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

    # Words.

    def _words(self, text: str, start: int, end: int) -> None:
        if NO_FORMULA in text:
            text = text.replace(NO_FORMULA, "$")
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
        """The words with their bare addresses as links."""
        places = _Places(text, start, end, self.source)
        position = 0
        for begin, stop, address in bare_addresses(text):
            self.addresses += 1
            if self.addresses > BARE_ADDRESSES_MAX:
                break
            if begin > position:
                yield Node(Kind.TEXT, *places.between(begin), text=text[position:begin])
            first, last = places.between(stop)
            link = Node(Kind.LINK, first, last, Target(address, is_automatic=True))
            link.children.append(Node(Kind.TEXT, first, last, text=text[begin:stop]))
            yield link
            position = stop
        if position < len(text):
            yield Node(Kind.TEXT, *places.between(len(text)), text=text[position:])

    def _dollars(self, text: str) -> str:
        return text.replace(NO_FORMULA, "$") if NO_FORMULA in text else text

    # HTML that was typed.

    def _html_pieces(self, source: str, start: int, is_block: bool = False) -> None:
        place, at = start, 0
        for token in raw_html.tokens(source):
            if is_block:
                place += len(source[at : token.offset].encode())
                at = token.offset
            if not isinstance(token, Words):
                self.tags += 1
                if self.tags > HTML_TAGS_MAX:
                    raise Invalid(_("This text has too many HTML tags. Split it."))
            if isinstance(token, Comment):
                self.unshown.append(Unshown(place, "comment", token.text.strip()))
            elif isinstance(token, StartTag):
                self._start_element(token, place)
            elif isinstance(token, EndTag):
                self._end_element(token, place)
            else:
                self._html_words(token.text, place)

    def _html_words(self, text: str, start: int) -> None:
        top = self.stack[-1]
        holds_none = top.kind in CONTAINERS or (
            top.kind == Kind.ELEMENT and top.data.written in IMPLIED
        )
        if holds_none and not text.strip():
            return
        self._words(text, start, start + len(text.encode()))

    def _start_element(self, tag: StartTag, start: int) -> None:
        element = tag.element
        end = start + len(element.source.encode())
        if tag.role is Role.VOID:
            self._void(element, start, end)
            return
        if tag.role is Role.BLOCK:
            self._place_block(element)
        elif element.name == "a" and self._is_in_link():
            element.written = "span"
        if element.written not in _TABLE_PARTS - {"table"} and element.written not in {
            "li",
            "dt",
            "dd",
        }:
            self._imply_parent()
        self._push_element(element, start)
        self.stack[-1].end = end

    def _void(self, element: Element, start: int, end: int) -> None:
        if element.name == "br":
            self._append(Node(Kind.HARD_BREAK, start, end))
        elif element.name == "wbr":
            self._append(Node(Kind.TEXT, start, end, text="\u200b"))
        elif element.name == "img":
            attributes = element.attributes
            target = Target(attributes.get("src", ""), attributes.get("title", ""))
            image = Node(Kind.IMAGE, start, end, target)
            if attributes.get("alt"):
                image.children.append(Node(Kind.TEXT, start, end, text=attributes["alt"]))
            self._append(image)
        elif self._holder().kind in CONTAINERS:
            self._make_room()
            self._append(Node(Kind.RULE, start, end))
        else:
            self._append(Node(Kind.HARD_BREAK, start, end))

    def _holder(self) -> Node:
        """The nearest node that Markdown opened; a tag never reaches beyond it."""
        return next(node for node in reversed(self.stack) if node.kind != Kind.ELEMENT)

    def _place_block(self, element: Element) -> None:
        """Close what must end before this element, and take it for a plain one where it has no place."""
        if self._holder().kind in _ONLY_WORDS or self._open_names() & {
            "summary",
            *raw_html.HEADINGS,
        }:
            self._append(Node(Kind.TEXT, 0, 0, text=" "))
            element.written = "span"
            return
        name = element.name
        if name in {"td", "th"}:
            self._close_to({"tr", "thead", "tbody", "tfoot", "table"}, element)
            if self.stack[-1].kind == Kind.ELEMENT and self.stack[-1].data.written in {
                "table",
                "thead",
                "tbody",
                "tfoot",
            }:
                self._push_implied("tr")
        elif name == "tr":
            self._close_to({"thead", "tbody", "tfoot", "table"}, element)
        elif name in {"thead", "tbody", "tfoot", "caption"}:
            self._close_to({"table"}, element)
        elif name == "li":
            self._close_to({"ul", "ol"}, element)
        elif name in {"dt", "dd"}:
            self._close_to({"dl"}, element)
        elif name == "summary":
            top = self.stack[-1]
            if not (
                top.kind == Kind.ELEMENT
                and top.data.written == "details"
                and all(
                    child.kind == Kind.TEXT and not child.text.strip() for child in top.children
                )
            ):
                element.written = "div"
        else:
            while self.stack[-1].kind == Kind.ELEMENT and self.stack[-1].data.name == "p":
                self._pop()

    def _open_names(self) -> set[str]:
        names = set()
        for node in reversed(self.stack):
            if node.kind != Kind.ELEMENT:
                break
            names.add(node.data.written)
        return names

    def _close_to(self, parents: set[str], element: Element) -> None:
        """End elements until one of `parents` is the innermost; a plain block where none is open.

        A table in a cell is another table: its parts do not end those of the outer one.
        """
        for depth, node in enumerate(reversed(self.stack)):
            if node.kind != Kind.ELEMENT:
                break
            written = node.data.written
            if written in parents:
                for _count in range(depth):
                    self._pop()
                return
            if written == "table" or (written in {"ul", "ol", "dl"} and "table" not in parents):
                break
        element.written = "div"
        self._imply_parent()

    def _is_in_link(self) -> bool:
        return any(
            node.kind == Kind.LINK or (node.kind == Kind.ELEMENT and node.data.written == "a")
            for node in self.stack
        )

    def _end_element(self, tag: EndTag, start: int) -> None:
        for depth, node in enumerate(reversed(self.stack)):
            if node.kind != Kind.ELEMENT:
                break
            if node.data.name == tag.name:
                for _count in range(depth):
                    self._pop()
                node.data.is_closed = True
                self._pop()
                node.end = start + len(tag.source.encode())
                return
        if tag.name == "br":
            self._append(Node(Kind.HARD_BREAK, start, start))
        elif tag.name in raw_html.INLINE:
            self._html_words(tag.source, start)


class _Places:
    """Where the pieces of a run of words stand, asked for in their order.

    Words whose entities or escapes were resolved are not as long as they were typed: their pieces
    all stand where the run does.
    """

    def __init__(self, text: str, start: int, end: int, source: bytes) -> None:
        self.text, self.start, self.end = text, start, end
        self.is_exact = source[start:end] == text.encode()
        self.character, self.byte = 0, start

    def between(self, stop: int) -> tuple[int, int]:
        """The bytes from where the last piece ended to this character."""
        if not self.is_exact:
            return self.start, self.end
        begin = self.byte
        self.byte += len(self.text[self.character : stop].encode())
        self.character = stop
        return begin, self.byte


def with_paragraphs(children: list[Node], source: bytes) -> list[Node]:
    """Words that stand between blocks, as those of typed HTML do, in paragraphs of their own.

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
