"""Reading Markdown: from the events of the parser to one tree that holds every word of the source.

The parser (pulldown-cmark) follows CommonMark and GitHub. Added here: typed HTML becomes part of the
tree where it is understood and words where it is not (`typed_html.py`); asterisks pair beside
letters of scripts without spaces (`emphasis.py`); money is no formula; bare addresses become links;
and words that CommonMark drops, such as the surplus cells of a row, are shown as typed
(`lost_words.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

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
from common.text.emphasis import EmphasisPairing
from common.text.front_matter import FrontMatter, front_matter
from common.text.limits import (
    DOLLARS_MAX,
    FOOTNOTES_MAX,
    HEADINGS_MAX,
    RULES_MAX,
    TABLE_MAX_CELLS,
    TABLE_MAX_COLUMNS,
)
from common.text.lost_words import WORD, LostWords, label_key
from common.text.raw_html import ELEMENT_BLOCKS
from common.text.tree import BREAKS, CONTAINERS, LINE_HOLDERS, PART_HOLDERS, Kind, Node, Target
from common.text.tree_builder import NO_FORMULA, Unshown, with_dollars, with_paragraphs
from common.text.typed_html import HtmlTreeBuilder
from common.text.weighing import refuse_too_complex

if TYPE_CHECKING:
    from pyromark import event as pe

    Leaf = (
        pe._Html
        | pe._InlineHtml
        | pe._Code
        | pe._InlineMath
        | pe._DisplayMath
        | pe._FootnoteReference
        | pe._TaskListMarker
    )
    Tag = (
        pe._HeadingStart
        | pe._Link
        | pe._Image
        | pe._ListStart
        | pe._BlockQuote
        | pe._CodeBlock
        | pe._Table
        | pe._FootnoteDefinition
        | pe._MetadataBlock
    )

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
)
# How often a text is read again because money looked like a formula, before formulas are ignored.
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
# An attribute list directly behind one of these applies to it.
_HAVE_ATTRIBUTES = frozenset(
    {Kind.LINK, Kind.IMAGE, Kind.EMPHASIS, Kind.STRONG, Kind.STRIKETHROUGH, Kind.CODE}
)
_NUMBER = re.compile(rb"\s*(\d{1,9})[.)]")
# An attribute list in these is words.
_NO_ATTRIBUTES = frozenset({Kind.CODE_BLOCK, Kind.IMAGE, Kind.ELEMENT})
_CELL_BORDER = re.compile(r"(?<!\\)\|")


@dataclass
class Reading:
    """A parsed source: its tree, what the page does not show of it, and its front matter."""

    source: bytes
    root: Node
    unshown: list[Unshown] = field(default_factory=list)
    front_matter: FrontMatter | None = None

    @cached_property
    def line_ends(self) -> list[int]:
        """The bytes at which the lines of the source end."""
        return [line_end.start() for line_end in re.finditer(b"\n", self.source)]

    def line_of(self, offset: int) -> int:
        """Return the number, from 1, of the line with this byte."""
        return bisect_left(self.line_ends, offset) + 1


def read_source(source: str) -> Reading:
    """Return the tree of a source that passed `markdown.check`.

    Raises Invalid for a text that is nested too deeply, or that has too many columns, cells,
    headings or footnotes.
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


