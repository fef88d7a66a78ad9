"""The lines of a parsed Markdown text for a PDF: words with their links, emphasis and pictures."""

from collections.abc import Sequence

from common.pdf.content import LONG_WORD, Piece, clean, words
from common.text.addresses import is_allowed, is_relative
from common.text.numbering import Numbering
from common.text.raw_html import ELEMENT_BLOCKS
from common.text.tree import BLOCKS, BREAKS, Kind, Node, alternative_text, is_silent, walk

# Emphasis within emphasis.
LINE_DEPTH_MAX = 8
URL_MAX_CHARACTERS = 2000
_CODE = frozenset({Kind.CODE, Kind.CODE_BLOCK, Kind.FORMULA})
_FACES = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("strong", "b", "mark", "kbd"), "strong"),
    **dict.fromkeys(("del", "s"), "del"),
    **{name: name for name in ("sub", "sup", "small")},
}
_FACES_OF_KIND = {Kind.EMPHASIS: "em", Kind.STRONG: "strong", Kind.STRIKETHROUGH: "del"}


class LineWriter:
    """Writes parts of lines; `undescribed` collects pictures without alternative text."""

    def __init__(self, numbering: Numbering, *, keeps_lines: bool) -> None:
        self.numbering = numbering
        self.keeps_lines = keeps_lines
        self.undescribed: list[str] = []

    def pieces(self, nodes: Sequence[Node], depth: int, longest: int = LONG_WORD) -> list[Piece]:
        """Return these parts of lines; words longer than `longest` may be broken."""
        pieces: list[Piece] = []
        for node in nodes:
            pieces += self._piece(node, depth, longest)
        return pieces

    def _piece(self, node: Node, depth: int, longest: int) -> list[Piece]:
        kind = node.kind
        if kind is Kind.TEXT:
            return [words(node.text, longest)]
        if kind in _CODE:
            return [{"t": "code", "s": words(node.text, longest).replace("\n", " ")}]
        if kind is Kind.FOOTNOTE:
            return []
        if kind is Kind.SOFT_BREAK and not self.keeps_lines:
            return [" "]
        if kind in BREAKS:
            return [{"t": "br"}]
        if kind is Kind.TASK:
            return ["☑ " if node.data else "☐ "]
        if kind is Kind.FOOTNOTE_REFERENCE:
            return [{"t": "sup", "c": [str(self.numbering.footnotes.numbers[node.data])]}]
        if kind is Kind.IMAGE:
            return self._picture_in_line(node, longest)
        if depth >= LINE_DEPTH_MAX:
            return [words(_all_words(node), longest)]
        return self._nested(node, depth, longest)

    def _nested(self, node: Node, depth: int, longest: int) -> list[Piece]:
        inner = self.pieces(node.children, depth + 1, longest)
        if node.kind is Kind.LINK:
            linked = self._linked(node, node.data.address.strip(), inner)
            return [*linked, *_title(node.data.title, longest)]
        if node.kind is Kind.ELEMENT:
            written = node.data.written
            title = _title(node.data.attributes.get("title", ""), longest)
            if written == "br":
                return [{"t": "br"}]
            if written == "a":
                address = node.data.attributes.get("href", "").strip()
                return [*self._linked(node, address, inner), *title]
            if written in ELEMENT_BLOCKS:
                return [{"t": "br"}, *inner, {"t": "br"}]
            faced = [{"t": _FACES[written], "c": inner}] if written in _FACES else inner
            return [*faced, *title]
        if node.kind in _FACES_OF_KIND:
            return [{"t": _FACES_OF_KIND[node.kind], "c": inner}]
        return [*inner, " "] if node.kind in BLOCKS else inner

    def _linked(self, node: Node, address: str, inner: list[Piece]) -> list[Piece]:
        if is_silent(node) and address and not inner:
            inner = [words(address)]
        if not _is_web(address):
            return inner
        return [{"t": "link", "url": address, "c": inner}]

    def _picture_in_line(self, node: Node, longest: int) -> list[Piece]:
        """Return the words of a picture that stands in a cell, a heading or a link."""
        alternative, title = alternative_text(node), node.data.title
        address = node.data.address.strip()
        if is_relative(address):
            if not alternative:
                self.undescribed.append(address)
            return [words(" ".join(filter(None, (alternative, title))), longest)]
        shown = alternative or title or address.rstrip("/").rpartition("/")[2] or address
        pieces: list[Piece] = [words(shown, longest)]
        if _is_web(address):
            pieces = [{"t": "link", "url": address, "c": pieces}]
        return [*pieces, *_title(title if title != shown else "", longest)]


def _title(title: str, longest: int) -> list[Piece]:
    """Return what a page shows of a link or an abbreviation when a reader points at it."""
    return [words(f" ({clean(title)})", longest)] if title.strip() else []


def _is_web(address: str) -> bool:
    return (
        address.lower().startswith(("http://", "https://", "mailto:"))
        and is_allowed(address)
        and len(address) <= URL_MAX_CHARACTERS
    )


def _all_words(root: Node) -> str:
    """Return the words below a node, with those of pictures."""
    pieces = []
    for node in walk(root):
        if node.kind is Kind.IMAGE:
            pieces.append(node.data.title)
        elif node.kind in BREAKS:
            pieces.append(" ")
        else:
            pieces.append(node.text)
    return "".join(pieces)
