"""A witness of what stands in HTML and no text may bring."""

import re
from html.parser import HTMLParser

_LINES = """
    a abbr b br cite code del dfn em i kbd mark q s samp small span strong sub sup u var wbr
""".split()
_BLOCKS = """
    blockquote caption dd details div dl dt h2 h3 h4 h5 h6 hr li ol p pre section summary table
    tbody td tfoot th thead tr ul
""".split()
_MATH = """
    annotation math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts
    mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none
    semantics
""".split()
_MATH_ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle encoding"
    " fence form height largeop linethickness lspace mathvariant maxsize minsize movablelimits"
    " notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric width".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "id", "rel", "class", "aria-label", "data-file", "role"},
    "blockquote": {"class"},
    "code": {"class"},
    "details": {"open"},
    "div": {"class"},
    "img": {"class", "data-file", "alt"},
    "li": {"id", "value"},
    "ol": {"start"},
    "p": {"class"},
    "section": {"class", "role", "aria-label", "aria-labelledby"},
    "span": {"class"},
    "sup": {"class", "id"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_EVERYWHERE = {"title", "dir", "id"}
_CLASSES = {
    "a": r"file|footnote-backref",
    "blockquote": r"alert alert--(?:note|tip|important|warning|caution)",
    "code": r"formula|language-[\w+#.-]{1,30}",
    "div": r"align-center",
    "img": r"figure",
    "p": r"alert-title",
    "section": r"footnotes",
    "sup": r"footnote-ref",
    "span": r"[a-z][a-z0-9]{0,2}(?: [a-z]+-[A-Za-z-]+)*",  # the short names of Pygments
    "td": r"align-(?:start|center|end)",
    "th": r"align-(?:start|center|end)",
}
_VALUES = {
    "dir": r"ltr|rtl|auto",
    "id": r"user-content-.+",
    "aria-labelledby": r"user-content-.+",
    "role": r"doc-(?:noteref|backlink|endnotes)",
    "start": r"\d{1,9}",
    "value": r"\d{1,9}",
    "colspan": r"\d{1,2}",
    "rowspan": r"\d{1,2}",
    "open": r"",
    "rel": r"nofollow noopener noreferrer ugc",
    "encoding": r"application/x-tex",
}
_SCHEMES = ("https:", "http:", "mailto:")
TAGS = frozenset({*_LINES, *_BLOCKS, *_MATH, "img"})


def has_foreign_scheme(address: str) -> bool:
    """Read as browsers do: control characters before and line breaks within do not count."""
    address = re.sub(r"[\t\r\n]", "", address).lstrip("".join(map(chr, range(33)))).lower()
    has_scheme = re.match(r"[a-z][a-z0-9+.-]*:", address) is not None
    return has_scheme and not address.startswith(_SCHEMES)


class Witness(HTMLParser):
    """Reads HTML as a browser would and keeps whatever a text may never bring."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(tag)
        is_math = tag in _MATH
        # MathML stands within <math> alone, and nothing but MathML stands in it.
        if is_math != (tag == "math" or "math" in self.open):
            self.found.append(f"{tag} in {self.open}")
        if tag not in {"br", "hr", "img", "wbr"}:
            self.open.append(tag)
        allowed = _MATH_ATTRIBUTES if is_math else _EVERYWHERE | _ATTRIBUTES.get(tag, set())
        for name, text in attributes:
            value = text or ""
            if name not in allowed:
                self.found.append(name)
            if name == "class" and not re.fullmatch(_CLASSES.get(tag, ""), value):
                self.found.append(value)
            if name in _VALUES and not re.fullmatch(_VALUES[name], value, re.DOTALL):
                self.found.append(value)
            if name in {"href", "data-file"} and has_foreign_scheme(value):
                self.found.append(value)
        if tag == "img" and [name for name, _ in attributes][:3] != ["class", "data-file", "alt"]:
            self.found.append("img")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_decl(self, decl: str) -> None:
        self.found.append(decl)

    def handle_pi(self, data: str) -> None:
        self.found.append(data)

    def unknown_decl(self, data: str) -> None:
        self.found.append(data)


def hostile_parts(html: str) -> list[str]:
    return Witness(html).found
