"""Cleaning written HTML with nh3, which lets through only the elements and attributes listed here.

Formulas, coloured code and pictures are written by the platform and put in after the cleaning, so
that the lists stay short.
"""

import re
from secrets import token_hex

import nh3
from django.utils.translation import gettext_lazy as _

from common.text.addresses import ALLOWED_SCHEMES

# Keeps anchors of a text apart from the ids of the page around it.
ID_PREFIX = "user-content-"

ALIGNMENTS = {"Left": "align-start", "Center": "align-center", "Right": "align-end"}
ALERT_TITLES = {
    "note": _("Note"),
    "tip": _("Tip"),
    "important": _("Important"),
    "warning": _("Warning"),
    "caution": _("Caution"),
}

_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "div", "blockquote", "pre", "hr", "br", "section"),
    *("ul", "ol", "li", "dl", "dt", "dd", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "abbr", "b", "cite", "code", "del", "dfn", "em", "i", "kbd", "mark", "q", "s", "samp"),
    *("small", "span", "strong", "sub", "sup", "u", "var", "wbr"),
}
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
_CLASSES = {
    "a": {"file", "footnote-backref"},
    "blockquote": {"alert", *(f"alert--{kind}" for kind in ALERT_TITLES)},
    "div": {"align-center"},
    "p": {"alert-title"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "td": set(ALIGNMENTS.values()),
    "th": set(ALIGNMENTS.values()),
}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
# nh3 takes time quadratic in the entities of a run of words, 16 s for 500,000. They pass through it
# as control characters, which no text has: the character, what is written, and what comes out.
_STAND_INS = (
    ("\x02", "&amp;", "&amp;"),
    ("\x03", "&lt;", "&lt;"),
    ("\x04", "&gt;", "&gt;"),
    ("\x05", "\u00a0", "&nbsp;"),
)


class Cleaner:
    """Cleans the HTML of one text and puts the platform's own HTML into it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._mark = f"p{token_hex(8)}x"

    def keep(self, html: str) -> str:
        """Return a word to write in place of `html`, which `clean` puts in uncleaned."""
        self._pieces.append(without_controls(html))
        return f"{self._mark}{len(self._pieces) - 1}z"

    def clean(self, html: str) -> str:
        html = without_controls(html)
        for stand_in, character, _entity in _STAND_INS:
            html = html.replace(character, stand_in)
        clean = nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            allowed_classes=_CLASSES,
            url_schemes=set(ALLOWED_SCHEMES),
            link_rel="nofollow noopener noreferrer ugc",
            id_prefix=ID_PREFIX,
        )
        for stand_in, _character, entity in _STAND_INS:
            clean = clean.replace(stand_in, entity)
        if not self._pieces:
            return clean
        return re.sub(rf"{self._mark}(\d+)z", lambda mark: self._pieces[int(mark[1])], clean)


def without_controls(text: str) -> str:
    """Replace control characters: no source has them, but entities such as `&#3;` name them."""
    return _CONTROL.sub("\ufffd", text)
