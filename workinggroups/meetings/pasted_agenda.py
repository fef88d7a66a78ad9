"""An agenda that was pasted as one text: split into items at its headings, list items or lines.

The text is read as a tree; an item has the source between its line and that of the next one. What
comes before the first item is an item too, and what is too much for an agenda stays together in the
last one. Numbers and bullets of office programs are no lists in Markdown, so they are read from the
lines of paragraphs. A text of which words would be lost is not split.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import dedent

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.text.definitions import LinkDefinition, labels_used, link_definitions
from common.text.front_matter import front_matter
from common.text.markdown import parse, read
from common.text.reading import Reading
from common.text.tree import BLOCKS, BREAKS, Kind, Node, text_of, walk
from common.unseen import fault_of, without_reordering
from members.people.models import Person
from workinggroups.meetings.agenda_lines import PresenterNames, mark_of, read_line, without_mark
from workinggroups.meetings.choices import AGENDA_TITLE_MAX_CHARACTERS

# The level of a paragraph that is one bold line: below all headings.
_BOLD_LEVEL = 7
_REMARK_MAX_CHARACTERS = 80
# A text without headings, lists and numbers is split at its lines if none is longer.
_SHORT_LINE_MAX_CHARACTERS = 120
_TITLE_OF_TEXT_MAX_CHARACTERS = 80


@dataclass(frozen=True)
class Point:
    """An item as it can be added to an agenda; `text` is Markdown."""

    title: str
    text: str = ""
    minutes: int | None = None
    presenter: Person | None = None


@dataclass(frozen=True)
class PastedAgenda:
    """The items of a text. The last has the words of `merged` more, for which there was no room."""

    points: tuple[Point, ...]
    merged: int = 0


@dataclass(frozen=True)
class _Piece:
    """An item in the source: where it begins, the nodes of its line, where its text begins.

    Its text is indented by `indent` columns; `goes_on` if it continues the paragraph of the line.
    """

    start: int
    line: tuple[Node, ...]
    text_start: int
    indent: int = 0
    goes_on: bool = False
    # Of a heading; 0 for others.
    level: int = 0

    @property
    def words(self) -> str:
        return _words(self.line)


def split_agenda(source: str, people: Iterable[Person], *, most: int) -> PastedAgenda:
    """Return the items of a pasted text, at most `most`, which is at least 1.

    `people` can be presenters. Raises Invalid for a text that Markdown refuses.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    document = read(source)
    # What would be hidden before a document is read as words, and an indented list is no code.
    shown_source = source
    while front_matter(shown_source):
        shown_source = shown_source.partition("\n")[2]
    reading = parse(dedent(shown_source))
    pieces = _pieces(reading)
    shown = list(_points(reading, pieces[:most], PresenterNames(people)))
    words = sum((each.words for each in shown), Counter[str]())
    if not _count(document.words) - words:
        points = tuple(each.point for each in shown)
        return PastedAgenda(points, max(len(pieces) - most, 0))
    return PastedAgenda((Point(_first_words(document.words), source.rstrip()),))


def _pieces(reading: Reading) -> list[_Piece]:
    """Return where the items begin, with what is before the first of them."""
    blocks = reading.root.children
    pieces = _split(reading, blocks)
    first = pieces[0].start if pieces else len(reading.source)
    before = [block for block in blocks if block.start < first]
    if before and reading.source[:first].strip():
        return [_piece_of_block(reading, before[0]), *pieces]
    return pieces


def _split(reading: Reading, blocks: Sequence[Node]) -> list[_Piece]:
    """Return the items by the first that there is: headings of one level, a list, lines."""
    headings = [piece for piece in _lines(reading, blocks) if piece.level]
    counts = Counter(piece.level for piece in headings)
    repeated = [level for level, count in counts.items() if count > 1]
    if repeated:
        return [piece for piece in headings if piece.level <= min(repeated)]
    listed = _list_items(reading, blocks) or _marked_lines(reading, blocks)
    if listed:
        by_start = {piece.start: piece for piece in [*listed, *headings]}
        return [by_start[start] for start in sorted(by_start)]
    return headings if len(headings) > 1 else _short_lines(reading, blocks) or headings


def _list_items(reading: Reading, blocks: Iterable[Node]) -> list[_Piece]:
    """Return the items of the lists, if there are at least two.

    Of lists with numbers and lists with bullets, only those of the first kind; the others belong to
    their items.
    """
    lists = [block for block in blocks if block.kind is Kind.LIST and block.children]
    if not lists:
        return []
    numbered = lists[0].data is not None
    same = [each for each in lists if (each.data is not None) == numbered]
    for chosen in (same, lists):
        items = [item for each in chosen for item in each.children]
        if len(items) > 1:
            return [_piece_of_item(reading, item) for item in items]
    item = lists[0].children[0]
    inner = _list_items(reading, item.children)
    return [_piece_of_item(reading, item), *inner] if inner else []


