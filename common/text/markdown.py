"""Markdown to HTML that is safe to put into any page.

`read` reads a text: `reading.py` makes a tree with every word of the source, `writing.py` makes HTML
of the tree, and the result lists what the page does not show. HTML is derived: it is stored beside
its source with RENDERER_VERSION. Raise that with every change of the output; all texts are then
rendered again.
"""

import html as entities
import re
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text.figures import in_words
from common.text.formulas import in_one_line
from common.text.front_matter import FrontMatter
from common.text.limits import OUTPUT_FREE_BYTES, OUTPUT_TIMES, Limit
from common.text.reading import Reading, read_source
from common.text.shaping import shaping_fault
from common.text.tree import Node
from common.text.writing import Heading, Written, write

RENDERER_VERSION = 4

# Of each sort, since nobody reads more hints than that about one text.
UNSEEN_MAX = 50

# Neither pattern reads past the next tag, so unclosed elements cost no more than closed ones.
_TAG = re.compile(r"<[^<>]*>")
# Tags that do not divide words: H<sub>2</sub>O is one.
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|su[bp]|u|var|wbr)"
    r"(?:\s[^<>]*)?>"
)
# Tags at which one block of words ends and another begins.
_BLOCK_TAG = re.compile(
    r"</?(?:h[1-6]|p|div|section|blockquote|pre|[uo]l|li|d[ltd]|table|caption|tr|t[hd]|details|summary|hr)"
    r"\b[^<>]*>"
)
# Replaces such a tag. No text has this character.
_BLOCK_END = "\x01"
# HTML that `writing.py` writes for a formula, and for a footnote's number and back links.
_FORMULA = re.compile(
    r"<math\b[^<>]*>((?>(?:[^<]|<(?!math\b|annotation\b))*))"
    r"<annotation\b[^<>]*>[^<]*</annotation></semantics></math>"
)
_FOOTNOTE_LINK = re.compile(
    r'<sup class="footnote-ref"[^<>]*>(?>(?:[^<]|<(?!/?sup\b))*)</sup>'
    r'|<a class="footnote-backref"[^<>]*>(?>(?:[^<]|<(?!/?a\b))*)</a>'
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


class TextKind(Enum):
    """How a text is read: its longest size, whether each line stays a line, whether it has anchors.

    Posts and agreements share their page with others, so their headings have no anchors, and the
    anchors of their footnotes have a prefix for the text.
    """

    POST = (Limit.POST, True, False)
    AGREEMENT = (Limit.POST, False, False)
    NOTES = (Limit.NOTES, True, True)
    DOCUMENT = (Limit.NOTES, False, True)

    def __init__(self, limit: Limit, keeps_lines: bool, is_anchored: bool) -> None:
        self.limit = limit
        self.keeps_lines = keeps_lines
        self.is_anchored = is_anchored


@dataclass(frozen=True, slots=True)
class Unseen:
    """A sentence for the writer: something in this line of the source that the page does not show."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was read.

    `html` is clean; `words` are those a reader sees, in order, one block a line; `figures` are the
    addresses, as typed, of attached pictures.
    """

    html: str
    words: str
    headings: tuple[Heading, ...]
    figures: tuple[str, ...]
    unseen: tuple[Unseen, ...]
    front_matter: FrontMatter | None
    root: Node


def read(source: str, kind: TextKind = TextKind.POST) -> Document:
    """Read a text once: its HTML, its words, and what of it is not shown.

    Raises Invalid for a text that is longer than its kind may be, has characters that cannot be
    stored, or takes too long to show.
    """
    return written(parse(source, kind), kind)


def parse(source: str, kind: TextKind = TextKind.POST) -> Reading:
    """Return the tree of a text, for callers that change it before writing. Raises like `read`."""
    check(source, kind.limit)
    return read_source(source)


def written(reading: Reading, kind: TextKind) -> Document:
    """Return the document of a tree. Raises Invalid for HTML much longer than its source."""
    text = write(
        reading.root,
        hard_breaks=kind.keeps_lines,
        anchored=kind.is_anchored,
        # Two texts with the same source have the same notes, so links to either are right.
        place="" if kind.is_anchored else sha256(reading.source).hexdigest()[:12],
    )
    size = max(OUTPUT_TIMES * len(reading.source), OUTPUT_FREE_BYTES)
    if len(text.html) > size or len(text.html.encode()) > size:
        raise Invalid(_("This text becomes too large when displayed. Split or simplify it."))
    return Document(
        html=text.html,
        words=text.words,
        headings=text.headings,
        figures=text.figures,
        unseen=_unseen(reading, text),
        front_matter=reading.front_matter,
        root=reading.root,
    )


def render(source: str, kind: TextKind = TextKind.POST) -> str:
    """Return the HTML of a text, safe to put into any page. Raises like `read`."""
    return read(source, kind).html


def check(source: str, limit: Limit) -> None:
    """Raise Invalid for a source that is refused without reading it."""
    try:
        size = len(source.encode())
    except UnicodeEncodeError:
        raise Invalid(_("This text has characters that cannot be stored. Remove them.")) from None
    if _CONTROL.search(source):
        raise Invalid(_("This text has characters that cannot be stored. Remove them."))
    if size > limit:
        raise Invalid(
            _("This text is too long: it has %(size)d KB, and the limit is %(limit)d KB.")
            % {"size": -(-size // 1024), "limit": limit // 1024}
        )
    if fault := shaping_fault(source):
        raise Invalid(fault)


def plain(html: str, characters: int | None = None) -> str:
    """Return the words of stored HTML in one line, for excerpts; cut at `characters`.

    A formula is written in one line as well (a/b), a picture is its alternative text and caption;
    links to footnotes and back have no words.
    """
    words = " ".join(_words(html).split())
    return Truncator(words).chars(characters) if characters else words


def plain_blocks(html: str) -> str:
    """Return the same words for search: each block in one line, a blank line between two blocks."""
    lines = (
        " ".join(block.split())
        for block in _words(_BLOCK_TAG.sub(_BLOCK_END, html)).split(_BLOCK_END)
    )
    return "\n\n".join(line for line in lines if line)


def _words(html: str) -> str:
    if "<math" in html:
        html = _FORMULA.sub(lambda formula: escape(in_one_line(formula[1])), html)
    if "footnote" in html:
        html = _FOOTNOTE_LINK.sub("", html)
    return entities.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", in_words(html))))


def _unseen(reading: Reading, text: Written) -> tuple[Unseen, ...]:
    """Return what to tell the writer, in the order of the text."""
    hints: list[tuple[int, str]] = []
    for unshown in reading.unshown[:UNSEEN_MAX]:
        if unshown.kind == "front_matter" and reading.front_matter is not None:
            hints.append((0, _front_matter_sentence(reading.front_matter)))
            continue
        words = {"words": Truncator(" ".join(unshown.text.split())).chars(60)}
        if unshown.kind == "attributes":
            hint = _("The attribute list %(words)s is not shown.") % words
        else:
            hint = _("The comment “%(words)s” is not shown.") % words
        hints.append((unshown.start, hint))
    for start, address in text.refused[:UNSEEN_MAX]:
        hint = _("Links to %(address)s are not allowed; the words are shown without the link.")
        hints.append((start, hint % {"address": Truncator(address).chars(60)}))
    for start, name in text.dead[:UNSEEN_MAX]:
        hint = _("A link points to #%(name)s, but this text has no such heading.")
        hints.append((start, hint % {"name": Truncator(name).chars(60)}))
    return tuple(Unseen(reading.line_of(start), sentence) for start, sentence in sorted(hints))


def _front_matter_sentence(front: FrontMatter) -> str:
    parts = []
    if front.title:
        parts.append(_("title: %(title)s") % {"title": Truncator(front.title).chars(80)})
    if front.authors:
        parts.append(_("authors: %(names)s") % {"names": ", ".join(front.authors[:10])})
    if front.others:
        parts.append(", ".join(front.others[:10]))
    return _("The lines between --- describe the text and are not shown (%(what)s).") % {
        "what": "; ".join(parts)
    }