class _Builder(HtmlTreeBuilder):
    """Takes the parser's events one by one; `root` is the finished tree."""

    def __init__(self, source: str, options: Options) -> None:
        super().__init__(source.encode())
        self.text = source
        self.money: list[int] = []
        self.lost_words = LostWords(source, self.source, _OPTIONS)
        self.rules = self.headings = self.footnotes = self.references = self.cells = 0
        self.html: list[tuple[str, int]] | None = None
        # The node that holds nothing but attribute lists so far.
        self.emptied: Node | None = None
        has_signs = b"*" in self.source or b"~" in self.source
        self.pairing = EmphasisPairing(self.source) if has_signs and not source.isascii() else None
        self.is_html_block = False
        self._read(options)

    def _read(self, options: Options) -> None:
        refuse_too_complex(self.text, options)
        events = pyromark.events_with_range(self.text, options=options, merge_text=True)
        for event, place in events:
            start, end = place["start"], place["end"]
            if isinstance(event, str):
                self._break(event, start, end)
            elif "Text" in event:
                text = event["Text"]
                if "{:" in text:
                    text, start, end = self._without_attributes(text, start, end)
                if text:
                    self._words(text, start, end)
            elif "Start" in event:
                tag = event["Start"]
                if isinstance(tag, str):
                    self._open_simple(tag, start, end)
                else:
                    self._open_tag(tag, start, end)
            elif "End" in event:
                self._close_tag(event["End"])
            else:
                self._leaf(event, start, end)
        while len(self.stack) > 1:
            self._pop()
        self._complete(self.root)
        for node in self.containers:
            self.lost_words.restore(node)

    def _break(self, event: str, start: int, end: int) -> None:
        if event == "Rule":
            self.rules += 1
            if self.rules > RULES_MAX:
                raise Invalid(_("This text has too many horizontal rules. Split it."))
            self._make_space()
            self._append(Node(Kind.RULE, start, end))
        elif self.emptied is not self.stack[-1] or self.stack[-1].children:
            kind = Kind.SOFT_BREAK if event == "SoftBreak" else Kind.HARD_BREAK
            self._append(Node(kind, start, end))

    def _leaf(self, event: Leaf, start: int, end: int) -> None:
        if "Html" in event:
            self.lost_words.html.append((start, end, ""))
            if self.html is not None:
                self.html.append((with_dollars(event["Html"]), start))
            else:
                self._html_pieces(with_dollars(event["Html"]), start)
        elif "InlineHtml" in event:
            self.lost_words.html.append((start, end, ""))
            self._html_pieces(with_dollars(event["InlineHtml"]), start)
        elif "Code" in event:
            self._append(Node(Kind.CODE, start, end, text=with_dollars(event["Code"])))
        elif "InlineMath" in event:
            if self._is_money(start, end):
                self.money.append(start)
            self._formula(event["InlineMath"], start, end, is_display=False)
        elif "DisplayMath" in event:
            self._formula(event["DisplayMath"], start, end, is_display=True)
        elif "FootnoteReference" in event:
            self.references += 1
            if self.references > FOOTNOTES_MAX:
                raise _too_many_footnotes()
            self._append(Node(Kind.FOOTNOTE_REFERENCE, start, end, event["FootnoteReference"]))
        else:
            self._append(Node(Kind.TASK, start, end, event["TaskListMarker"]))

    def _formula(self, tex: str, start: int, end: int, *, is_display: bool) -> None:
        tex = with_dollars(tex)
        if len(tex) > 2 and tex[0] == tex[-1] == "`":  # as GitHub has it: $`x`$
            tex = tex[1:-1]
        self._append(Node(Kind.FORMULA, start, end, is_display, tex))

    def _open_simple(self, tag: str, start: int, end: int) -> None:
        if tag == "HtmlBlock":
            self.html = []
            return
        kind = _SIMPLE[tag]
        data: int | None = None
        if kind == Kind.ITEM:
            number = _NUMBER.match(self.source, start, start + 24)
            data = int(number[1]) if number else None
        elif kind == Kind.TABLE_CELL:
            self.cells += 1
            if self.cells > TABLE_MAX_CELLS:
                raise Invalid(_("The tables in this text are too large. Split the text."))
        self._push(Node(kind, start, end, data))

    def _open_tag(self, tag: Tag, start: int, end: int) -> None:
        if "Heading" in tag:
            self.headings += 1
            if self.headings > HEADINGS_MAX:
                raise Invalid(_("This text has too many headings. Split it."))
            self._push(Node(Kind.HEADING, start, end, int(tag["Heading"]["level"][1])))
        elif "Link" in tag:
            self._push(Node(Kind.LINK, start, end, self._target(tag["Link"])))
        elif "Image" in tag:
            self._push(Node(Kind.IMAGE, start, end, self._target(tag["Image"])))
        elif "List" in tag:
            self._push(Node(Kind.LIST, start, end, tag["List"]))
        elif "BlockQuote" in tag:
            alert = tag["BlockQuote"]
            self._push(Node(Kind.QUOTE, start, end, alert.lower() if alert else None))
        elif "CodeBlock" in tag:
            fence = tag["CodeBlock"]
            info = fence["Fenced"] if isinstance(fence, dict) else ""
            self._push(Node(Kind.CODE_BLOCK, start, end, info.split(None, 1)[0] if info else ""))
        elif "Table" in tag:
            if len(tag["Table"]) > TABLE_MAX_COLUMNS:
                raise _too_many_columns()
            self._push(Node(Kind.TABLE, start, end, tag["Table"]))
        elif "FootnoteDefinition" in tag:
            self.footnotes += 1
            if self.footnotes > FOOTNOTES_MAX:
                raise _too_many_footnotes()
            self._push(Node(Kind.FOOTNOTE, start, end, tag["FootnoteDefinition"]))

    def _target(self, link: pe._LinkData) -> Target:
        self.lost_words.used_labels.add(label_key(link["id"]))
        address = with_dollars(link["dest_url"])
        if link["link_type"] == "Email" and not address.lower().startswith("mailto:"):
            address = f"mailto:{address}"
        return Target(address, with_dollars(link["title"]))

    def _close_tag(self, tag: object) -> None:
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
        """Finish a node once all its content was read."""
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
        if self.pairing is not None and kind in LINE_HOLDERS:
            self.pairing.pair_line(node)

    def _pop(self) -> Node:
        node = super()._pop()
        if self.pairing is not None and node.kind in PART_HOLDERS and not self._is_html(node):
            self.pairing.pair_part(node)
        return node

    def _is_html(self, node: Node) -> bool:
        """Whether no Markdown can be in this node: a block of HTML."""
        return node.kind is Kind.ELEMENT and (
            self.is_html_block or node.data.written in ELEMENT_BLOCKS
        )

    def _html_block(self) -> None:
        pieces, self.html = self.html or [], None
        if pieces:
            self.is_html_block = True
            self._html_pieces("".join(text for text, _start in pieces), pieces[0][1], is_block=True)
            self.is_html_block = False

    def _without_attributes(self, text: str, start: int, end: int) -> tuple[str, int, int]:
        """Return a run of words and its offsets without the attribute lists at its ends."""
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
        self.lost_words.left_out.append((start, end, ""))

    def _is_money(self, start: int, end: int) -> bool:
        """Whether a letter or digit precedes the formula or a digit follows it: "US$5 to US$6"."""
        before = self.source[max(start - 4, 0) : start].decode(errors="ignore")[-1:]
        after = self.source[end : end + 1]
        return (before.isalnum() and before.isascii()) or after.isdigit()

    def _show_surplus_cells(self, row: Node) -> None:
        """Add the cells beyond the columns of the head."""
        last = row.children[-1].end if row.children else row.start
        if row.end <= last or not WORD.search(self.source, last, row.end):
            return
        rest = with_dollars(self.source[last : row.end].decode(errors="replace")).strip()
        for typed in _CELL_BORDER.split(rest.removeprefix("|").removesuffix("|")):
            self.cells += 1
            if len(row.children) >= TABLE_MAX_COLUMNS:
                raise _too_many_columns()
            cell = Node(Kind.TABLE_CELL, last, row.end)
            cell.children.append(
                Node(Kind.TEXT, last, row.end, text=typed.strip().replace("\\|", "|"))
            )
            row.children.append(cell)


def _too_many_footnotes() -> Invalid:
    return Invalid(_("This text has too many footnotes. Split it."))


def _too_many_columns() -> Invalid:
    return Invalid(
        _("A table can have at most %(columns)d columns.") % {"columns": TABLE_MAX_COLUMNS}
    )
