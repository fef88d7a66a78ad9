"""Reading Markdown: from the events of the parser to one tree that holds every word of the source.

The parser (pulldown-cmark) follows CommonMark and GitHub. Added here: HTML that was typed becomes
part of the tree where it is understood and words where it is not; asterisks pair beside letters
that have no spaces; money is no formula; bare addresses become links; and what CommonMark lets
vanish, such as a definition that nothing refers to or the surplus cells of a row, is shown as typed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyromark
from django.utils.translation import gettext as _
from pyromark import Options

from common.errors import Invalid
from common.text import raw_html
from common.text.addresses import bare_addresses
from common.text.emphasis import needs_pairing, pair_asterisks
from common.text.front_matter import FrontMatter, front_matter
from common.text.limits import (
    BARE_ADDRESSES_MAX,
    DEFINITIONS_MAX,
    DOLLARS_MAX,
    FOOTNOTES_MAX,
    HEADINGS_MAX,
    HTML_TAGS_MAX,
    NESTING_MAX,
    PAIRED_ASTERISKS_MAX,
    RULES_MAX,
    TABLE_MAX_CELLS,
    TABLE_MAX_COLUMNS,
)
from common.text.raw_html import Comment, Element, EndTag, Role, StartTag, Words
from common.text.tree import BLOCKS, CONTAINERS, LINE_HOLDERS, Kind, Node, Target
from common.text.weighing import refuse_the_dear

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
)
# Stands for a dollar sign that begins no formula. As long as one, so that no offset moves.
_NO_FORMULA = "\x01"
# How often a text is read again because money looked like a formula, before formulas are left out.
_FORMULA_ROUNDS = 4

_SIMPLE = {
    "Paragraph": Kind.PARAGRAPH,
    "Item": Kind.ITEM,
    "TableHead": Kind.TABLE_HEAD,
    "TableRow": Kind.TABLE_ROW,
    "TableCell": Kind.TABLE_CELL,
    "Emphasis": Kind.EMPHASIS,
    "Strong": Kind.STRONG,
    "Strikethrough": Kind.STRIKETHROUGH,
}
_NUMBER = re.compile(rb"\s*(\d{1,9})[.)]")
_ITEM_START = re.compile(rb"\s*(?:\d{1,9}[.)]|[-+*])(?:\s+\[[xX ]\](?=\s))?")
_FOOTNOTE_START = re.compile(rb"\s*\[\^[^\]]*\]:")
_ALERT_START = re.compile(rb"\s*>?\s*\[![A-Za-z]+\]")
_ASTERISKS = re.compile(rb"\*+")
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]")
_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_CELL_BORDER = re.compile(r"(?<!\\)\|")
# Parents in which words cannot stand, and the element that is then meant around them.
_IMPLIED = {
    **dict.fromkeys(("table", "thead", "tbody", "tfoot"), ("tr", "td")),
    "tr": ("td",),
    "ul": ("li",),
    "ol": ("li",),
    "dl": ("dd",),
}
_TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
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
    kind: str  # "comment", "front_matter" or "definition"
    text: str = ""


@dataclass
class Reading:
    """A parsed source: its tree, what is not shown of it, and its front matter."""

    source: bytes
    root: Node
    unshown: list[Unshown] = field(default_factory=list)
    front_matter: FrontMatter | None = None

    @cached_property
    def line_ends(self) -> list[int]:
        """The bytes at which the lines of the source end."""
        return [found.start() for found in re.finditer(b"\n", self.source)]

    def line_of(self, offset: int) -> int:
        """The number, from 1, of the line in which this byte stands."""
        return bisect_left(self.line_ends, offset) + 1


def read_source(source: str) -> Reading:
    """The tree of a source that `markdown.check` took.

    Raises Invalid for a text that is nested too deeply, or with too many columns, cells, headings
    or footnotes to be shown.
    """
    front = front_matter(source)
    if front is not None:
        blank = re.sub(r"[^\n]", " ", source[: front.length].encode().decode("latin-1"))
        source_read = blank + source[front.length :]
    else:
        source_read = source
    builder = _without_money(source_read)
    reading = Reading(source.encode(), builder.root, builder.unshown, front)
    if front is not None:
        reading.unshown.insert(0, Unshown(0, "front_matter"))
    return reading


def _without_money(source: str) -> _Builder:
    """Read with formulas, and again where a dollar sign turned out to be money."""
    if not 0 < source.count("$") <= DOLLARS_MAX:
        return _Builder(source, _OPTIONS)
    data = bytearray(source.encode())
    for _round in range(_FORMULA_ROUNDS):
        builder = _Builder(data.decode(), _OPTIONS | Options.ENABLE_MATH)
        if not builder.money:
            return builder
        for offset in builder.money:
            data[offset] = ord(_NO_FORMULA)
    return _Builder(source, _OPTIONS)


class _Builder:
    """Takes the parser's events one by one; `root` is the finished tree."""

    def __init__(self, source: str, options: Options) -> None:
        self.text = source
        self.source = source.encode()
        self.root = Node(Kind.DOCUMENT, 0, len(self.source))
        self.stack = [self.root]
        self.unshown: list[Unshown] = []
        self.money: list[int] = []
        self.labels: set[str] = set()
        self.definitions: list[tuple[int, int, str]] | None = None
        self.html_places: list[tuple[int, int, str]] = []
        self.containers: list[Node] = []
        self.columns: list[int] = []
        self.dropped = self.rules = self.headings = self.footnotes = self.references = (
            self.cells
        ) = self.depth = self.tags = self.asterisks = self.addresses = 0
        self.html: list[tuple[str, int]] | None = None
        self.loose: set[int] = set()
        self.linked = 0
        self.may_pair = b"*" in self.source and not source.isascii()
        self._read(options)

    def _read(self, options: Options) -> None:
        refuse_the_dear(self.text, options)
        events = pyromark.events_with_range(self.text, options=options, merge_text=True)
        for event, place in events:
            start, end = place["start"], place["end"]
            if isinstance(event, str):
                self._bare(event, start, end)
                continue
            name: str
            value: Any
            ((name, value),) = event.items()
            if name == "Text":
                self._words(value, start, end)
            elif name == "Start":
                self._open_tag(value, start, end)
            elif name == "End":
                self._close_tag(value)
            else:
                self._leaf(name, value, start, end)
        while len(self.stack) > 1:
            self._pop()
        self._complete(self.root)
        for node in self.containers:
            self._show_gaps(node)

    # Events of the parser.

    def _bare(self, event: str, start: int, end: int) -> None:
        if event == "Rule":
            self.rules += 1
            if self.rules > RULES_MAX:
                raise Invalid(_("This text has too many lines across to be shown."))
            self._make_room()
            self._append(Node(Kind.RULE, start, end))
        else:
            kind = Kind.SOFT_BREAK if event == "SoftBreak" else Kind.HARD_BREAK
            self._append(Node(kind, start, end))

    def _leaf(self, name: str, value: Any, start: int, end: int) -> None:
        if name in {"Html", "InlineHtml"}:
            self.html_places.append((start, end, ""))
        if name == "Html" and self.html is not None:
            self.html.append((self._dollars(value), start))
        elif name in {"InlineHtml", "Html"}:
            self._html_pieces(self._dollars(value), start)
        elif name == "Code":
            self._append(Node(Kind.CODE, start, end, text=self._dollars(value)))
        elif name in {"InlineMath", "DisplayMath"}:
            if name == "InlineMath" and self._is_money(start, end):
                self.money.append(start)
            text = self._dollars(value)
            self._append(Node(Kind.FORMULA, start, end, name == "DisplayMath", text))
        elif name == "FootnoteReference":
            self.references += 1
            if self.references > FOOTNOTES_MAX:
                raise _too_many_footnotes()
            self._append(Node(Kind.FOOTNOTE_REFERENCE, start, end, value))
        elif name == "TaskListMarker":
            self._append(Node(Kind.TASK, start, end, value))
        else:
            self._words(self.source[start:end].decode(errors="replace"), start, end)

    def _open_tag(self, tag: Any, start: int, end: int) -> None:
        if isinstance(tag, str):
            if tag == "HtmlBlock":
                self.html = []
                return
            kind = _SIMPLE[tag]
            data: Any = None
            if kind == Kind.ITEM:
                number = _NUMBER.match(self.source, start, start + 24)
                data = int(number[1]) if number else None
            elif kind == Kind.TABLE_CELL:
                self.cells += 1
                if self.cells > TABLE_MAX_CELLS:
                    raise Invalid(
                        _("The tables of this text are too large to be shown. Split the text.")
                    )
            self._push(Node(kind, start, end, data))
            return
        ((name, value),) = tag.items()
        if name == "Heading":
            self.headings += 1
            if self.headings > HEADINGS_MAX:
                raise Invalid(_("This text has too many headings to be shown."))
            self._push(Node(Kind.HEADING, start, end, int(value["level"][1])))
        elif name in {"Link", "Image"}:
            self.labels.add(_label(value["id"]))
            address = self._dollars(value["dest_url"])
            if value["link_type"] == "Email" and not address.lower().startswith("mailto:"):
                address = f"mailto:{address}"
            is_automatic = value["link_type"] in {"Autolink", "Email"}
            target = Target(address, self._dollars(value["title"]), value["id"], is_automatic)
            self._push(Node(Kind.LINK if name == "Link" else Kind.IMAGE, start, end, target))
        elif name == "List":
            self._push(Node(Kind.LIST, start, end, value))
        elif name == "BlockQuote":
            self._push(Node(Kind.QUOTE, start, end, value.lower() if value else None))
        elif name == "CodeBlock":
            info = value["Fenced"] if isinstance(value, dict) else ""
            self._push(Node(Kind.CODE_BLOCK, start, end, info.split(None, 1)[0] if info else ""))
        elif name == "Table":
            if len(value) > TABLE_MAX_COLUMNS:
                raise _too_many_columns()
            self._push(Node(Kind.TABLE, start, end, value))
        elif name == "FootnoteDefinition":
            self.footnotes += 1
            if self.footnotes > FOOTNOTES_MAX:
                raise _too_many_footnotes()
            self._push(Node(Kind.FOOTNOTE, start, end, value))

    def _close_tag(self, tag: Any) -> None:
        if tag == "HtmlBlock":
            self._html_block()
            return
        while self.stack[-1].kind == Kind.ELEMENT:
            self._pop()
        self._complete(self._pop())

    def _complete(self, node: Node) -> None:
        """What is done once all that a node holds was read."""
        kind = node.kind
        if kind in CONTAINERS:
            self.containers.append(node)
            if id(node) in self.loose:
                node.children = _with_paragraphs(node.children)
        elif kind is Kind.TABLE_ROW or kind is Kind.TABLE_HEAD:
            self._show_surplus_cells(node)
        elif kind is Kind.CODE_BLOCK:
            node.text = "".join(child.text for child in node.children)
            node.children = []
        if self.may_pair and kind in LINE_HOLDERS and self._has_unpaired(node):
            node.children = pair_asterisks(node.children, self.source)

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
            raise Invalid(_("Lists or quotes in this text are nested too deeply."))

    def _pop(self) -> Node:
        node = self.stack.pop()
        if node.kind in _NESTING:
            self.depth -= 1
        if node.kind in _LINKED:
            self.linked -= 1
        elif node.kind is Kind.ELEMENT:
            if node.data.written in _LINKED_ELEMENTS:
                self.linked -= 1
            if not node.data.is_closed:
                self._leave_open(node)
            if node.children:
                node.end = max(node.end, node.children[-1].end)
            if node.data.written in raw_html.ELEMENT_BLOCKS and self._holder().kind in CONTAINERS:
                self.containers.append(node)
        return node

    def _leave_open(self, node: Node) -> None:
        """An element without its end tag: one within a line was no markup, but words."""
        element = node.data
        if element.name in raw_html.INLINE:
            typed = Node(Kind.TEXT, node.start, node.start, text=element.source)
            self.stack[-1].children[-1:] = [typed, *node.children]
        elif element.name == "details":
            element.attributes["open"] = ""

    def _make_room(self) -> None:
        """Before a block: an element that holds one line ends, and one that holds none is filled."""
        while self.stack[-1].kind == Kind.ELEMENT and self.stack[-1].data.name in _ONE_LINE:
            self._pop()
        self._imply_parent()

    def _imply_parent(self) -> None:
        top = self.stack[-1]
        if top.kind is Kind.ELEMENT:
            for name in _IMPLIED.get(top.data.written, ()):
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

    # Words and formulas.

    def _words(self, text: str, start: int, end: int) -> None:
        if _NO_FORMULA in text:
            text = text.replace(_NO_FORMULA, "$")
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
        return text.replace(_NO_FORMULA, "$") if _NO_FORMULA in text else text

    def _is_money(self, start: int, end: int) -> bool:
        """A letter or digit just before the formula, or a digit just after: "US$5 to US$6"."""
        before = self.source[max(start - 4, 0) : start].decode(errors="ignore")[-1:]
        after = self.source[end : end + 1]
        return (before.isalnum() and before.isascii()) or after.isdigit()

    # HTML that was typed.

    def _html_block(self) -> None:
        pieces, self.html = self.html or [], None
        if pieces:
            self._html_pieces("".join(text for text, _start in pieces), pieces[0][1], is_block=True)

    def _html_pieces(self, source: str, start: int, is_block: bool = False) -> None:
        place, at = start, 0
        for token in raw_html.tokens(source):
            if is_block:
                place += len(source[at : token.offset].encode())
                at = token.offset
            if not isinstance(token, Words):
                self.tags += 1
                if self.tags > HTML_TAGS_MAX:
                    raise Invalid(_("This text has too many HTML tags to be shown. Split it."))
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
            top.kind == Kind.ELEMENT and top.data.written in _IMPLIED
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

    # What CommonMark would let vanish.

    def _show_gaps(self, node: Node) -> None:
        """Put back, as typed, words between the blocks of a container that no block holds."""
        position = self._content_start(node)
        children: list[Node] = []
        has_gap = False
        for child in node.children:
            if child.start > position and (words := self._dropped(position, child.start)):
                children.append(_fitting(words, node))
                has_gap = True
            children.append(child)
            position = max(position, child.end)
        if node.end > position and (words := self._dropped(position, node.end)):
            children.append(_fitting(words, node))
            has_gap = True
        if has_gap:
            node.children = children

    def _content_start(self, node: Node) -> int:
        if node.kind == Kind.ELEMENT:
            return node.start + len(node.data.source.encode())
        pattern = {
            Kind.ITEM: _ITEM_START,
            Kind.FOOTNOTE: _FOOTNOTE_START,
            Kind.QUOTE: _ALERT_START if node.data else None,
        }.get(node.kind)
        begun = pattern.match(self.source, node.start, node.end) if pattern else None
        return begun.end() if begun else node.start

    def _dropped(self, start: int, end: int) -> Node | None:
        if not _WORD.search(self.source, start, end):
            return None
        pieces, position = [], start
        for begin, stop in self._accounted(start, end):
            pieces.append(self.source[position : max(position, begin)])
            position = max(position, min(stop, end))
        pieces.append(self.source[position:end])
        text = self._dollars(b"".join(pieces).decode(errors="replace"))
        text = _QUOTE_MARKS.sub("", text).strip()
        if not _WORD.search(text.encode()):
            return None
        self.dropped += text.count("\n") + 1
        if self.dropped > DEFINITIONS_MAX:
            raise Invalid(_("This text has too many link definitions that nothing refers to."))
        paragraph = Node(Kind.PARAGRAPH, start, end)
        for number, line in enumerate(text.split("\n")):
            if number:
                paragraph.children.append(Node(Kind.HARD_BREAK, start, start))
            paragraph.children.append(Node(Kind.TEXT, start, end, text=line.strip()))
        return paragraph

    def _accounted(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where between two places stand HTML, and definitions that something refers to."""
        places = []
        for known in (self._all_definitions(), self.html_places):
            # The one before may reach beyond `start`.
            for place in range(max(bisect_left(known, (start, 0, "")) - 1, 0), len(known)):
                begin, stop, label = known[place]
                if stop <= start:
                    continue
                if begin >= end:
                    break
                if known is self.html_places or label in self.labels:
                    places.append((begin, stop))
        return sorted(places)

    def _all_definitions(self) -> list[tuple[int, int, str]]:
        if self.definitions is None:
            found = pyromark.reference_definitions(self.text, options=_OPTIONS)
            self.definitions = sorted(
                (item["span"]["start"], item["span"]["end"], _label(label))
                for label, item in found.items()
            )
        return self.definitions

    def _show_surplus_cells(self, row: Node) -> None:
        """Cells beyond the columns of the head."""
        last = row.children[-1].end if row.children else row.start
        if row.end <= last or not _WORD.search(self.source, last, row.end):
            return
        rest = self._dollars(self.source[last : row.end].decode(errors="replace")).strip()
        for typed in _CELL_BORDER.split(rest.removeprefix("|").removesuffix("|")):
            self.cells += 1
            if len(row.children) >= TABLE_MAX_COLUMNS:
                raise _too_many_columns()
            cell = Node(Kind.TABLE_CELL, last, row.end)
            cell.children.append(
                Node(Kind.TEXT, last, row.end, text=typed.strip().replace("\\|", "|"))
            )
            row.children.append(cell)

    # Asterisks beside letters that have no spaces.

    def _has_unpaired(self, node: Node) -> bool:
        start, end = node.start, node.end
        if node.kind == Kind.ITEM:
            own = [child for child in node.children if child.kind not in BLOCKS]
            if not own:
                return False
            start, end = own[0].start, own[-1].end
        runs = len(_ASTERISKS.findall(self.source, start, end))
        if not runs or self.source[start:end].isascii():
            return False
        self.asterisks += runs
        if self.asterisks > PAIRED_ASTERISKS_MAX:
            return False
        return needs_pairing(self.source[start:end].decode(errors="ignore"))


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


def _with_paragraphs(children: list[Node]) -> list[Node]:
    """Words that stand between blocks, as those of typed HTML do, in paragraphs of their own."""
    if all(_is_block(child) for child in children):
        return children
    blocks: list[Node] = []
    is_open = False
    for child in children:
        if _is_block(child) or any(_is_block(inner) for inner in child.children):
            is_open = False
            blocks.append(child)
            continue
        if not is_open:
            blocks.append(Node(Kind.PARAGRAPH, child.start, child.end))
            is_open = True
        blocks[-1].children.append(child)
        blocks[-1].end = child.end
    return blocks


def _fitting(words: Node, parent: Node) -> Node:
    """A paragraph within what its parent, an element that was typed, asks for around words."""
    names = _IMPLIED.get(parent.data.written, ()) if parent.kind == Kind.ELEMENT else ()
    for name in reversed(names):
        element = Element(name, name, is_closed=True)
        around = Node(Kind.ELEMENT, words.start, words.end, element)
        around.children.append(words)
        words = around
    return words


def _is_block(node: Node) -> bool:
    if node.kind == Kind.ELEMENT:
        return node.data.written in raw_html.ELEMENT_BLOCKS
    return node.kind in BLOCKS


def _label(label: str) -> str:
    return " ".join(label.casefold().split())


def _too_many_footnotes() -> Invalid:
    return Invalid(_("This text has too many footnotes to be shown."))


def _too_many_columns() -> Invalid:
    return Invalid(
        _("A table can have at most %(columns)d columns.") % {"columns": TABLE_MAX_COLUMNS}
    )
