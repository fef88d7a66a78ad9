"""Writing a tree as HTML, and as the words a reader sees.

Everything in the tree is written: what has no markup of its own is written as words.
The HTML then goes through nh3 (`cleaning.py`), as a last safeguard.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

from django.utils.translation import gettext as _

from common.text.addresses import is_allowed, is_relative
from common.text.cleaning import ALERT_TITLES, ALIGNMENTS, ID_PREFIX, Cleaner, without_controls
from common.text.code_colours import CodeColours
from common.text.formulas import Formulas
from common.text.headings import Outline
from common.text.numbering import Numbering
from common.text.raw_html import ELEMENT_BLOCKS, HEADINGS, Element
from common.text.tree import BLOCKS, Kind, Node, Target, alternative_text, is_silent, text_of

_TYPED_ALIGNMENTS = {"left": "align-start", "center": "align-center", "right": "align-end"}
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
# A larger span would only stretch the table.
_SPAN_MAX = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the page shows it; `anchor` is without the prefix of ids, "" if it has none."""

    level: int
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Written:
    """A text as written: clean HTML, its words, and what to tell its writer.

    `refused` are addresses that links must not have, `dead` are names of anchors that the text does
    not have, both with their byte offset in the source.
    """

    html: str
    words: str
    headings: tuple[Heading, ...]
    figures: tuple[str, ...]
    refused: tuple[tuple[int, str], ...]
    dead: tuple[tuple[int, str], ...]


def write(root: Node, *, hard_breaks: bool, anchored: bool, place: str = "") -> Written:
    """Return the tree as HTML that is safe to put into any page.

    `hard_breaks` keeps each line of the source a line; `anchored` gives headings and typed elements
    their ids, for the only text of a page. `place` makes the footnotes of a text distinct from
    those of other texts on its page.
    """
    return _Writer(root, hard_breaks=hard_breaks, anchored=anchored, place=place).write()


