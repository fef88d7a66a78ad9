"""Whether every word of a source is shown: what a text must show, and what HTML shows.

Nothing of the renderer and no parser of Markdown is used here. `required` takes a source line by
line and leaves out what no reader expects to see: tags, addresses, labels, comments, front matter,
lists of attributes, markers of lists, and the word after a fence. `shown` reads HTML with the standard library.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

# Runs of letters, marks and digits.
_RUN = re.compile(
    r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0e31-\u0e4e\u0591-\u05c7])+"
)
_ELEMENTS = """
    a abbr article aside b big blockquote br caption center cite code dd del details dfn div dl
    dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark
    nav nobr ol p pre q s samp section small span strike strong sub summary sup table tbody td
    tfoot th thead time tr tt u ul var wbr
""".split()
_TAG = re.compile(
    rf"""</?(?:{"|".join(_ELEMENTS)})(?=[\s/>])((?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*/?>""",
    re.IGNORECASE,
)
_SAID_ATTRIBUTE = re.compile(r"""\b(?:alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_FRONT = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_CONTAINER = r"(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*"
_FENCE = re.compile(rf"^({_CONTAINER})(`{{3,}}(?=[^`]*$)|~{{3,}})[ \t]*(.*)$")
_MARKER = re.compile(rf"^({_CONTAINER}(?:\d{{1,9}}[.)](?=\s|$))?)(\[[xX ]\](?=\s))?")
_ALERT = re.compile(r"^([ \t>*+-]*>[ \t]*)\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$", re.I)
_DEFINITION = re.compile(
    r"""^([ \t>]*)\[((?!\^)[^\]\[]+)\]:\s*(<[^>]*>|\S+)\s*(["'(].*["')])?\s*$"""
)
_NOTE = re.compile(r"^[ \t>]*\[\^([^\]\s]+)\]:")
# kramdown's lists of attributes: alone in a line, at the end of a heading, or behind what they are about.
_ATTRIBUTES = r"""\{:\s*(?:(?:[.#][\w-]+|[\w:-]+=(?:"[^"{}]*"|'[^'{}]*'|[\w.:/#%-]+)|toc)\s*)+\}"""
_LINE_OF_ATTRIBUTES = re.compile(rf"^({_CONTAINER})(?:{_ATTRIBUTES})+\s*$")
_HEADING_ATTRIBUTES = re.compile(rf"^({_CONTAINER}#+\s.*?)(?:{_ATTRIBUTES}\s*)+[\s#]*$")
_ATTRIBUTES_BEHIND = re.compile(rf"(?<=[)\]*_~`>\ue011])(?:{_ATTRIBUTES})+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INLINE_CODE = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n\s*\n).)*?)(?<!`)\1(?!`)", re.DOTALL)
_INLINE_ADDRESS = re.compile(
    r"""\]\(\s*(?:<[^>\n]*>|(?:\\.|[^\s()<]|\([^\s()]*\))*)(\s+(?:"[^"]*"|'[^']*'|\([^)]*\)))?\s*\)"""
)
_CODE = "\ue010{}\ue011"
_CODE_PLACE = re.compile("\ue010(\\d+)\ue011")


@dataclass
class Required:
    """Words that a text must show in this order, and those of its notes.

    Notes stand at the end of a page, in the order in which they are referred to.
    """

    words: list[str] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def required(source: str) -> Required:
    kept: list[str] = []
    source = _without_fences(_FRONT.sub("", source.replace("\r\n", "\n")), kept)
    source = _INLINE_CODE.sub(lambda code: _keep(code[2], kept), source)
    source = _COMMENT.sub(" ", source)
    flow, notes, labels = _divided(source)
    return Required(_words(flow, kept, labels), [_words(note, kept, labels) for note in notes])


def _keep(code: str, kept: list[str]) -> str:
    kept.append(code)
    return _CODE.format(len(kept) - 1)


def _without_fences(source: str, kept: list[str]) -> str:
    """Each block of code in one place of its own, since nothing in it is markup."""
    lines: list[str] = []
    code: list[str] | None = None
    fence = ""
    for line in source.split("\n"):
        if code is not None:
            end = line.strip(" \t>")
            if end and not end.strip(fence[0]) and len(end) >= len(fence):
                lines.append(_keep("\n".join(code), kept))
                code = None
            else:
                code.append(line)
        elif begin := _FENCE.match(line):
            fence, code = begin[2], []
            lines.append(begin[1])
        else:
            lines.append(line)
    if code is not None:
        lines.append(_keep("\n".join(code), kept))
    return "\n".join(lines)


def _divided(source: str) -> tuple[str, list[str], set[str]]:
    """The lines of the text, those of its notes, and the labels that are defined."""
    definitions: dict[str, str] = {}
    notes_defined: set[str] = set()
    for line in source.split("\n"):
        if found := _DEFINITION.match(line):
            definitions.setdefault(_label(found[2]), line)
        elif found := _NOTE.match(line):
            notes_defined.add(found[1].lower())
    used = {_label(found) for found in re.findall(r"\[([^\]\[]+)\](?!:|\()", source)}
    flow: list[str] = []
    notes: list[list[str]] = []
    target = flow
    for line in source.split("\n"):
        note, definition = _NOTE.match(line), _DEFINITION.match(line)
        if note:
            target = []
            notes.append(target)
            line = line[note.end() :]
        elif target is not flow and line.strip() and not line.startswith(("  ", "\t", ">")):
            target = flow
        label = _label(definition[2]) if definition else ""
        if definition and label in used and definitions[label] == line:
            continue
        target.append(line)
    labels = set(definitions) | {f"^{name}" for name in notes_defined}
    return "\n".join(flow), ["\n".join(note) for note in notes], labels


def _words(text: str, kept: list[str], labels: set[str]) -> list[str]:
    lines = []
    for line in text.split("\n"):
        line = _LINE_OF_ATTRIBUTES.sub(r"\1", line)
        line = _ATTRIBUTES_BEHIND.sub("", _HEADING_ATTRIBUTES.sub(r"\1", line))
        line = _ALERT.sub(r"\1", line)
        begin = _MARKER.match(line)
        lines.append(
            re.sub(r"\d+[.)](?=\s|$)", " ", begin[1]) + line[begin.end() :] if begin else line
        )
    text = "\n".join(lines)
    text = _TAG.sub(_said_of_tag, text)
    text = _INLINE_ADDRESS.sub(lambda found: f"] {found[1] or ''} ", text)
    text = re.sub(
        r"\]\[([^\]\[]+)\]", lambda found: "] " if _label(found[1]) in labels else found[0], text
    )
    text = re.sub(
        r"\[(\^[^\]\s\[]+)\]", lambda found: " " if found[1].lower() in labels else found[0], text
    )
    text = unescape(re.sub(r"&(?!#?\w+;)", "&amp;", text))
    text = _CODE_PLACE.sub(lambda place: f" {kept[int(place[1])]} ", text)
    return _RUN.findall(text)


def _said_of_tag(tag: re.Match[str]) -> str:
    said = " ".join("".join(found) for found in _SAID_ATTRIBUTE.findall(tag[1] or ""))
    # Emphasis within a word does not part it, other tags do.
    return f" {said} " if said else "\ue012"


def _label(label: str) -> str:
    return " ".join(label.casefold().split())


class _Shown(HTMLParser):
    """The text of HTML, with alternative texts and titles at their places; notes apart."""

    def __init__(self) -> None:
        super().__init__()
        self.flow: list[str] = []
        self.notes: list[str] = []
        self.target = self.flow
        self.titles: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "section" and given.get("class") == "footnotes":
            self.target = self.notes
        if tag not in {
            "em",
            "strong",
            "b",
            "i",
            "u",
            "s",
            "del",
            "span",
            "code",
            "a",
            "sub",
            "sup",
        }:
            self.target.append(" ")
        if tag == "img":
            self.target.append(f" {given.get('alt', '')} {given.get('title', '')} ")
        else:
            title = given.get("title", "")
            self.titles.append(title)
            # Before the words and after them: HTML types a title before, Markdown after.
            self.target.append(f" {title} " if title else "")
        if tag in {"br", "hr", "img", "wbr"} and tag != "img":
            self.titles.pop()

    def handle_endtag(self, tag: str) -> None:
        title = self.titles.pop() if self.titles else ""
        self.target.append(f" {title} " if title else "")
        if tag not in {
            "em",
            "strong",
            "b",
            "i",
            "u",
            "s",
            "del",
            "span",
            "code",
            "a",
            "sub",
            "sup",
        }:
            self.target.append(" ")
        if tag == "section":
            self.target = self.flow

    def handle_data(self, data: str) -> None:
        self.target.append(data)


def shown(html: str) -> tuple[str, str]:
    """What a reader sees of the text, and of its notes: runs of letters and digits with spaces."""
    parser = _Shown()
    parser.feed(html)
    parser.close()
    flow, notes = "".join(parser.flow), "".join(parser.notes)
    return " ".join(_RUN.findall(flow)), " ".join(_RUN.findall(notes))


def losses(source: str, html: str) -> list[str]:
    """Words of the source that the HTML does not show, or not in their order."""
    expected = required(source)
    flow, notes = shown(html)
    lost = _missing(expected.words, flow)
    return lost + [word for note in expected.notes for word in _missing(note, notes, is_near=False)]


def _missing(words: list[str], text: str, is_near: bool = True) -> list[str]:
    """Words that do not follow one another in the text.

    A word may be part of a longer one, which emphasis within a word makes.
    """
    lost: list[str] = []
    position = 0
    for word in words:
        found = text.find(word, position)
        # What is found only far on was lost here, and another of the same words follows there.
        if found < 0 or (is_near and found - position > 400 and len(word) < 4):
            lost.append(word)
        else:
            position = found + len(word)
    return lost
