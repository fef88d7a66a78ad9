"""Typed HTML in the tree of a text.

A tag takes its place in the tree where it is understood and is words where it is not. A tag never
closes what Markdown opened.
"""

from collections.abc import Set

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text import raw_html
from common.text.limits import HTML_TAGS_MAX
from common.text.raw_html import Comment, Element, EndTag, Role, StartTag, Words
from common.text.tree import CONTAINERS, Kind, Node, Target
from common.text.tree_builder import IMPLIED, TreeBuilder, Unshown

_TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
_TABLE_SECTIONS = frozenset({"table", "thead", "tbody", "tfoot"})
# Elements that take the place of an implied parent, such as a cell in a row.
_OWN_PARENTS = frozenset({*_TABLE_PARTS, "li", "dt", "dd"}) - {"table"}
# Blocks that hold one line of words and no other block.
_ONE_LINE_BLOCKS = frozenset({"summary", *raw_html.HEADINGS})
_ONLY_WORDS = frozenset(
    {Kind.EMPHASIS, Kind.STRONG, Kind.STRIKETHROUGH, Kind.LINK, Kind.HEADING, Kind.IMAGE}
)


class HtmlTreeBuilder(TreeBuilder):
    """Builds a tree from Markdown and typed HTML."""

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
        if element.written not in _OWN_PARENTS:
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
            self._make_space()
            self._append(Node(Kind.RULE, start, end))
        else:
            self._append(Node(Kind.HARD_BREAK, start, end))

    def _place_block(self, element: Element) -> None:
        """Close the elements that must end before this one; make it plain where it cannot be a block."""
        if self._holder().kind in _ONLY_WORDS or self._open_names() & _ONE_LINE_BLOCKS:
            self._append(Node(Kind.TEXT, 0, 0, text=" "))
            element.written = "span"
            return
        name = element.name
        if name in {"td", "th"}:
            self._close_to({"tr", *_TABLE_SECTIONS}, element)
            top = self.stack[-1]
            if top.kind == Kind.ELEMENT and top.data.written in _TABLE_SECTIONS:
                self._push_implied("tr")
        elif name == "tr":
            self._close_to(_TABLE_SECTIONS, element)
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

    def _close_to(self, parents: Set[str], element: Element) -> None:
        """Close elements down to the innermost of `parents`; make a plain block where none is open.

        A table in a cell is another table: its parts do not close those of the outer one.
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
