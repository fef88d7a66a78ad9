"""A parsed Markdown text as blocks of a PDF, with every word that its page shows.

Containers are nested as far as a page can show it; what is deeper stands on the last level. No code
walks deeper than that by recursion, since hostile texts nest a hundred quotes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.pdf.content import LONG_WORD, Block, Piece, clean, heading, paragraph, words
from common.pdf.markdown_lines import LineWriter
from common.text.addresses import is_relative
from common.text.cleaning import ALERT_TITLES
from common.text.headings import Outline
from common.text.markdown import plain
from common.text.numbering import Numbering
from common.text.raw_html import ELEMENT_BLOCKS, HEADINGS
from common.text.tree import BLOCKS, BREAKS, Kind, Node, alternative_text, text_of

# Lists and quotes within each other.
DEPTH_MAX = 8
_CELLS = frozenset({"td", "th"})
_FLAT = frozenset({"ul", "ol", "table", "thead", "tbody", "tfoot", "tr"})
_PLAIN = frozenset({Kind.TEXT, Kind.CODE, *BREAKS})
_STRONG_LINES = frozenset({"summary", "dt", "caption"})


@dataclass(frozen=True)
class PdfPicture:
    """A picture of a text: its name in the document, and its width as a share of the text's."""

    file: str
    width: float


@dataclass
class MarkdownBlocks:
    """The blocks of a text, and which of its pictures have no alternative text."""

    blocks: list[Block]
    undescribed: list[str] = field(default_factory=list)


def blocks_of(
    root: Node,
    *,
    keeps_lines: bool,
    level: int = 2,
    pictures: Mapping[str, PdfPicture] | None = None,
) -> MarkdownBlocks:
    """Return the tree as blocks whose first headings have this level.

    `keeps_lines` keeps each line of the source a line, as for notes. `pictures` are those that can be
    shown, by the address that the text has; of any other its alternative text is shown.
    """
    writer = _Writer(root, keeps_lines, level, pictures or {})
    blocks = writer.container(root.children, 0)
    return MarkdownBlocks([*blocks, *writer.notes()], writer.undescribed)


