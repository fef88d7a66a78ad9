"""Writing a tree as HTML, and as the words a reader sees.

Everything that stands in the tree is written: what has no markup of its own is written as words.
The HTML still goes through nh3, as the last wall; formulas, coloured code and pictures are pieces
of our own making and are put in after it, so that its list of what is allowed stays small.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from secrets import token_hex
from urllib.parse import unquote

import nh3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text.addresses import ALLOWED_SCHEMES, is_allowed, is_relative
from common.text.code_colours import CodeColours
from common.text.formulas import Formulas
from common.text.headings import Anchors, Outline
from common.text.raw_html import ELEMENT_BLOCKS, HEADINGS, Element
from common.text.tree import BLOCKS, BREAKS, Kind, Node, Target, text_of, walk

# Anchors of a text must never meet the ids of the page around it.
ID_PREFIX = "user-content-"

_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "div", "blockquote", "pre", "hr", "br", "section"),
    *("ul", "ol", "li", "dl", "dt", "dd", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "abbr", "b", "cite", "code", "del", "dfn", "em", "i", "kbd", "mark", "q", "s", "samp"),
    *("small", "span", "strong", "sub", "sup", "u", "var", "wbr"),
}
_TYPED_ALIGNMENTS = {"left": "align-start", "center": "align-center", "right": "align-end"}
_ATTRIBUTES = {
    "*": {"dir", "id", "title"},
    "a": {"href", "title", "aria-label", "data-file", "role"},
    "details": {"open"},
    "li": {"value"},
    "ol": {"start"},
    "section": {"aria-label", "aria-labelledby", "role"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_ALIGNMENTS = {"Left": "align-start", "Center": "align-center", "Right": "align-end"}
_ALERTS = {
    "note": gettext_lazy("Note"),
    "tip": gettext_lazy("Tip"),
    "important": gettext_lazy("Important"),
    "warning": gettext_lazy("Warning"),
    "caution": gettext_lazy("Caution"),
}
_CLASSES = {
    "a": {"file", "footnote-backref"},
    "blockquote": {"alert", *(f"alert--{kind}" for kind in _ALERTS)},
    "div": {"align-center"},
    "p": {"alert-title"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "td": set(_ALIGNMENTS.values()),
    "th": set(_ALIGNMENTS.values()),
}
_NOTABLE_LEAVES = frozenset({*BLOCKS, Kind.ELEMENT, Kind.FOOTNOTE_REFERENCE})
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
# A control character for what nh3 takes long for, what is written, and what comes out.
_STAND_INS = (
    ("\x02", "&amp;", "&amp;"),
    ("\x03", "&lt;", "&lt;"),
    ("\x04", "&gt;", "&gt;"),
    ("\x05", "\u00a0", "&nbsp;"),
)
# More would only stretch a table that HTML describes.
_SPAN_MAX = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands on the page; `anchor` is without the prefix of ids, "" where it has none."""

    level: int
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Written:
    """A text as written: clean HTML, its words, and what its writer should hear of.

    `refused` holds addresses that no link may have, `dead` the names of anchors that the text does
    not have, both with the byte of the source at which they stand.
    """

    html: str
    words: str
    headings: tuple[Heading, ...]
    figures: tuple[str, ...]
    refused: tuple[tuple[int, str], ...]
    dead: tuple[tuple[int, str], ...]


def write(root: Node, *, hard_breaks: bool, anchored: bool, place: str = "") -> Written:
    """The tree as HTML that is safe to put into any page.

    `hard_breaks` keeps each line of the source a line; `anchored` gives headings and typed elements
    their ids, which only a text that stands alone on its page may have. `place` tells the footnotes
    of a text that shares its page from those of the others.
    """
    return _Writer(root, hard_breaks=hard_breaks, anchored=anchored, place=place).write()