def _piece_of_item(reading: Reading, item: Node) -> _Piece:
    source = reading.source
    first = item.children[0] if item.children else None
    parent = first if first is not None and first.kind is Kind.PARAGRAPH else item
    line = _first_line(parent)
    begin = source.rfind(b"\n", 0, item.start) + 1
    content = first.start if first is not None else item.end
    indent = _columns(source[source.rfind(b"\n", 0, content) + 1 : content].decode())
    if not line:
        return _Piece(begin, (), content, indent)
    goes_on = len(line) < len(parent.children) and parent.children[len(line)].kind in BREAKS
    return _Piece(begin, line, _line_end(source, line[-1]), indent, goes_on)


def _first_line(parent: Node) -> tuple[Node, ...]:
    """Return the nodes before the first break or block, without a box to tick."""
    line: list[Node] = []
    for node in parent.children:
        if node.kind in BREAKS or node.kind in BLOCKS:
            break
        line.append(node)
    return tuple(line)


def _marked_lines(reading: Reading, blocks: Iterable[Node]) -> list[_Piece]:
    """Return the lines of paragraphs with a number or bullet like that of the first, if two or more."""
    pieces = []
    outer: tuple[str, int] | None = None
    for piece in _lines(reading, blocks):
        mark = mark_of(piece.words)
        outer = outer or mark
        if mark and outer and mark[0] == outer[0] and mark[1] <= outer[1]:
            pieces.append(piece)
    return pieces if len(pieces) > 1 else []


def _short_lines(reading: Reading, blocks: Sequence[Node]) -> list[_Piece]:
    """Return all lines of a text that has only short ones, if two or more."""
    if any(block.kind not in {Kind.PARAGRAPH, Kind.HEADING} for block in blocks):
        return []
    pieces = list(_lines(reading, blocks))
    is_short = all(len(piece.words) <= _SHORT_LINE_MAX_CHARACTERS for piece in pieces)
    return pieces if is_short and len(pieces) > 1 else []


def _lines(reading: Reading, blocks: Iterable[Node]) -> Iterator[_Piece]:
    """Yield the headings and the lines of paragraphs."""
    for block in blocks:
        if block.kind is Kind.HEADING:
            yield _piece_of_heading(block)
        elif block.kind is Kind.PARAGRAPH:
            breaks = [at for at, node in enumerate(block.children) if node.kind in BREAKS]
            for before, after in pairwise([-1, *breaks, len(block.children)]):
                if after > before + 1:
                    yield _piece_of_line(reading, block, before + 1, after)


def _piece_of_heading(heading: Node) -> _Piece:
    return _Piece(heading.start, tuple(heading.children), heading.end, level=heading.data)


def _piece_of_line(reading: Reading, paragraph: Node, first: int, last: int) -> _Piece:
    line = tuple(paragraph.children[first:last])
    return _Piece(
        reading.source.rfind(b"\n", 0, line[0].start) + 1,
        line,
        _line_end(reading.source, line[-1]),
        goes_on=last < len(paragraph.children),
        level=_BOLD_LEVEL if _is_bold(line) else 0,
    )


def _is_bold(line: Sequence[Node]) -> bool:
    """Whether a line begins with its title in bold, followed by nothing or by a remark."""
    after = _words(line[1:])
    return (
        line[0].kind is Kind.STRONG
        and not any(node.kind in BREAKS for root in line for node in walk(root))
        and len(after) <= _REMARK_MAX_CHARACTERS
        and (not after or after[0] in "([:–—-,")
    )


def _piece_of_block(reading: Reading, block: Node) -> _Piece:
    """Return what is before the first item as a piece: its line, if it begins with one."""
    if block.kind is Kind.HEADING:
        return _piece_of_heading(block)
    if block.kind is Kind.LIST and block.children:
        return _piece_of_item(reading, block.children[0])
    line = _first_line(block) if block.kind is Kind.PARAGRAPH else ()
    if line:
        return _piece_of_line(reading, block, 0, len(line))
    return _Piece(0, (), 0)


def _line_end(source: bytes, last: Node) -> int:
    end = source.find(b"\n", last.end)
    return len(source) if end < 0 else end


@dataclass(frozen=True)
class _Shown:
    """An item, and the words that it shows, also those read as its number, length and presenter."""

    point: Point
    words: Counter[str]