class _Writer(LineWriter):
    def __init__(
        self, root: Node, keeps_lines: bool, level: int, pictures: Mapping[str, PdfPicture]
    ) -> None:
        super().__init__(Numbering(root, anchored=False), keeps_lines=keeps_lines)
        self.level = level
        self.pictures = pictures
        self.outline = Outline()

    def container(self, nodes: Sequence[Node], depth: int) -> list[Block]:
        """Return the blocks of these nodes; lines among them become paragraphs."""
        blocks: list[Block] = []
        pending: list[Node] = []
        for node in nodes if depth < DEPTH_MAX else _flattened(nodes):
            if _is_block(node):
                blocks += self._lines(pending)
                pending = []
                blocks += self._block(node, depth)
            else:
                pending.append(node)
        return blocks + self._lines(pending)

    def _block(self, node: Node, depth: int) -> list[Block]:
        kind = node.kind
        if kind is Kind.ELEMENT:
            return self._element(node, depth)
        if kind is Kind.PARAGRAPH:
            return self._paragraph(node, depth)
        if kind is Kind.HEADING:
            return [self._heading(node, node.data)]
        if kind is Kind.LIST:
            return [self._list(node, node.children, depth)]
        if kind is Kind.QUOTE:
            title = str(ALERT_TITLES[node.data]) if node.data in ALERT_TITLES else ""
            return [{"t": "quote", "title": title, "b": self.container(node.children, depth + 1)}]
        if kind is Kind.CODE_BLOCK:
            return [{"t": "code", "s": _code(node.text or text_of(node))}]
        if kind is Kind.TABLE:
            return self._table(node)
        if kind is Kind.RULE:
            return [{"t": "rule"}]
        if kind is Kind.BOX:
            return [self._box(node, depth)]
        if kind is Kind.FOOTNOTE:
            return []
        return self.container(node.children, depth + 1)

    def _paragraph(self, node: Node, depth: int) -> list[Block]:
        if id(node) in self.numbering.with_blocks:
            return self.container(node.children, depth + 1)
        return self._lines(node.children)

    def _lines(self, nodes: Sequence[Node]) -> list[Block]:
        """Return a paragraph of these parts of lines, cut where a picture stands between them."""
        blocks: list[Block] = []
        pieces: list[Piece] = []
        for node in nodes:
            if node.kind is Kind.IMAGE and is_relative(node.data.address.strip()):
                blocks += _paragraph_of(pieces)
                pieces = []
                blocks.append(self._figure(node))
            else:
                pieces += self.pieces([node], 0)
        return blocks + _paragraph_of(pieces)

    def _heading(self, node: Node, typed: int) -> Block:
        level = self.outline.level(typed) - 2 + self.level
        return heading(self.pieces(node.children, 0) or [" "], level)

    def _list(self, node: Node, items: Sequence[Node], depth: int) -> Block:
        is_ordered = (
            node.data.written == "ol" if node.kind is Kind.ELEMENT else node.data is not None
        )
        blocks = [self.container(_children(item), depth + 1) for item in items]
        if not is_ordered:
            return {"t": "ul", "i": blocks}
        numbers: list[int] = []
        last = _start(node) - 1
        for item in items:
            last = min(self.numbering.numbers.get(id(item), last + 1), 999_999_999)
            numbers.append(last)
        return {"t": "ol", "i": blocks, "n": numbers}

    def _table(self, node: Node) -> list[Block]:
        head: list[list[Piece]] = []
        rows: list[list[list[Piece]]] = []
        columns = max((len(row.children) for row in node.children), default=0)
        longest = _longest_word(columns)
        for row in node.children:
            cells = [self.pieces(cell.children, 0, longest) for cell in row.children]
            if row.kind is Kind.TABLE_HEAD:
                head = cells
            else:
                rows.append(cells)
        return _table_block(columns, head, rows, [str(one).lower() for one in node.data])

    def _typed_table(self, node: Node) -> list[Block]:
        """Return a table typed as HTML; spans are left out, and short rows are filled."""
        blocks: list[Block] = []
        rows: list[list[Node]] = []
        waiting = list(reversed(node.children))
        while waiting:
            child = waiting.pop()
            written = child.data.written if child.kind is Kind.ELEMENT else ""
            if written in {"thead", "tbody", "tfoot"}:
                waiting.extend(reversed(child.children))
            elif written == "tr":
                rows.append([one for one in child.children if _written(one) in _CELLS])
                blocks += self.container(
                    [one for one in child.children if _written(one) not in _CELLS], DEPTH_MAX
                )
            else:
                blocks += self.container([child], DEPTH_MAX)
        columns = max((len(row) for row in rows), default=0)
        longest = _longest_word(columns)
        cells = [[self.pieces(cell.children, 0, longest) for cell in row] for row in rows]
        is_head = bool(rows) and all(_written(cell) == "th" for cell in rows[0])
        head, body = (cells[0], cells[1:]) if is_head else ([], cells)
        return [*blocks, *_table_block(columns, head, body, [])]

    def _box(self, node: Node, depth: int) -> Block:
        before, _after = node.data
        return {
            "t": "box",
            "k": "action" if "line-record--action" in before else "decision",
            "label": clean(plain(before)),
            "b": self.container(node.children, depth + 1),
        }

    def _element(self, node: Node, depth: int) -> list[Block]:
        written = node.data.written
        if written in HEADINGS:
            return [self._heading(node, HEADINGS[written])]
        if written in {"ul", "ol"}:
            items = [
                child
                for child in node.children
                if child.kind is not Kind.TEXT or child.text.strip()
            ]
            return [self._list(node, items, depth)]
        if written == "table":
            return self._typed_table(node)
        if written == "blockquote":
            return [{"t": "quote", "title": "", "b": self.container(node.children, depth + 1)}]
        if written == "pre" and all(child.kind in _PLAIN for child in node.children):
            return [{"t": "code", "s": _code(text_of(node))}]
        if written in _STRONG_LINES and not any(_is_block(child) for child in node.children):
            return _paragraph_of([{"t": "strong", "c": self.pieces(node.children, 0)}])
        if written == "hr":
            return [{"t": "rule"}]
        return self.container(node.children, depth + 1)

    def _figure(self, node: Node) -> Block:
        address = node.data.address.strip()
        alternative = alternative_text(node)
        if not alternative:
            self.undescribed.append(address)
        picture = self.pictures.get(address)
        return {
            "t": "figure",
            "file": picture.file if picture else "",
            "width": picture.width if picture else 1,
            "alt": clean(" ".join(filter(None, (alternative, node.data.title))))
            if picture is None
            else clean(alternative or node.data.title or address),
            "caption": clean(node.data.title),
        }

    def notes(self) -> list[Block]:
        """Return the footnotes with their heading, as the page shows them."""
        ordered = self.numbering.footnotes.ordered
        if not ordered:
            return []
        items = [self.container(note.children, 1) for note in ordered]
        return [heading(_("Footnotes"), self.level), {"t": "notes", "i": items}]


