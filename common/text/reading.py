"""Reading Markdown: from the events of the parser to one tree that holds every word of the source.

The parser (pulldown-cmark) follows CommonMark and GitHub. Added here: HTML that was typed becomes
part of the tree where it is understood and words where it is not; asterisks pair beside letters
that have no spaces; money is no formula; bare addresses become links; and what CommonMark lets
vanish, such as a definition that nothing refers to or the surplus cells of a row, is shown as typed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyromark
from django.utils.translation import gettext as _
from pyromark import Options

from common.errors import Invalid
from common.text.attribute_lists import (
    HEADING_END,
    LINE_END,
    closing_lists,
    leading_lists,
    only_lists,
)
from common.text.emphasis import needs_pairing, pair_runs
from common.text.front_matter import FrontMatter, front_matter
from common.text.limits import (
    DEFINITIONS_MAX,
    DOLLARS_MAX,
    FOOTNOTES_MAX,
    HEADINGS_MAX,
    PAIRED_ASTERISKS_MAX,
    RULES_MAX,
    TABLE_MAX_CELLS,
    TABLE_MAX_COLUMNS,
)
from common.text.raw_html import ELEMENT_BLOCKS, Element
from common.text.tree import (
    BLOCKS,
    BREAKS,
    CONTAINERS,
    LINE_HOLDERS,
    PART_HOLDERS,
    Kind,
    Node,
    Target,
)
from common.text.tree_builder import IMPLIED, NO_FORMULA, TreeBuilder, Unshown, with_paragraphs
from common.text.weighing import refuse_the_dear

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
)
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
# Directly behind these an attribute list is about them.
_HAVE_ATTRIBUTES = frozenset(
    {Kind.LINK, Kind.IMAGE, Kind.EMPHASIS, Kind.STRONG, Kind.STRIKETHROUGH, Kind.CODE}
)
_NUMBER = re.compile(rb"\s*(\d{1,9})[.)]")
# No attribute list stands in these.
_NO_ATTRIBUTES = frozenset({Kind.CODE_BLOCK, Kind.IMAGE, Kind.ELEMENT})
_ITEM_START = re.compile(rb"\s*(?:\d{1,9}[.)]|[-+*])(?:\s+\[[xX ]\](?=\s))?")
_FOOTNOTE_START = re.compile(rb"\s*\[\^[^\]]*\]:")
_ALERT_START = re.compile(rb"\s*>?\s*\[![A-Za-z]+\]")
_RUNS = re.compile(rb"\*+|~+")
_STAR = ord("*")
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]")
_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_CELL_BORDER = re.compile(r"(?<!\\)\|")


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
    elif source.startswith("\ufeff") and source[1:2] not in {" ", "\t"}:
        source_read = f"   {source[1:]}"  # as many bytes, and no block begins differently
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
            data[offset] = ord(NO_FORMULA)
    return _Builder(source, _OPTIONS)


class _Builder(TreeBuilder):
    """Takes the parser's events one by one; `root` is the finished tree."""

    def __init__(self, source: str, options: Options) -> None:
        super().__init__(source.encode())
        self.text = source
        self.money: list[int] = []
        self.labels: set[str] = set()
        self.definitions: list[tuple[int, int, str]] | None = None
        self.html_places: list[tuple[int, int, str]] = []
        self.columns: list[int] = []
        self.dropped = self.rules = self.headings = self.footnotes = self.references = 0
        self.cells = self.asterisks = 0
        self.html: list[tuple[str, int]] | None = None
        # Attribute lists, and what holds nothing but them so far.
        self.left_out: list[tuple[int, int, str]] = []
        self.emptied: Node | None = None
        self.may_pair = (b"*" in self.source or b"~" in self.source) and not source.isascii()
        self.is_html_block = False
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
                if "{:" in value:
                    value, start, end = self._without_attributes(value, start, end)
                if value:
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
                raise Invalid(_("This text has too many horizontal rules. Split it."))
            self._make_room()
            self._append(Node(Kind.RULE, start, end))
        elif self.emptied is not self.stack[-1] or self.stack[-1].children:
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
            if len(text) > 2 and text[0] == text[-1] == "`":  # as GitHub has it: $`x`$
                text = text[1:-1]
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
                    raise Invalid(_("The tables in this text are too large. Split the text."))
            self._push(Node(kind, start, end, data))
            return
        ((name, value),) = tag.items()
        if name == "Heading":
            self.headings += 1
            if self.headings > HEADINGS_MAX:
                raise Invalid(_("This text has too many headings. Split it."))
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
        node = self._pop()
        if node is self.emptied and node.kind is Kind.PARAGRAPH and not node.children:
            self.stack[-1].children.pop()
        self._complete(node)

    def _complete(self, node: Node) -> None:
        """What is done once all that a node holds was read."""
        kind = node.kind
        if kind in CONTAINERS:
            self.containers.append(node)
            if id(node) in self.loose:
                node.children = with_paragraphs(node.children, self.source)
        elif kind is Kind.LIST and node.children:
            node.end = node.children[-1].end  # the parser adds definitions behind it
        elif kind is Kind.TABLE_ROW or kind is Kind.TABLE_HEAD:
            self._show_surplus_cells(node)
        elif kind is Kind.CODE_BLOCK:
            node.text = "".join(child.text for child in node.children)
            node.children = []
        if self.may_pair and kind in LINE_HOLDERS and self._has_unpaired(node):
            node.children = pair_runs(node.children, self.source)

    def _pop(self) -> Node:
        node = super()._pop()
        if self.may_pair and node.kind in PART_HOLDERS and self._has_unpaired_part(node):
            node.children = pair_runs(node.children, self.source)
        return node

    def _html_block(self) -> None:
        pieces, self.html = self.html or [], None
        if pieces:
            self.is_html_block = True
            self._html_pieces("".join(text for text, _start in pieces), pieces[0][1], is_block=True)
            self.is_html_block = False

    # Attribute lists.

    def _without_attributes(self, text: str, start: int, end: int) -> tuple[str, int, int]:
        """The words of a run and where they stand, without the lists at its beginning or end."""
        top = self.stack[-1]
        if top.kind in _NO_ATTRIBUTES or self.source[start:end] != text.encode():
            return text, start, end
        last = top.children[-1] if top.children else None
        begins_line = last is None or last.kind in BREAKS
        if begins_line and only_lists(text) and LINE_END.match(self.source, end):
            self._leave_out(text, start, end)
            if last is not None:
                top.children.pop()
            else:
                self.emptied = top
            return "", end, end
        if last is not None and (
            last.kind in _HAVE_ATTRIBUTES
            or (last.kind is Kind.ELEMENT and last.data.written not in ELEMENT_BLOCKS)
        ):
            stop = leading_lists(text)
            if stop:
                self._leave_out(text[:stop], start, start + len(text[:stop].encode()))
                start += len(text[:stop].encode())
                text = text[stop:]
        if top.kind is Kind.HEADING and HEADING_END.match(self.source, end):
            begin = closing_lists(text)
            if begin >= 0:
                place = start + len(text[:begin].encode())
                self._leave_out(text[begin:], place, end)
                return text[:begin].rstrip(), start, start + len(text[:begin].rstrip().encode())
        return text, start, end

    def _leave_out(self, text: str, start: int, end: int) -> None:
        self.unshown.append(Unshown(start, "attributes", text.strip()))
        self.left_out.append((start, end, ""))

    # Formulas.

    def _is_money(self, start: int, end: int) -> bool:
        """A letter or digit just before the formula, or a digit just after: "US$5 to US$6"."""
        before = self.source[max(start - 4, 0) : start].decode(errors="ignore")[-1:]
        after = self.source[end : end + 1]
        return (before.isalnum() and before.isascii()) or after.isdigit()

    # What CommonMark would let vanish.

    def _show_gaps(self, node: Node) -> None:
        """Put back, as typed, words between the blocks of a container that no block holds."""
        position = self._content_start(node)
        children: list[Node] = []
        has_gap = False
        for child in node.children:
            if child.start > position and (words := self._dropped(position, child.start)):
                children.extend(_fitting(words, node))
                has_gap = True
            children.append(child)
            position = max(position, child.end)
        if node.end > position and (words := self._dropped(position, node.end)):
            children.extend(_fitting(words, node))
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
            raise Invalid(_("This text has too many unused link definitions. Remove some."))
        paragraph = Node(Kind.PARAGRAPH, start, end)
        for number, line in enumerate(text.split("\n")):
            if number:
                paragraph.children.append(Node(Kind.HARD_BREAK, start, start))
            paragraph.children.append(Node(Kind.TEXT, start, end, text=line.strip()))
        return paragraph

    def _accounted(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where between two places stand HTML, and definitions that something refers to."""
        places = []
        for known in (self._all_definitions(), self.html_places, self.left_out):
            # The one before may reach beyond `start`.
            for place in range(max(bisect_left(known, (start, 0, "")) - 1, 0), len(known)):
                begin, stop, label = known[place]
                if stop <= start:
                    continue
                if begin >= end:
                    break
                if known is not self.definitions or label in self.labels:
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
        runs = len(_RUNS.findall(self.source, start, end))
        if not runs or self.source[start:end].isascii():
            return False
        self.asterisks += runs
        if self.asterisks > PAIRED_ASTERISKS_MAX:
            return False
        return needs_pairing(self.source[start:end].decode(errors="ignore"))

    def _has_unpaired_part(self, node: Node) -> bool:
        """The same of a link, say, of which only the words directly in it are looked at.

        What is emphasis by asterisks is part of the line around it, and no Markdown stands in a
        block of HTML.
        """
        is_element = node.kind is Kind.ELEMENT
        if is_element and (self.is_html_block or node.data.written in ELEMENT_BLOCKS):
            return False
        if not is_element and self.source[node.start] == _STAR:
            return False
        words = [
            child
            for child in node.children
            if child.kind is Kind.TEXT and ("*" in child.text or "~" in child.text)
        ]
        self.asterisks += sum(child.text.count("*") + child.text.count("~") for child in words)
        if self.asterisks > PAIRED_ASTERISKS_MAX:
            return False
        return any(
            needs_pairing(
                self.source[max(child.start - 4, 0) : child.end + 4].decode(errors="ignore")
            )
            for child in words
        )


def _fitting(words: Node, parent: Node) -> list[Node]:
    """A paragraph, as its parent can hold it.

    In an element of a line its words stand in the line; in a table or list that was typed they
    stand in the cell or item that is asked for.
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


def _label(label: str) -> str:
    return " ".join(label.casefold().split())


def _too_many_footnotes() -> Invalid:
    return Invalid(_("This text has too many footnotes. Split it."))


def _too_many_columns() -> Invalid:
    return Invalid(
        _("A table can have at most %(columns)d columns.") % {"columns": TABLE_MAX_COLUMNS}
    )
