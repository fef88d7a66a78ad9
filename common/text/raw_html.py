"""HTML typed into Markdown: which elements are understood, and how tags are read.

An element that is not listed here is no markup: its tags are shown as typed, since `<TBD>` or
`List<String>` were meant as words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from html import unescape


class Role(Enum):
    """Where an element can be."""

    INLINE = "inline"  # within a line; without an end tag it is shown as typed
    BLOCK = "block"
    VOID = "void"


# Element as typed -> element as written, where it is understood.
INLINE = {
    **{tag: tag for tag in ("a", "b", "i", "u", "s", "em", "strong", "sub", "sup", "kbd", "mark")},
    **{tag: tag for tag in ("abbr", "cite", "code", "dfn", "q", "samp", "small", "span", "var")},
    "del": "del",
    "ins": "u",
    "strike": "s",
    "tt": "code",
    "font": "span",
    "big": "span",
    "time": "span",
    "nobr": "span",
}
BLOCK = {
    **{tag: tag for tag in ("blockquote", "details", "div", "dl", "dt", "dd", "li", "ol", "ul")},
    **{tag: tag for tag in ("p", "pre", "summary", "table", "caption", "thead", "tbody", "tfoot")},
    **{tag: tag for tag in ("tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6")},
    **dict.fromkeys(("article", "aside", "center", "figcaption", "figure", "footer"), "div"),
    **dict.fromkeys(("header", "main", "nav", "section"), "div"),
}
# Written elements before and after which a line ends.
ELEMENT_BLOCKS = frozenset(BLOCK.values())
VOID = {"br": "br", "hr": "hr", "img": "img", "wbr": "wbr"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

_TAG = re.compile(
    r"""<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9-]*+)
    (?P<attributes>(?>(?:\s++[A-Za-z_:][\w.:-]*+
        (?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?)*))
    \s*+/?>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""([A-Za-z_:][\w.:-]*+)(?:\s*+=\s*+(?:([^\s"'=<>`]++)|'([^']*+)'|"([^"]*+)"))?"""
)


@dataclass(slots=True)
class Element:
    """A typed element: its name, the name under which it is written, and its attributes."""

    name: str
    written: str
    attributes: dict[str, str] = field(default_factory=dict)
    source: str = ""
    is_closed: bool = False


@dataclass(slots=True)
class StartTag:
    """The beginning of an understood element."""

    element: Element
    role: Role
    offset: int


@dataclass(slots=True)
class EndTag:
    """The end of an understood element."""

    name: str
    source: str
    offset: int


@dataclass(slots=True)
class Words:
    """Characters that are shown."""

    text: str
    offset: int


@dataclass(slots=True)
class Comment:
    """An HTML comment, which is not shown."""

    text: str
    offset: int


Token = StartTag | EndTag | Words | Comment


def tokens(source: str) -> Iterator[Token]:
    """Yield the tags, words and comments of a piece of HTML, in linear time.

    Everything but known tags and closed comments is words; entities in words are resolved.
    `offset` counts characters of `source`.
    """
    position = begin = 0
    comments_end = source.rfind("-->")
    while (bracket := source.find("<", position)) >= 0:
        token, end = _token(source, bracket, comments_end)
        if token is None:
            position = bracket + 1
            continue
        if begin < bracket:
            yield Words(unescape(source[begin:bracket]), begin)
        yield token
        position = begin = end
    if begin < len(source):
        yield Words(unescape(source[begin:]), begin)


def _token(source: str, start: int, comments_end: int) -> tuple[Token | None, int]:
    if source.startswith("<!--", start):
        end = source.find("-->", start + 4) if comments_end >= start + 4 else -1
        return (Comment(source[start + 4 : end], start), end + 3) if end >= 0 else (None, start)
    tag = _TAG.match(source, start)
    if tag is None:
        return None, start
    name = tag["name"].lower()
    if tag["end"]:
        known = name in INLINE or name in BLOCK or name in VOID
        return (EndTag(name, tag[0], start), tag.end()) if known else (None, start)
    for role, names in ((Role.INLINE, INLINE), (Role.BLOCK, BLOCK), (Role.VOID, VOID)):
        if name in names:
            element = Element(name, names[name], _attributes(tag["attributes"]), tag[0])
            if name == "a" and not element.attributes.keys() & {"href", "name", "id"}:
                return None, start
            return StartTag(element, role, start), tag.end()
    return None, start


def _attributes(source: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for name, bare, single, double in _ATTRIBUTE.findall(source):
        attributes.setdefault(name.lower(), unescape(bare or single or double))
    return attributes
