"""The tree of a parsed Markdown text.

`start` and `end` of a node are offsets into the source's UTF-8 bytes. No code
walks the tree by recursion: a hundred nested quotes are legal, and hostile texts try more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a node is. Blocks first, then parts of lines."""

    DOCUMENT = "document"
    PARAGRAPH = "paragraph"
    HEADING = "heading"  # data: the level as typed, 1 to 6
    QUOTE = "quote"  # data: "note", "tip", "important", "warning", "caution" or None
    LIST = "list"  # data: None, or the number that its first item was typed with
    ITEM = "item"  # data: the number it was typed with, or None
    CODE_BLOCK = "code_block"  # data: the word after the fence
    TABLE = "table"  # data: the alignment of each column
    TABLE_HEAD = "table_head"
    TABLE_ROW = "table_row"
    TABLE_CELL = "table_cell"
    FOOTNOTE = "footnote"  # data: the label
    RULE = "rule"
    BOX = "box"  # words within HTML of the platform's own; data: the HTML before and after them
    ELEMENT = "element"  # a typed HTML element; data: raw_html.Element

    TEXT = "text"
    CODE = "code"
    FORMULA = "formula"  # data: whether it is on a line of its own
    SOFT_BREAK = "soft_break"
    HARD_BREAK = "hard_break"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    STRIKETHROUGH = "strikethrough"
    LINK = "link"  # data: Target
    IMAGE = "image"  # data: Target
    FOOTNOTE_REFERENCE = "footnote_reference"  # data: the label
    TASK = "task"  # a box at the beginning of an item; data: whether it is ticked


CONTAINERS = frozenset({Kind.DOCUMENT, Kind.QUOTE, Kind.ITEM, Kind.FOOTNOTE})
# Nodes that hold lines of text and are not part of a line. A tight item holds its line directly.
LINE_HOLDERS = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.TABLE_CELL, Kind.ITEM})
# Nodes that hold a part of a line: their emphasis is paired within them.
PART_HOLDERS = frozenset({Kind.LINK, Kind.STRIKETHROUGH, Kind.EMPHASIS, Kind.STRONG, Kind.ELEMENT})
BLOCKS = frozenset(list(Kind)[: list(Kind).index(Kind.ELEMENT)])
BREAKS = frozenset({Kind.SOFT_BREAK, Kind.HARD_BREAK})
LEAVES = frozenset(
    {
        *(Kind.TEXT, Kind.CODE, Kind.FORMULA, Kind.SOFT_BREAK, Kind.HARD_BREAK, Kind.RULE),
        *(Kind.FOOTNOTE_REFERENCE, Kind.TASK),
    }
)
# Most nodes are leaves and share this empty list. Never append to it.
_NO_CHILDREN: list[Node] = []


@dataclass(eq=False, slots=True)
class Target:
    """The address of a link or picture, as typed, and its title."""

    address: str
    title: str = ""


class Node:
    """A piece of the text. `text` has the characters of a leaf; see `Kind` for `data`."""

    __slots__ = ("children", "data", "end", "kind", "start", "text")

    def __init__(self, kind: Kind, start: int, end: int, data: Any = None, text: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.data = data
        self.text = text
        self.children: list[Node] = [] if kind not in LEAVES else _NO_CHILDREN

    def __repr__(self) -> str:
        return f"<{self.kind} {self.start}:{self.end} {self.text[:20]!r}>"


def walk(root: Node) -> Iterator[Node]:
    """Yield `root` and every node below it, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def text_of(root: Node) -> str:
    """Return the characters of all leaves below `root`, breaks as spaces; no task boxes."""
    pieces = []
    for node in walk(root):
        if node.kind in {Kind.TEXT, Kind.CODE, Kind.FORMULA}:
            pieces.append(node.text)
        elif node.kind in BREAKS:
            pieces.append(" ")
    return "".join(pieces)


def alternative_text(picture: Node) -> str:
    """Return the alternative text of a picture, with the titles of everything in its brackets.

    All in the order they were typed: the title of an element comes before its words, the title of a
    link after its words.
    """
    pieces: list[str] = []
    waiting: list[Node | str] = list(reversed(picture.children))
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif item.children or item.kind is Kind.IMAGE:
            title = _title_of(item)
            if title and item.kind is Kind.ELEMENT:
                pieces.append(f"{title} ")
            elif title:
                waiting.append(f" {title}")
            waiting.extend(reversed(item.children))
        else:
            pieces.append(item.text or (" " if item.kind in BREAKS else ""))
    return "".join(pieces).strip()


def _title_of(node: Node) -> str:
    """Return the title of a picture, a link or a typed element, or ""."""
    if node.kind in {Kind.IMAGE, Kind.LINK}:
        return str(node.data.title)
    return str(node.data.attributes.get("title", "")) if node.kind is Kind.ELEMENT else ""


def is_silent(link: Node) -> bool:
    """Whether a link has neither words nor a picture, so that nobody could follow it."""
    return not any(
        node.kind in {Kind.IMAGE, Kind.FORMULA} or node.text.strip() for node in walk(link)
    )