def _points(reading: Reading, pieces: Sequence[_Piece], names: PresenterNames) -> Iterator[_Shown]:
    """Yield each piece as an item; the last has all that is left of the text."""
    source = reading.source.decode()
    definitions = link_definitions(source)
    used = labels_used(reading.source, [reading.root])
    cut = [definition for key, definition in definitions.items() if key in used]
    is_numbered = sum(mark_of(piece.words) is not None for piece in pieces) * 2 > len(pieces)
    ends = [*(piece.start for piece in pieces[1:]), len(reading.source)]
    for piece, end in zip(pieces, ends, strict=False):
        words = without_mark(piece.words) if is_numbered else piece.words
        line = read_line(" ".join(without_reordering(words).split()), names)
        title, text = _titled(line.words, piece, reading, _text(reading, piece, end, cut))
        text = _with_definitions(text.strip("\n").rstrip(), source, definitions)
        yield _Shown(
            Point(title, text, line.minutes, line.presenter),
            _count(f"{title} {read(text).words}") + (_count(piece.words) - _count(line.words)),
        )


def _titled(title: str, piece: _Piece, reading: Reading, text: str) -> tuple[str, str]:
    """Return title and text of an item; the text begins with what the title cannot have."""
    title = _without_addresses(title, piece)
    if not title or fault_of(title):
        title = _first_words(read(text).words)
    if len(title) > AGENDA_TITLE_MAX_CHARACTERS:
        title = Truncator(title).chars(AGENDA_TITLE_MAX_CHARACTERS)
        return title, f"{_line_source(piece, reading.source)}\n\n{text}"
    if links := [_source_of(node, reading.source) for node in _links(piece)]:
        return title, f"{' '.join(links)}\n\n{text}"
    return title, text


def _text(reading: Reading, piece: _Piece, end: int, cut: Sequence[LinkDefinition]) -> str:
    """Return the Markdown below the line of an item, as a text of its own."""
    kept, position = [], min(piece.text_start, end)
    for definition in sorted(cut, key=lambda each: each.start):
        if position <= definition.start < end:
            kept.append(reading.source[position : definition.start])
            position = definition.end
    kept.append(reading.source[position:end])
    text = _dedented(b"".join(kept).decode(errors="replace"), piece.indent).strip("\n")
    if piece.goes_on:
        # Indented, it would be code.
        text = text.lstrip()
    elif not text.startswith("    "):
        text = text.lstrip(" ")
    while front_matter(text):
        text = text.partition("\n")[2]
    return text


def _with_definitions(text: str, source: str, definitions: dict[str, LinkDefinition]) -> str:
    """Return the text with those definitions of the whole that its links name."""
    if not definitions:
        return text
    whole = "\n\n".join([text, *(definition.source for definition in definitions.values())])
    named = labels_used(whole.encode(), [parse(whole).root])
    own = [each.source for key, each in definitions.items() if key in named]
    return "\n\n".join([text, "\n".join(own)]) if own else text


def _dedented(text: str, columns: int) -> str:
    """Return the lines with up to so many columns less of white space before them."""
    return "\n".join(_line_dedented(line, columns) for line in text.split("\n"))


def _line_dedented(line: str, columns: int) -> str:
    at = width = 0
    while at < len(line) and width < columns and line[at] in " \t":
        width += 4 - width % 4 if line[at] == "\t" else 1
        at += 1
    return " " * max(width - columns, 0) + line[at:]


def _columns(text: str) -> int:
    return len(text.expandtabs(4))


def _links(piece: _Piece) -> list[Node]:
    """Return what an item's line has beside words, such as links: a title has none."""
    return [
        node
        for root in piece.line
        for node in walk(root)
        if node.kind in {Kind.LINK, Kind.IMAGE}
        or (node.kind is Kind.ELEMENT and "title" in node.data.attributes)
    ]


def _source_of(node: Node, source: bytes) -> str:
    return source[node.start : node.end].decode(errors="replace")


def _line_source(piece: _Piece, source: bytes) -> str:
    if not piece.line:
        return ""
    end = _line_end(source, piece.line[-1])
    return source[piece.line[0].start : end].decode(errors="replace").strip()


def _without_addresses(title: str, piece: _Piece) -> str:
    """Return the title without addresses that are their own words, if others are left."""
    shorter = title
    for node in _links(piece):
        words = text_of(node)
        if node.kind is Kind.LINK and "://" in words and node.data.address == words:
            shorter = " ".join(shorter.replace(words, "").split())
    return shorter.rstrip(" :,–—-") or title


def _words(nodes: Iterable[Node]) -> str:
    return "".join(" " if node.kind in BREAKS else text_of(node) for node in nodes).strip()


def _first_words(words: str) -> str:
    """Return a title for a text with these words."""
    line = without_reordering(" ".join(words.split()))
    title = Truncator(line).chars(_TITLE_OF_TEXT_MAX_CHARACTERS)
    return _("Untitled item") if not title or fault_of(title) else title


def _count(words: str) -> Counter[str]:
    return Counter(word for word in re.findall(r"[^\W_]+", words) if not word.isdigit())
