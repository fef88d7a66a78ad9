"""Rendered, clean HTML as a tree of blocks, read in one pass."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from common.text.words import WORD_PATTERN

# Elements that hold only blocks of their own kinds, and elements that hold blocks and words.
_STRUCTURE = frozenset(["ul", "ol", "table", "thead", "tbody", "tfoot", "tr"])
_FLOW = frozenset(["li", "td", "th", "blockquote", "div", "section", "details"])
# Elements that hold words alone.
_LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "summary", "caption"])
_VOID = frozenset(["hr", "br", "img", "wbr"])
# Containers nested deeper than this are read as the words in them, each on a line of its own.
_DEPTH_MAX = 100

TAG_PATTERN = r"""<[/a-zA-Z](?>(?:[^"'>]|"[^"]*"|'[^']*')*)>"""
_MATH_PATTERN = r"<math\b.*?</math>"
_PART = re.compile(rf"{TAG_PATTERN}|[^<]+")
_TAG = re.compile(TAG_PATTERN)
# Most elements hold nothing but words; they are read in one step.
_PLAIN_ELEMENT = r"<(?P<name>td|th|li|p|h[1-6])(?: [^<>]*)?>(?P<words>[^<]+)</(?P=name)>"
_PIECE = re.compile(rf"{_PLAIN_ELEMENT}|{_MATH_PATTERN}|{TAG_PATTERN}|[^<]+|<", re.DOTALL)
# What is compared inside a leaf: a formula, a tag, an entity, a word.
_TOKEN = re.compile(rf"{_MATH_PATTERN}|{TAG_PATTERN}|&#?\w+;|{WORD_PATTERN}", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ANCHOR = re.compile(r' id="[^"]*"')
_WRAPPED_CODE = re.compile(r"<pre[^>]*><code[^>]*>")
_NOT_COMPARABLE = re.compile(r" id=|<a\b|<del\b|<ins\b")
_OWN_MARK = re.compile(r"(</?)(?:(del)|ins)\b")


@dataclass(slots=True)
class Block:
    """A block element, or a run of words between blocks (`name` is empty)."""

    name: str
    open: str
    start: int
    end: int = 0
    inner: str = ""
    children: list["Block"] = field(default_factory=list)

    @property
    def is_leaf(self) -> bool:
        return self.name not in _STRUCTURE and self.name not in _FLOW

    @property
    def is_flow(self) -> bool:
        return self.name in _FLOW

    @property
    def close(self) -> str:
        if not self.name or self.name == "hr":
            return ""
        return "</code></pre>" if _WRAPPED_CODE.match(self.open) else f"</{self.name}>"


def comparable(html: str) -> str:
    """Return the HTML for a comparison on the same page as the text itself.

    Anchors and links without an address are removed; <del> and <ins> of the text itself become <s>
    and <u>, so that only the comparison has <del> and <ins>.
    """
    if not _NOT_COMPARABLE.search(html):
        return html
    pieces: list[str] = []
    place = 0
    open_links: list[bool] = []
    for tag in _TAG.finditer(html):
        pieces.append(html[place : tag.start()])
        place = tag.end()
        text = tag[0]
        name = name_of(text)
        if name == "a":
            is_kept = (
                (open_links.pop() if open_links else False) if text[1] == "/" else " href=" in text
            )
            if text[1] != "/":
                open_links.append(is_kept)
            if not is_kept:
                continue
        if name in {"del", "ins"}:
            text = _OWN_MARK.sub(lambda mark: f"{mark[1]}{'s' if mark[2] else 'u'}", text, count=1)
        pieces.append(_ANCHOR.sub("", text))
    return "".join([*pieces, html[place:]])


@lru_cache(maxsize=4096)
def name_of(tag: str) -> str:
    """Return the name of the element that a tag opens or closes."""
    name = _NAME.match(tag)
    return name[1].lower() if name else ""


def tokens(inner: str) -> list[str]:
    """Return the words of a leaf that are compared, and the tags between them, in order."""
    return _TOKEN.findall(inner)


def is_markup(token: str) -> bool:
    """Whether a token is a tag that shows nothing itself: no picture, formula or line break."""
    if token[0] != "<" or len(token) == 1 or token.startswith("<math"):
        return False
    return name_of(token) not in _VOID


def blocks(html: str) -> list[Block]:
    """Return the outermost blocks of `html`, each with the blocks in it."""
    return _Reader(html).read()


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.root = Block("", "", 0)
        self.open = [self.root]
        self.too_deep = 0
        self.leaf: Block | None = None  # the leaf that is being read
        self.begin = 0  # where its words begin
        self.inline_depth = 0

    def read(self) -> list[Block]:
        for piece in _PIECE.finditer(self.html):
            if piece["name"] and self.takes_plain_elements():
                self.plain_element(piece)
            elif piece["name"]:
                for part in _PART.finditer(self.html, piece.start(), piece.end()):
                    self.take(part[0], part.start(), part.end())
            else:
                self.take(piece[0], piece.start(), piece.end())
        self.end_leaf(len(self.html), len(self.html))
        for block in self.open[1:]:
            block.end = len(self.html)
        return self.root.children

    def takes_plain_elements(self) -> bool:
        is_in_leaf = self.leaf is not None and (self.leaf.name or self.inline_depth)
        return not is_in_leaf and len(self.open) <= _DEPTH_MAX

    def plain_element(self, piece: re.Match[str]) -> None:
        """Add an element that holds nothing but words."""
        self.end_leaf(piece.start(), piece.start())
        name, words = piece["name"], piece["words"]
        begin, last = piece.span("words")
        block = Block(name, self.html[piece.start() : begin], piece.start(), piece.end())
        if name not in _FLOW:
            block.inner = words
        elif not words.isspace():
            block.children.append(Block("", "", begin, last, words))
        self.open[-1].children.append(block)

    def take(self, text: str, start: int, end: int) -> None:
        is_tag = len(text) > 1 and text[0] == "<" and text[:5] != "<math"
        name = name_of(text) if is_tag else ""
        is_end = is_tag and text[1] == "/"
        if self.leaf is not None and self.leaf.name:
            if is_end and name == self.leaf.name:
                self.end_leaf(start, end)
            return
        is_block = name in _STRUCTURE or name in _FLOW or name in _LEAVES or name == "hr"
        if is_block and not self.inline_depth and not self.is_below(name, is_end=is_end):
            self.end_leaf(start, start)
            if is_end:
                self.close_container(name, end)
            else:
                self.begin_block(name, text, start, end)
            return
        if self.leaf is None and (is_tag or text[0] == "<" or not text.isspace()):
            self.leaf = Block("", "", start)
            self.begin = start
        if is_tag and not is_block and name not in _VOID:
            self.inline_depth = max(self.inline_depth + (-1 if is_end else 1), 0)

    def is_below(self, name: str, *, is_end: bool) -> bool:
        """Whether a tag is below the deepest level that is read, where containers are only counted."""
        if len(self.open) <= _DEPTH_MAX:
            return False
        if name in _STRUCTURE or name in _FLOW:
            if is_end and not self.too_deep:
                return False
            self.too_deep += -1 if is_end else 1
        return True

    def begin_block(self, name: str, text: str, start: int, end: int) -> None:
        block = Block(name, text, start)
        self.open[-1].children.append(block)
        if name == "hr":
            block.end = end
        elif name in _LEAVES:
            self.leaf, self.begin = block, end
        else:
            self.open.append(block)

    def end_leaf(self, last: int, end: int) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf is None:
            return
        if not leaf.name:
            self.open[-1].children.append(leaf)
            self.inline_depth = 0
        leaf.end = end
        leaf.inner = self.html[self.begin : last]
        code = _WRAPPED_CODE.match(leaf.open + leaf.inner) if leaf.name == "pre" else None
        if code and leaf.inner.endswith("</code>"):
            leaf.inner = (leaf.open + leaf.inner)[code.end() : -len("</code>")]
            leaf.open = code[0]

    def close_container(self, name: str, end: int) -> None:
        if all(block.name != name for block in self.open[1:]):
            return
        while True:
            block = self.open.pop()
            block.end = end
            if block.name == name:
                return