class _Writer:
    def __init__(self, root: Node, *, hard_breaks: bool, anchored: bool, place: str) -> None:
        self.root = root
        self.of_place = f"{place}-" if place else ""
        self.line_end = "<br>\n" if hard_breaks else "\n"
        self.anchored = anchored
        self.out: list[str] = []
        self.said: list[str] = []
        self.headings: list[Heading] = []
        self.figures: list[str] = []
        self.refused: list[tuple[int, str]] = []
        self.dead: list[tuple[int, str]] = []
        self.pieces: list[str] = []
        self.place = f"p{token_hex(8)}x"
        self.outline, self.formulas, self.colours = Outline(), Formulas(), CodeColours()
        self.links_open = 0
        self.columns: list[tuple[str, ...]] = []
        self.column = 0
        self.is_head = False
        self.prepared = _Prepared(root, anchored)
        self.references: dict[str, int] = {}
        self.enter: dict[Kind, Callable[[Node], str | None]] = {
            Kind.DOCUMENT: lambda _node: "",
            Kind.PARAGRAPH: self._paragraph,
            Kind.HEADING: lambda node: self._heading(node, node.data),
            Kind.QUOTE: self._quote,
            Kind.LIST: self._list,
            Kind.ITEM: self._item,
            Kind.CODE_BLOCK: self._code_block,
            Kind.TABLE: self._table,
            Kind.TABLE_HEAD: self._table_head,
            Kind.TABLE_ROW: self._table_row,
            Kind.TABLE_CELL: self._table_cell,
            Kind.FOOTNOTE: lambda _node: None,
            Kind.RULE: lambda _node: self._leaf("<hr>\n", "\n"),
            Kind.BOX: self._box,
            Kind.ELEMENT: self._element,
            Kind.TEXT: self._text,
            Kind.CODE: self._code,
            Kind.FORMULA: self._formula,
            Kind.SOFT_BREAK: lambda _node: self._leaf(self.line_end, "\n"),
            Kind.HARD_BREAK: lambda _node: self._leaf("<br>\n", "\n"),
            Kind.EMPHASIS: lambda _node: self._inline("em"),
            Kind.STRONG: lambda _node: self._inline("strong"),
            Kind.STRIKETHROUGH: lambda _node: self._inline("del"),
            Kind.LINK: self._link,
            Kind.IMAGE: self._image,
            Kind.FOOTNOTE_REFERENCE: self._reference,
            Kind.TASK: lambda node: self._leaf("☑ " if node.data else "☐ ", ""),
        }

    def write(self) -> Written:
        self._run(self.root)
        self._footnotes()
        return Written(
            html=self._cleaned(_without_controls("".join(self.out))),
            words=_tidied(_without_controls("".join(self.said))),
            headings=tuple(self.headings),
            figures=tuple(self.figures),
            refused=tuple(self.refused),
            dead=tuple(self.dead),
        )

    def _run(self, root: Node) -> None:
        """Write `root` and all below it. An `enter` gives what closes the node, None for a leaf."""
        waiting: list[Node | str] = [root]
        enter = self.enter
        while waiting:
            item = waiting.pop()
            if isinstance(item, str):
                self._close(item)
                continue
            if item.kind in BLOCKS:
                self._begin_line()
            closing = enter[item.kind](item)
            if closing is None:
                continue
            waiting.append(closing)
            waiting.extend(reversed(item.children))

    def _begin_line(self) -> None:
        if self.out and not self.out[-1].endswith("\n"):
            self.out.append("\n")
        self.said.append("\n")

    def _close(self, closing: str) -> None:
        self.out.append(closing)
        if closing.endswith(("\n", "</summary>")):
            self.said.append("\n")
        elif closing == "</a>":
            self.links_open -= 1
        elif closing.endswith(("</td>", "</th>")):
            self.said.append(" ")

    def _cleaned(self, html: str) -> str:
        # nh3 takes time by the square of the entities in a run of words, 16 s for 500,000: they go
        # through it as control characters, which no text has and which become entities again.
        clean = nh3.clean(
            _with_stand_ins(html),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            allowed_classes=_CLASSES,
            url_schemes=set(ALLOWED_SCHEMES),
            link_rel="nofollow noopener noreferrer ugc",
            id_prefix=ID_PREFIX,
        )
        for stand_in, _character, entity in _STAND_INS:
            clean = clean.replace(stand_in, entity)
        if not self.pieces:
            return clean
        return re.sub(rf"{self.place}(\d+)z", lambda found: self.pieces[int(found[1])], clean)

    def _piece(self, html: str) -> str:
        """A word that stands for HTML of our own until the rest is cleaned."""
        self.pieces.append(_without_controls(html))
        return f"{self.place}{len(self.pieces) - 1}z"

    # Small things.

    def _text(self, node: Node) -> None:
        self.out.append(escape(node.text, quote=False))
        self.said.append(node.text)

    def _code(self, node: Node) -> None:
        self._leaf(f"<code>{escape(node.text, quote=False)}</code>", node.text)

    def _leaf(self, html: str, words: str) -> None:
        self.out.append(html)
        self.said.append(words)

    def _inline(self, tag: str) -> str:
        self.out.append(f"<{tag}>")
        return f"</{tag}>"

    def _formula(self, node: Node) -> None:
        self._leaf(self._piece(self.formulas.html(node.text, node.data)), node.text)

    # Blocks.

    def _paragraph(self, node: Node) -> str:
        tag = "div" if id(node) in self.prepared.with_blocks else "p"
        self.out.append(f"<{tag}>")
        return f"</{tag}>\n"

    def _heading(self, node: Node, typed: int) -> str:
        level = self.outline.level(typed)
        anchor = self.prepared.anchors.get(id(node), "")
        self.headings.append(Heading(level, " ".join(text_of(node).split()), anchor))
        written = f' id="{escape(anchor)}"' if anchor else ""
        self.out.append(f"<h{level}{written}>")
        if own := self.prepared.typed_names.get(id(node)):
            self.out.append(f'<a id="{escape(own)}"></a>')
        return f"</h{level}>\n"

    def _quote(self, node: Node) -> str:
        if node.data in _ALERTS:
            title = str(_ALERTS[node.data])
            self.out.append(f'<blockquote class="alert alert--{node.data}">\n')
            self._leaf(f'<p class="alert-title">{escape(title)}</p>\n', f"{title}\n")
        else:
            self.out.append("<blockquote>\n")
        return "</blockquote>\n"

    def _list(self, node: Node) -> str:
        if node.data is None:
            self.out.append("<ul>\n")
            return "</ul>\n"
        self.out.append("<ol>\n" if node.data == 1 else f'<ol start="{node.data}">\n')
        return "</ol>\n"

    def _item(self, node: Node) -> str:
        number = self.prepared.numbers.get(id(node))
        self.out.append("<li>" if number is None else f'<li value="{number}">')
        return "</li>\n"

    def _code_block(self, node: Node) -> None:
        language = re.sub(r"[^\w+#.-]", "", node.data or "")[:30]
        if language == "math" and (formula := self.formulas.mathml(node.text, is_display=True)):
            self.out.append(f"<p>{self._piece(formula)}</p>\n")
            self.said.append(f"\n{node.text}\n")
            return
        written = f' class="language-{escape(language)}"' if language else ""
        code = self.colours.html(node.text, language)
        self.out.append(self._piece(f"<pre><code{written}>{code}</code></pre>"))
        self.out.append("\n")
        self.said.append(f"\n{node.text}\n")

    def _table(self, node: Node) -> str:
        self.columns.append(tuple(node.data))
        self.out.append("<table>\n")
        return "</tbody>\n</table>\n" if len(node.children) > 1 else "</table>\n"

    def _table_head(self, node: Node) -> str:
        self.column, self.is_head = 0, True
        self.out.append("<thead>\n<tr>\n")
        has_rows = id(node) in self.prepared.heads_with_rows
        return "</tr>\n</thead>\n<tbody>\n" if has_rows else "</tr>\n</thead>\n"

    def _table_row(self, _node: Node) -> str:
        self.column, self.is_head = 0, False
        self.out.append("<tr>\n")
        return "</tr>\n"

    def _table_cell(self, _node: Node) -> str:
        columns = self.columns[-1]
        alignment = columns[self.column] if self.column < len(columns) else "None"
        self.column += 1
        tag = "th" if self.is_head else "td"
        name = _ALIGNMENTS.get(alignment)
        self.out.append(f'<{tag} class="{name}">' if name else f"<{tag}>")
        return f"</{tag}>\n"

    def _box(self, node: Node) -> str:
        before, after = node.data
        self.out.append(self._piece(before))
        return f"{self._piece(after)}\n"

    # HTML that was typed.

    def _element(self, node: Node) -> str:
        element: Element = node.data
        tag, attributes = element.written, ""
        if tag in HEADINGS:
            return self._heading(node, HEADINGS[tag])
        if tag == "a":
            return self._typed_anchor(node)
        given = element.attributes
        if tag in {"td", "th"}:
            attributes = "".join(
                f' {name}="{min(int(given[name]), _SPAN_MAX)}"'
                for name in ("colspan", "rowspan")
                if given.get(name, "").isascii() and given.get(name, "").isdigit()
            )
            name = _TYPED_ALIGNMENTS.get(given.get("align", "").lower())
            attributes += f' class="{name}"' if name else ""
        elif tag == "div" and (element.name == "center" or given.get("align") == "center"):
            attributes = ' class="align-center"'
        elif tag == "details" and "open" in given:
            attributes = " open"
        elif tag == "ol" and given.get("start", "").isascii() and given.get("start", "").isdigit():
            attributes = f' start="{given["start"][:9]}"'
        if given.get("title"):
            attributes += f' title="{escape(given["title"])}"'
        if given.get("dir", "").lower() in _DIRECTIONS:
            attributes += f' dir="{given["dir"].lower()}"'
        attributes += self._typed_id(node)
        if tag == "p" and id(node) in self.prepared.with_blocks:
            tag = "div"
        is_block = tag in ELEMENT_BLOCKS
        self.out.append(f"<{tag}{attributes}>")
        return f"</{tag}>\n" if is_block else f"</{tag}>"

    def _typed_anchor(self, node: Node) -> str:
        given = node.data.attributes
        if given.get("href") and not self.links_open:
            return self._open_link(node, Target(given["href"], given.get("title", "")))
        anchor = self.prepared.typed_names.get(id(node))
        title = f' title="{escape(given["title"])}"' if given.get("title") else ""
        self.out.append(f"<span{title}>" + (f'<a id="{escape(anchor)}"></a>' if anchor else ""))
        return "</span>"

    def _typed_id(self, node: Node) -> str:
        anchor = self.prepared.typed_names.get(id(node))
        return f' id="{escape(anchor)}"' if anchor else ""

    # Links and pictures.

    def _link(self, node: Node) -> str:
        if self.links_open:
            return self._titled(node.data.title)
        return self._open_link(node, node.data)

    def _titled(self, title: str) -> str:
        """What stands in place of a link within a link, which keeps its title."""
        if not title:
            return ""
        self.out.append(f'<span title="{escape(title)}">')
        return "</span>"

    def _open_link(self, node: Node, target: Target) -> str:
        address = target.address.strip()
        title = f' title="{escape(target.title)}"' if target.title else ""
        if not is_allowed(address):
            self.refused.append((node.start, address))
            self.out.append(f"<span{title}{self._typed_id(node)}>")
            return "</span>"
        if address.startswith("#"):
            written = f' href="#{ID_PREFIX}{escape(self._anchor(node, address[1:]))}"'
        elif is_relative(address):
            written = f' class="file" data-file="{escape(address)}"'
        else:
            written = f' href="{escape(address)}"'
        self.out.append(f"<a{written}{title}{self._typed_id(node)}>")
        self.links_open += 1
        if _is_silent(node):
            self._leaf(escape(address), address)
        return "</a>"

    def _anchor(self, node: Node, typed: str) -> str:
        """The anchor that is meant: as typed, percent-decoded, or in lower case as on GitHub."""
        names = self.prepared.names
        for name in (typed, unquote(typed), unquote(typed).lower()):
            if name in names:
                return name
        if self.anchored and typed:
            self.dead.append((node.start, typed))
        return typed

    def _image(self, node: Node) -> None:
        target: Target = node.data
        address, alternative = target.address.strip(), _alternative(node)
        if is_relative(address):
            self.figures.append(address)
            self._figure(address, alternative, target.title)
            return
        words = alternative or target.title or address.rstrip("/").rpartition("/")[2] or address
        if self.links_open or not is_allowed(address) or not address:
            if address and not is_allowed(address):
                self.refused.append((node.start, address))
            closing = self._titled(target.title if target.title != words else "")
            self._leaf(f"{escape(words)}{closing}", words)
            return
        # A picture from elsewhere would tell its host who reads: it is a link.
        title = f' title="{escape(target.title)}"' if target.title else ""
        self._leaf(f'<a href="{escape(address)}"{title}>{escape(words)}</a>', words)

    def _figure(self, address: str, alternative: str, title: str) -> None:
        caption = f' title="{escape(title)}"' if title else ""
        html = f'<img class="figure" data-file="{escape(address)}" alt="{escape(alternative)}"{caption}>'
        self._leaf(self._piece(html), f"{alternative} {title}")

    # Footnotes.

    def _reference(self, node: Node) -> None:
        number = self.prepared.footnotes.numbers[node.data]
        self.references[node.data] = count = self.references.get(node.data, 0) + 1
        name = self._note_name(node.data)
        own = f"fnref-{name}" if count == 1 else f"fnref-{name}-{count}"
        self._leaf(
            f'<sup class="footnote-ref" id="{escape(own)}"><a role="doc-noteref"'
            f' href="#{ID_PREFIX}fn-{escape(name)}">{number}</a></sup>',
            "",
        )

    def _footnotes(self) -> None:
        notes = self.prepared.footnotes.ordered
        if not notes:
            return
        title = _("Footnotes")
        level = 2
        if self.anchored:
            anchor = self.prepared.footnotes_anchor
            self.out.append(
                f'<section class="footnotes" role="doc-endnotes" aria-labelledby="{ID_PREFIX}{anchor}">\n'
                f'<h{level} id="{anchor}">{escape(title)}</h{level}>\n<ol>\n'
            )
            self.headings.append(Heading(level, title, anchor))
        else:
            self.out.append(
                f'<section class="footnotes" role="doc-endnotes" aria-label="{escape(title)}">\n<ol>\n'
            )
        self.said.append("\n")
        for note in notes:
            name = self._note_name(note.data)
            is_first = self.prepared.footnotes.first[note.data] is note
            self.out.append(f'<li id="fn-{escape(name)}">' if is_first else "<li>")
            for child in note.children:
                self._run(child)
            if is_first:
                self._back_links(name, note.data)
            self.out.append("</li>\n")
            self.said.append("\n")
        self.out.append("</ol>\n</section>\n")

    def _note_name(self, label: str) -> str:
        return f"{self.of_place}{self.prepared.footnotes.names[label]}"

    def _back_links(self, name: str, label: str) -> None:
        number = self.prepared.footnotes.numbers[label]
        end = self.out.pop() if self.out[-1] == "</p>\n" else ""
        for count in range(1, self.references.get(label, 0) + 1):
            reference = str(number) if count == 1 else f"{number}-{count}"
            place = name if count == 1 else f"{name}-{count}"
            words = _("Back to reference %(reference)s") % {"reference": reference}
            sign = "↩" if count == 1 else f"↩<sup>{count}</sup>"
            self.out.append(
                f' <a class="footnote-backref" role="doc-backlink" href="#{ID_PREFIX}fnref-{escape(place)}"'
                f' aria-label="{escape(words)}">{sign}</a>'
            )
        self.out.append(end)