class _Writer:
    def __init__(self, root: Node, *, hard_breaks: bool, anchored: bool, place: str) -> None:
        self.root = root
        self.note_prefix = f"{place}-" if place else ""
        self.line_end = "<br>\n" if hard_breaks else "\n"
        self.anchored = anchored
        self.out: list[str] = []
        self.words: list[str] = []
        self.headings: list[Heading] = []
        self.figures: list[str] = []
        self.refused: list[tuple[int, str]] = []
        self.dead: list[tuple[int, str]] = []
        self.cleaner = Cleaner()
        self.outline, self.formulas, self.colours = Outline(), Formulas(), CodeColours()
        self.links_open = 0
        self.columns: list[tuple[str, ...]] = []
        self.column = 0
        self.is_head = False
        self.numbering = Numbering(root, anchored)
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
            html=self.cleaner.clean("".join(self.out)),
            words=_tidied(without_controls("".join(self.words))),
            headings=tuple(self.headings),
            figures=tuple(self.figures),
            refused=tuple(self.refused),
            dead=tuple(self.dead),
        )

    def _run(self, root: Node) -> None:
        """Write `root` and all nodes below it. `enter` returns what closes a node, None for a leaf."""
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
        self.words.append("\n")

    def _close(self, closing: str) -> None:
        self.out.append(closing)
        if closing.endswith(("\n", "</summary>")):
            self.words.append("\n")
        elif closing == "</a>":
            self.links_open -= 1
        elif closing.endswith(("</td>", "</th>")):
            self.words.append(" ")

    def _text(self, node: Node) -> None:
        self.out.append(escape(node.text, quote=False))
        self.words.append(node.text)

    def _code(self, node: Node) -> None:
        self._leaf(f"<code>{escape(node.text, quote=False)}</code>", node.text)

    def _leaf(self, html: str, words: str) -> None:
        self.out.append(html)
        self.words.append(words)

    def _inline(self, tag: str) -> str:
        self.out.append(f"<{tag}>")
        return f"</{tag}>"

    def _formula(self, node: Node) -> None:
        self._leaf(self.cleaner.keep(self.formulas.html(node.text, node.data)), node.text)

    def _paragraph(self, node: Node) -> str:
        tag = "div" if id(node) in self.numbering.with_blocks else "p"
        self.out.append(f"<{tag}>")
        return f"</{tag}>\n"

    def _heading(self, node: Node, typed: int) -> str:
        level = self.outline.level(typed)
        anchor = self.numbering.anchors.get(id(node), "")
        self.headings.append(Heading(level, " ".join(text_of(node).split()), anchor))
        written = f' id="{escape(anchor)}"' if anchor else ""
        self.out.append(f"<h{level}{written}>")
        if own := self.numbering.typed_names.get(id(node)):
            self.out.append(f'<a id="{escape(own)}"></a>')
        return f"</h{level}>\n"

    def _quote(self, node: Node) -> str:
        if node.data in ALERT_TITLES:
            title = str(ALERT_TITLES[node.data])
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
        number = self.numbering.numbers.get(id(node))
        self.out.append("<li>" if number is None else f'<li value="{number}">')
        return "</li>\n"

    def _code_block(self, node: Node) -> None:
        language = re.sub(r"[^\w+#.-]", "", node.data or "")[:30]
        if language == "math" and (formula := self.formulas.mathml(node.text, is_display=True)):
            self.out.append(f"<p>{self.cleaner.keep(formula)}</p>\n")
            self.words.append(f"\n{node.text}\n")
            return
        written = f' class="language-{escape(language)}"' if language else ""
        code = self.colours.html(node.text, language)
        self.out.append(self.cleaner.keep(f"<pre><code{written}>{code}</code></pre>"))
        self.out.append("\n")
        self.words.append(f"\n{node.text}\n")

    def _table(self, node: Node) -> str:
        self.columns.append(tuple(node.data))
        self.out.append("<table>\n")
        return "</tbody>\n</table>\n" if len(node.children) > 1 else "</table>\n"

    def _table_head(self, node: Node) -> str:
        self.column, self.is_head = 0, True
        self.out.append("<thead>\n<tr>\n")
        has_rows = id(node) in self.numbering.heads_with_rows
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
        name = ALIGNMENTS.get(alignment)
        self.out.append(f'<{tag} class="{name}">' if name else f"<{tag}>")
        return f"</{tag}>\n"

    def _box(self, node: Node) -> str:
        before, after = node.data
        self.out.append(self.cleaner.keep(before))
        return f"{self.cleaner.keep(after)}\n"

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
        if tag == "p" and id(node) in self.numbering.with_blocks:
            tag = "div"
        is_block = tag in ELEMENT_BLOCKS
        self.out.append(f"<{tag}{attributes}>")
        return f"</{tag}>\n" if is_block else f"</{tag}>"

    def _typed_anchor(self, node: Node) -> str:
        given = node.data.attributes
        if given.get("href") and not self.links_open:
            return self._open_link(node, Target(given["href"], given.get("title", "")))
        anchor = self.numbering.typed_names.get(id(node))
        title = f' title="{escape(given["title"])}"' if given.get("title") else ""
        self.out.append(f"<span{title}>" + (f'<a id="{escape(anchor)}"></a>' if anchor else ""))
        return "</span>"

    def _typed_id(self, node: Node) -> str:
        anchor = self.numbering.typed_names.get(id(node))
        return f' id="{escape(anchor)}"' if anchor else ""

    def _link(self, node: Node) -> str:
        if self.links_open:
            return self._titled(node.data.title)
        return self._open_link(node, node.data)

    def _titled(self, title: str) -> str:
        """Write a span in place of a link within a link, to keep its title."""
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
        if is_silent(node):
            self._leaf(escape(address), address)
        return "</a>"

    def _anchor(self, node: Node, typed: str) -> str:
        """Return the existing anchor: as typed, percent-decoded, or in lower case as on GitHub."""
        names = self.numbering.names
        for name in (typed, unquote(typed), unquote(typed).lower()):
            if name in names:
                return name
        if self.anchored and typed:
            self.dead.append((node.start, typed))
        return typed

    def _image(self, node: Node) -> None:
        target: Target = node.data
        address, alternative = target.address.strip(), alternative_text(node)
        title = f' title="{escape(target.title)}"' if target.title else ""
        if is_relative(address):
            self.figures.append(address)
            html = f'<img class="figure" data-file="{escape(address)}" alt="{escape(alternative)}"{title}>'
            self._leaf(self.cleaner.keep(html), f"{alternative} {target.title}")
            return
        words = alternative or target.title or address.rstrip("/").rpartition("/")[2] or address
        if self.links_open or not is_allowed(address) or not address:
            if address and not is_allowed(address):
                self.refused.append((node.start, address))
            closing = self._titled(target.title if target.title != words else "")
            self._leaf(f"{escape(words)}{closing}", words)
            return
        # A picture from another host would tell that host who reads the text, so it becomes a link.
        self._leaf(f'<a href="{escape(address)}"{title}>{escape(words)}</a>', words)

    def _reference(self, node: Node) -> None:
        number = self.numbering.footnotes.numbers[node.data]
        self.references[node.data] = count = self.references.get(node.data, 0) + 1
        name = self._note_name(node.data)
        own = f"fnref-{name}" if count == 1 else f"fnref-{name}-{count}"
        self._leaf(
            f'<sup class="footnote-ref" id="{escape(own)}"><a role="doc-noteref"'
            f' href="#{ID_PREFIX}fn-{escape(name)}">{number}</a></sup>',
            "",
        )

    def _footnotes(self) -> None:
        notes = self.numbering.footnotes.ordered
        if not notes:
            return
        title = _("Footnotes")
        level = 2
        if self.anchored:
            anchor = self.numbering.footnotes_anchor
            self.out.append(
                f'<section class="footnotes" role="doc-endnotes" aria-labelledby="{ID_PREFIX}{anchor}">\n'
                f'<h{level} id="{anchor}">{escape(title)}</h{level}>\n<ol>\n'
            )
            self.headings.append(Heading(level, title, anchor))
        else:
            self.out.append(
                f'<section class="footnotes" role="doc-endnotes" aria-label="{escape(title)}">\n<ol>\n'
            )
        self.words.append("\n")
        for note in notes:
            name = self._note_name(note.data)
            is_first = self.numbering.footnotes.first[note.data] is note
            self.out.append(f'<li id="fn-{escape(name)}">' if is_first else "<li>")
            for child in note.children:
                self._run(child)
            if is_first:
                self._back_links(name, note.data)
            self.out.append("</li>\n")
            self.words.append("\n")
        self.out.append("</ol>\n</section>\n")

    def _note_name(self, label: str) -> str:
        return f"{self.note_prefix}{self.numbering.footnotes.names[label]}"

    def _back_links(self, name: str, label: str) -> None:
        number = self.numbering.footnotes.numbers[label]
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


def _tidied(words: str) -> str:
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)