def _is_block(node: Node) -> bool:
    if node.kind is Kind.ELEMENT:
        return node.data.written in ELEMENT_BLOCKS or node.data.written == "hr"
    return node.kind in BLOCKS


def _written(node: Node) -> str:
    return str(node.data.written) if node.kind is Kind.ELEMENT else ""


def _children(item: Node) -> Sequence[Node]:
    """Return what a list item holds; anything else between items is an item of its own."""
    is_item = item.kind is Kind.ITEM or _written(item) == "li"
    return item.children if is_item else [item]


def _start(node: Node) -> int:
    if node.kind is not Kind.ELEMENT:
        return int(node.data or 0)
    typed = str(node.data.attributes.get("start", ""))[:9]
    return int(typed) if typed.isascii() and typed.isdigit() else 1


def _flattened(nodes: Sequence[Node]) -> list[Node]:
    """Return the lines and leaves below these nodes, without what nests them."""
    flat: list[Node] = []
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        nests = node.kind in {Kind.QUOTE, Kind.LIST, Kind.ITEM, Kind.BOX} or (
            node.kind is Kind.ELEMENT
            and _is_block(node)
            and any(_is_block(child) for child in node.children)
        )
        if nests or (node.kind is Kind.ELEMENT and node.data.written in _FLAT):
            waiting.extend(reversed(node.children))
        else:
            flat.append(node)
    return flat


def _paragraph_of(pieces: list[Piece]) -> list[Block]:
    """Return a paragraph, without the line breaks at its ends; none for one without words."""
    first, last = 0, len(pieces)
    while first < last and _is_blank(pieces[first]):
        first += 1
    while last > first and _is_blank(pieces[last - 1]):
        last -= 1
    return [paragraph(pieces[first:last])] if first < last else []


def _is_blank(piece: Piece) -> bool:
    return not piece.strip() if isinstance(piece, str) else piece["t"] == "br"


def _longest_word(columns: int) -> int:
    """Return after how many characters a word in a cell may be broken, so that columns fit."""
    return max(4, min(LONG_WORD, 96 // max(columns, 1)))


def _table_block(
    columns: int, head: list[list[Piece]], rows: list[list[list[Piece]]], align: list[str]
) -> list[Block]:
    if not columns:
        return []
    empty: list[Piece] = [""]
    filled = [
        [*(row[n] or empty if n < len(row) else empty for n in range(columns))] for row in rows
    ]
    names = [head[n] or empty if n < len(head) else empty for n in range(columns)] if head else []
    return [{"t": "table", "cols": columns, "align": align, "head": names, "rows": filled}]


def _code(text: str) -> str:
    return "\n".join(words(line.expandtabs(4), 84) for line in text.rstrip("\n").split("\n"))
