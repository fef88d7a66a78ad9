"""Markdown to clean HTML: parsed by cmarkgfm without raw HTML, capped, then cleaned by nh3.

Rendered HTML is stored beside its source with RENDERER_VERSION; a change of any rule below raises
the version, so that stored HTML can be told from what would be made today.
"""

import html as entities
import re

import nh3
from cmarkgfm import cmark
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text.figures import in_words
from common.text.limits import (
    FOOTNOTES_MAX,
    HEADINGS_MAX,
    NESTING_MAX,
    OUTPUT_FREE_BYTES,
    OUTPUT_TIMES,
    SPECIALS_MAX,
    TABLE_MAX_CELLS,
    TABLE_MAX_COLUMNS,
    Limit,
)

RENDERER_VERSION = 1
# Anchors of a text must never meet the ids of the page around it.
ID_PREFIX = "user-content-"

_EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]
_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "blockquote", "pre", "hr", "br", "section"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "code", "del", "em", "strong", "sup"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "id", "class"},
    "code": {"class"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"class"},
    "sup": {"class"},
    "td": {"align"},
    "th": {"align"},
}
_CLASSES = {"footnotes", "footnote-ref", "footnote-backref"}

_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? />')
_CONTAINER = re.compile(r"<(/?)(?:blockquote|ul|ol)\b")
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,30}")
_TAG = re.compile(r"<[^>]*>")


def render(source: str, limit: Limit = Limit.POST) -> str:
    """Clean HTML of a Markdown text, safe to put into any page.

    Headings start at the second level, since the page has the first, and leave none out. Texts under the limit of
    NOTES stand alone on their page and get anchors and footnotes; posts share theirs and do not.
    Images become links: the only picture a reader's browser fetches is one of ours.
    Raises Invalid for a text that is longer than `limit` or built to be dear to show.
    """
    check(source, limit)
    anchored = limit >= Limit.NOTES
    options = cmark.Options.CMARK_OPT_FOOTNOTES if anchored else cmark.Options.CMARK_OPT_DEFAULT
    raw = cmark.markdown_to_html_with_extensions(source, options, extensions=_EXTENSIONS)
    _check_size(raw, source)
    _check_structure(raw)
    raw = raw.replace('<input type="checkbox" checked="" disabled="" />', "☑")
    raw = raw.replace('<input type="checkbox" disabled="" />', "☐")
    raw = _IMAGE.sub(_image_as_link, raw)
    raw = _Headings(anchored).number(raw)
    clean = nh3.clean(
        raw,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
        id_prefix=ID_PREFIX,
    )
    _check_size(clean, source)
    return clean


def check(source: str, limit: Limit) -> None:
    """Raises Invalid, in plain words, for a source that `render` would refuse unparsed."""
    try:
        size = len(source.encode())
    except UnicodeEncodeError:
        raise Invalid(_("This text has characters that cannot be stored.")) from None
    if "\x00" in source:
        raise Invalid(_("This text has characters that cannot be stored."))
    if size > limit:
        raise Invalid(
            _("This text is too long: it has %(size)d KB, at most %(limit)d KB fit.")
            % {"size": -(-size // 1024), "limit": limit // 1024}
        )
    if sum(source.count(char) for char in '<>&"') > SPECIALS_MAX:
        raise Invalid(_("This text has too many of the characters < > & and quotes to be shown."))
    if source.count("[^") > FOOTNOTES_MAX:
        raise Invalid(_("This text has too many footnotes to be shown."))
    _check_lines(source)


def plain(html: str, characters: int | None = None) -> str:
    """The words of rendered HTML in one line, for excerpts and search; cut at `characters`."""
    words = " ".join(entities.unescape(_TAG.sub(" ", in_words(html))).split())
    return Truncator(words).chars(characters) if characters else words


def _check_lines(source: str) -> None:
    """Refuses what a few bytes a line would blow up: wide or empty tables, towers of quotes."""
    columns = cells = 0
    for line in source.splitlines():
        prefix = line[: len(line) - len(line.lstrip("> \t"))]
        if prefix.count(">") > NESTING_MAX:
            raise _nested_too_deeply()
        if not line.strip("> \t"):
            columns = 0
        elif "-" in line and not line.strip("|:->+*.0123456789 \t"):
            columns = line.count("|") + 1
            if columns > TABLE_MAX_COLUMNS + 2:
                raise Invalid(
                    _("A table can have at most %(columns)d columns.")
                    % {"columns": TABLE_MAX_COLUMNS}
                )
        cells += columns
        if cells > TABLE_MAX_CELLS:
            raise Invalid(_("The tables of this text are too large to be shown. Split the text."))


def _nested_too_deeply() -> Invalid:
    return Invalid(_("Lists or quotes in this text are nested too deeply."))


def _check_size(shown: str, source: str) -> None:
    if len(shown.encode()) > max(OUTPUT_TIMES * len(source.encode()), OUTPUT_FREE_BYTES):
        raise Invalid(_("This text becomes too large when it is shown. Split it or simplify it."))


def _check_structure(raw: str) -> None:
    depth = 0
    for container in _CONTAINER.finditer(raw):
        depth += -1 if container[1] else 1
        if depth > NESTING_MAX:
            raise _nested_too_deeply()
    if raw.count("<h") > HEADINGS_MAX:
        raise Invalid(_("This text has too many headings to be shown."))


def _image_as_link(image: re.Match[str]) -> str:
    return f'<a href="{image[1]}">{image[2] or image[1]}</a>'


class _Headings:
    """Puts headings below the page's own and, where wanted, gives each an id of its own words.

    The level is how deep a heading stands in the text, not how many # its writer typed: who begins
    with ## or jumps from # to ### leaves no gap in the outline that screen readers walk.
    """

    def __init__(self, anchored: bool) -> None:
        self.anchored = anchored
        self.outline: list[int] = []
        self.used: dict[str, int] = {}

    def number(self, raw: str) -> str:
        return _HEADING.sub(self._replace, raw)

    def _replace(self, heading: re.Match[str]) -> str:
        written = int(heading[1])
        while self.outline and self.outline[-1] >= written:
            self.outline.pop()
        self.outline.append(written)
        level = min(len(self.outline) + 1, 6)
        anchor = f' id="{self._anchor(heading[2])}"' if self.anchored else ""
        return f"<h{level}{anchor}>{heading[2]}</h{level}>"

    def _anchor(self, inner: str) -> str:
        slug = slugify(plain(inner), allow_unicode=True)[:80] or "section"
        self.used[slug] = count = self.used.get(slug, 0) + 1
        return slug if count == 1 else f"{slug}-{count}"


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and value.startswith("#"):
        return f"#{ID_PREFIX}{value[1:]}"
    if attribute == "class" and tag == "code":
        return value if _LANGUAGE.fullmatch(value) else None
    if attribute == "class":
        return value if value in _CLASSES else None
    return value