class _Footnotes:
    """The notes of a text in the order in which they are first referred to, the others last."""

    def __init__(self, notes: list[Node], flow: list[str], inside: dict[str, list[str]]) -> None:
        """`flow` are the labels that the text refers to, in order, `inside` those of each note."""
        self.first: dict[str, Node] = {}
        others: list[Node] = []
        for note in notes:
            if self.first.setdefault(note.data, note) is not note:
                others.append(note)
        self.numbers: dict[str, int] = {}
        waiting = list(reversed(flow))
        while waiting:
            label = waiting.pop()
            if label in self.first and label not in self.numbers:
                self.numbers[label] = len(self.numbers) + 1
                # What a note refers to comes after what the text itself does.
                waiting[0:0] = reversed(inside.get(label, ()))
        for label in self.first:
            self.numbers.setdefault(label, len(self.numbers) + 1)
        self.ordered = sorted(self.first.values(), key=lambda note: self.numbers[note.data])
        self.ordered += others
        names = Anchors()
        self.names = {label: names.take(label) for label in self.numbers}


class _Prepared:
    """What has to be known of a tree before its first word is written."""

    def __init__(self, root: Node, anchored: bool) -> None:
        self.anchors: dict[int, str] = {}  # of headings, made of their words
        self.typed_names: dict[int, str] = {}  # of elements that were typed with an id
        self.with_blocks: set[int] = set()
        self.numbers: dict[int, int] = {}
        self.heads_with_rows: set[int] = set()
        self.headings: list[Node] = []
        self.named: list[Node] = []
        self.notes: list[Node] = []
        flow: list[str] = []
        inside: dict[str, list[str]] = {}
        # A node, the paragraph that it would break if it is a block, and its flow of references.
        waiting: list[tuple[Node, Node | None, list[str]]] = [(root, None, flow)]
        while waiting:
            node, paragraph, labels = waiting.pop()
            kind = node.kind
            if kind is Kind.FOOTNOTE_REFERENCE:
                labels.append(node.data)
                continue
            if kind in BLOCKS or kind is Kind.ELEMENT:
                if kind is Kind.FOOTNOTE:
                    self.notes.append(node)
                    labels = inside.setdefault(node.data, [])
                paragraph = self._block(node, kind, paragraph)
            for child in reversed(node.children):
                if child.children or child.kind in _NOTABLE_LEAVES:
                    waiting.append((child, paragraph, labels))
        self.footnotes = _Footnotes(self.notes, flow, inside)
        self._name(anchored)

    def _block(self, node: Node, kind: Kind, paragraph: Node | None) -> Node | None:
        """Note what a block or typed element is; the paragraph around what stands in it."""
        written = node.data.written if kind is Kind.ELEMENT else ""
        if written and (node.data.attributes.get("id") or node.data.attributes.get("name")):
            self.named.append(node)
        if kind is Kind.HEADING or written in HEADINGS:
            self.headings.append(node)
        elif kind is Kind.LIST and node.data is not None:
            self._number(node)
        elif kind is Kind.TABLE and len(node.children) > 1:
            self.heads_with_rows.add(id(node.children[0]))
        if kind is Kind.ELEMENT and written not in ELEMENT_BLOCKS:
            return paragraph
        if paragraph is not None:
            self.with_blocks.add(id(paragraph))
        return node if kind is Kind.PARAGRAPH or written == "p" else None

    def _name(self, anchored: bool) -> None:
        """Give out the anchors: those of footnotes, of headings, then the ids that were typed."""
        taken = Anchors()
        self.footnotes_anchor = ""
        if anchored:
            for name in self.footnotes.names.values():
                taken.claim(f"fn-{name}")
            for node in self.headings:
                self.anchors[id(node)] = taken.take(text_of(node))
            for node in self.named:
                given = node.data.attributes
                name = given.get("id") or (given.get("name") if node.data.name == "a" else "") or ""
                if taken.claim(name):
                    self.typed_names[id(node)] = name
            if self.footnotes.ordered:
                self.footnotes_anchor = taken.take(_("Footnotes"))
        self.names = taken.names()

    def _number(self, ordered: Node) -> None:
        """Numbers that were typed and that counting would not give.

        Who types the same number in front of each means that they be counted.
        """
        typed = [item.data for item in ordered.children]
        if len(typed) > 1 and len(set(typed)) == 1:
            return
        expected = ordered.data
        for item in ordered.children:
            if item.data is not None and item.data != expected:
                self.numbers[id(item)] = expected = item.data
            expected += 1


def _without_controls(text: str) -> str:
    """No text has control characters, but entities such as `&#3;` name them."""
    return _CONTROL.sub("\ufffd", text)


def _alternative(picture: Node) -> str:
    """The words in place of a picture, with the titles of whatever its brackets hold.

    All in the order they were typed: a title stands in the tag before the words of an element, and
    behind those of a link.
    """
    pieces: list[str] = []
    waiting: list[Node | str] = list(reversed(picture.children))
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif item.children or item.kind == Kind.IMAGE:
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
    """The title of a picture, a link or a typed element; "" where it has none."""
    if node.kind in {Kind.IMAGE, Kind.LINK}:
        return str(node.data.title)
    return str(node.data.attributes.get("title", "")) if node.kind == Kind.ELEMENT else ""


def _is_silent(link: Node) -> bool:
    """Whether a link has neither words nor a picture, which nobody could follow."""
    return not any(
        node.kind in {Kind.IMAGE, Kind.FORMULA} or node.text.strip() for node in walk(link)
    )


def _with_stand_ins(html: str) -> str:
    for stand_in, character, _entity in _STAND_INS:
        html = html.replace(character, stand_in)
    return html


def _tidied(words: str) -> str:
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)
