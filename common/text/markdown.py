"""Markdown to HTML that is safe to put into any page.

`read` is the one reading of a text: `reading.py` makes a tree of it in which every word of the
source stands, `writing.py` makes HTML of the tree, and what the page does not show is told beside
it. HTML is derived: it is stored beside its source with RENDERER_VERSION, which rises with every
change of what is made of a source, and is then made anew from the source.
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
from common.text.cleaning import ID_PREFIX
from common.text.figures import in_words
from common.text.formulas import in_one_line
from common.text.front_matter import FrontMatter
from common.text.limits import OUTPUT_FREE_BYTES, OUTPUT_TIMES, Limit
from common.text.reading import Reading, read_source
from common.text.shaping import shaping_fault
from common.text.tree import Node
from common.text.writing import Heading, Written, write

__all__ = [
    "ID_PREFIX",
    "RENDERER_VERSION",
    "Document",
    "Heading",
    "TextKind",
    "Unseen",
    "check",
    "parse",
    "plain",
    "plain_blocks",
    "read",
    "render",
]

RENDERER_VERSION = 4

# Of each sort, since nobody reads more sentences than that about one text.
UNSEEN_MAX = 50

# Neither of these patterns reads past the next tag, so that unclosed ones cost no more than closed.
_TAG = re.compile(r"<[^<>]*>")
# Tags that divide no word: H<sub>2</sub>O is one.
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|su[bp]|u|var|wbr)"
    r"(?:\s[^<>]*)?>"
)
# Tags at which one block of words ends and another begins.
_BLOCK_TAG = re.compile(
    r"</?(?:h[1-6]|p|div|section|blockquote|pre|[uo]l|li|d[ltd]|table|caption|tr|t[hd]|details|summary|hr)"
    r"\b[^<>]*>"
)
# Stands for such a tag. No text has one.
_BLOCK_END = "\x01"
# What `writing.py` writes for a formula, and for a footnote's number and way back.
_FORMULA = re.compile(
    r"<math\b[^<>]*>((?:[^<]|<(?!math\b|annotation\b))*+)"
    r"<annotation\b[^<>]*>[^<]*</annotation></semantics></math>"
)
_FOOTNOTE_LINK = re.compile(
    r'<sup class="footnote-ref"[^<>]*>(?:[^<]|<(?!/?sup\b))*+</sup>'
    r'|<a class="footnote-backref"[^<>]*>(?:[^<]|<(?!/?a\b))*+</a>'
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


class TextKind(Enum):
    """How a text is read: how long it may be, whether each line stays a line, whether it has anchors.

    Posts and agreements share their page with others, so that their headings have no anchors, and
    those of their footnotes carry a sign of the text.
    """

    POST = (Limit.POST, True, False)
    AGREEMENT = (Limit.POST, False, False)
    NOTES = (Limit.NOTES, True, True)
    DOCUMENT = (Limit.NOTES, False, True)

    @property
    def limit(self) -> Limit:
        return self.value[0]

    @property
    def keeps_lines(self) -> bool:
        return self.value[1]

    @property
    def is_anchored(self) -> bool:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A sentence for the writer: what the source holds at this line and the page does not show."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was read.

    `html` is clean; `words` are those a reader sees, in order, one block a line; `figures` are the
    addresses, as typed, of pictures that lie beside the text.
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

    Raises Invalid, with a sentence, for a text that is longer than its kind may be, that holds what
    is no character, or that would be too dear to show.
    """
    return written(parse(source, kind), kind)


def parse(source: str, kind: TextKind = TextKind.POST) -> Reading:
    """The tree of a text, for those who change it before it is written. Raises as `read` does."""
    check(source, kind.limit)
    return read_source(source)


def written(reading: Reading, kind: TextKind) -> Document:
    """The document of a tree. Raises Invalid for one that swells too much."""
    text = write(
        reading.root,
        hard_breaks=kind.keeps_lines,
        anchored=kind.is_anchored,
        # Two texts with the same words have the same notes: either leads to what was meant.
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
    """The HTML of a text, safe to put into any page. Raises as `read` does."""
    return read(source, kind).html


def check(source: str, limit: Limit) -> None:
    """Raises Invalid, in plain words, for a source that is refused unread."""
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
    """The words of stored HTML in one line, for excerpts; cut at `characters`.

    A formula is written in one line as well (a/b), a picture is its alternative text and caption;
    what only leads to a footnote and back has no words.
    """
    words = " ".join(_words(html).split())
    return Truncator(words).chars(characters) if characters else words


def plain_blocks(html: str) -> str:
    """The same words for search: each block in one line, with a blank line between two blocks."""
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
    """What the writer should hear of, in the order of the text."""
    found: list[tuple[int, str]] = []
    for unshown in reading.unshown[:UNSEEN_MAX]:
        if unshown.kind == "front_matter" and reading.front_matter is not None:
            found.append((0, _front_matter_sentence(reading.front_matter)))
            continue
        words = {"words": Truncator(" ".join(unshown.text.split())).chars(60)}
        if unshown.kind == "attributes":
            said = _("The attribute list %(words)s is not shown.") % words
        else:
            said = _("The comment “%(words)s” is not shown.") % words
        found.append((unshown.start, said))
    for start, address in text.refused[:UNSEEN_MAX]:
        found.append(
            (
                start,
                _("Links to %(address)s are not allowed; the words are shown without the link.")
                % {"address": Truncator(address).chars(60)},
            )
        )
    for start, name in text.dead[:UNSEEN_MAX]:
        found.append(
            (
                start,
                _("A link points to #%(name)s, but this text has no such heading.")
                % {"name": Truncator(name).chars(60)},
            )
        )
    lines = _Lines(reading.source)
    return tuple(Unseen(lines.number(start), sentence) for start, sentence in sorted(found))


def _front_matter_sentence(front: FrontMatter) -> str:
    """What was understood of the front matter."""
    said = []
    if front.title:
        said.append(_("title: %(title)s") % {"title": Truncator(front.title).chars(80)})
    if front.authors:
        said.append(_("authors: %(names)s") % {"names": ", ".join(front.authors[:10])})
    if front.others:
        said.append(", ".join(front.others[:10]))
    return _("The lines between --- describe the text and are not shown (%(what)s).") % {
        "what": "; ".join(said)
    }


class _Lines:
    """Numbers of lines for places that come in order."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.at, self.line = 0, 1

    def number(self, start: int) -> int:
        self.line += self.source.count(b"\n", self.at, start)
        self.at = max(self.at, start)
        return self.line
