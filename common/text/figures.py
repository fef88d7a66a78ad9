"""Pictures of a text: from the placeholder in its stored HTML to what a page or a mail shows.

Stored HTML has a placeholder for each picture with a relative address, and nothing that a browser
would fetch:

    <img class="figure" data-file="images/fig%201.png" alt="Figure 1" title="Caption">

The placeholder is replaced when the text is shown: files come and go, and readers of the text can
see its pictures.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.files.types import clean_characters, clean_name, last_part, name_key

# The placeholder as the renderer writes it. Each value ends at the next quote, so this is linear.
_PLACE = re.compile(
    r'(?P<open><p>)?<img class="figure" data-file="(?P<address>[^"]*)" alt="(?P<alt>[^"]*)"'
    r'(?: title="(?P<title>[^"]*)")? ?/?>(?P<close></p>)?'
)
# A link to an attached file. Links are not nested, so it ends at the next end tag.
_LINK = re.compile(r'<a class="file" data-file="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_SIGNS = re.compile(r"[%#&<>\\]")
_ANCHOR = re.compile(r"<a [^>]*>.*?</a>", re.DOTALL)
_MARKS = ('<img class="figure" data-file="', '<a class="file" data-file="')


@dataclass(frozen=True, slots=True)
class Picture:
    """An attached file, as the pages of the text show it.

    `state` is "ready", "waiting" or "failed" for a picture, "file" for any other file.
    """

    name: str
    state: str
    url: str  # of the copy that pages show
    original: str  # of the file itself, a download
    width: int = 0
    height: int = 0


def has_figures(html: str) -> bool:
    """Whether the text shows or links an attached file, so that they have to be looked up."""
    return any(mark in html for mark in _MARKS)


def with_figures(html: str, pictures: Mapping[str, Picture], site: str = "") -> SafeString:
    """Return stored HTML with each picture, or words in its place, for its placeholder.

    `pictures` are the files attached to the text, by name. `site` is put before the addresses, for
    output outside of the site (feeds, the API). A link to a file leads to its download.
    """
    attached = _Attached(pictures)
    shown = _ANCHOR.sub(lambda link: _within_link(link, attached, site), html)
    shown = _PLACE.sub(lambda place: _shown(place, attached, site), shown)
    shown = _LINK.sub(lambda link: _linked(link, attached, site), shown)
    return mark_safe(shown)  # noqa: S308  (cleaned when written; insertions are escaped)


def figure_source(name: str) -> str:
    """Return the Markdown that shows the attached picture of this name."""
    words = _("What it shows")
    if not re.search(r"[^\w.-]", name):
        return f"![{words}]({name})"
    # A space would end the address; these signs have a meaning in it.
    return f"![{words}](<{_SIGNS.sub(lambda sign: f'%{ord(sign[0]):02X}', name)}>)"


def find_picture(pictures: Mapping[str, Picture], address: str) -> Picture | None:
    """Return the file that an address in a text means, of those attached to the text, by name."""
    return _Attached(pictures).find(address)


def in_words(html: str) -> str:
    """Return stored HTML with the alternative text and caption for each placeholder."""
    return _PLACE.sub(_words, html) if _MARKS[0] in html else html


class _Attached:
    """Finds the file that an address in a text means."""

    def __init__(self, pictures: Mapping[str, Picture]) -> None:
        self.pictures = pictures
        self.by_key: dict[str, list[Picture]] = {}
        for name, picture in pictures.items():
            self.by_key.setdefault(name_key(name), []).append(picture)

    def find(self, address: str) -> Picture | None:
        """Return the file of this name, or the only one whose name differs just in case.

        Folders are ignored, since an upload has none. The name is cleaned like that of an upload.
        """
        names = _names_in(address)
        for name in names:
            if name in self.pictures:
                return self.pictures[name]
        for name in names:
            same = self.by_key.get(name_key(name), [])
            if len(same) == 1:
                return same[0]
        return None


def _names_in(address: str) -> list[str]:
    """Return the file names that an address can mean: percent-decoded, and as typed."""
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    typed = [last_part(unquote(path)), last_part(path), last_part(unquote(address))]
    names = [clean_characters(name) for name in typed]
    # The name of an upload loses the dots and spaces around it, for example.
    return list(dict.fromkeys([*names, *filter(None, map(_kept_name, names))]))


def _kept_name(name: str) -> str:
    try:
        return clean_name(name)
    except Invalid:
        return ""


def _shown(place: re.Match[str], attached: _Attached, site: str, *, is_linked: bool = False) -> str:
    address, alt, title = (unescape(place[name] or "") for name in ("address", "alt", "title"))
    picture = attached.find(address)
    inner = _picture(picture, alt, site) if picture else _missing(address, alt)
    if is_linked and "<a " in inner:
        inner = escape(alt or (picture.name if picture else address))
    opened, closed = place["open"] or "", place["close"] or ""
    if not title:
        return f"{opened}{inner}{closed}"
    if opened and closed:
        return format_html(
            '<figure class="figure">{}<figcaption>{}</figcaption></figure>', inner, title
        )
    # Within a sentence the caption follows the picture as words: not everybody can see a tooltip.
    return f'{opened}{inner} <span class="figure-caption">({escape(title)})</span>{closed}'


def _within_link(link: re.Match[str], attached: _Attached, site: str) -> str:
    """Return a link with its pictures; words in place of a picture are no link within the link."""
    if _MARKS[0] not in link[0]:
        return link[0]
    return _PLACE.sub(lambda place: _shown(place, attached, site, is_linked=True), link[0])


def _linked(link: re.Match[str], attached: _Attached, site: str) -> str:
    """Return a link to the attached file of this name, or its words and that it is not attached."""
    address, attributes, words = unescape(link[1]), link[2], link[3]
    file = attached.find(address)
    if file is not None:
        return f'<a href="{escape(site + file.original)}"{attributes}>{words}</a>'
    name = next(iter(_names_in(address)), "") or address
    remark = escape(_("%(name)s is not attached") % {"name": name})
    return f'{words} <span class="figure-caption">({remark})</span>'


def _picture(picture: Picture, alt: str, site: str) -> SafeString:
    if picture.state == "ready":
        return format_html(
            '<img class="figure" src="{}" alt="{}" width="{}" height="{}" loading="lazy"'
            ' decoding="async">',
            site + picture.url,
            alt,
            picture.width,
            picture.height,
        )
    if picture.state == "waiting":
        words = _("%(name)s: this picture is being prepared") % {"name": picture.name}
        return _instead(alt, words)
    if picture.state == "failed":
        words = _("%(name)s: this picture can only be downloaded") % {"name": picture.name}
        return _instead(alt, words, site + picture.original)
    if picture.state == "file":
        return _instead(alt, picture.name, site + picture.original)
    return _missing(picture.name, alt)


def _missing(address: str, alt: str) -> SafeString:
    name = next(iter(_names_in(address)), "") or address
    return _instead(alt, _("%(name)s is not attached") % {"name": name})


def _instead(alt: str, words: str, address: str = "") -> SafeString:
    """Return the alternative text, and in brackets the state of the file."""
    state = format_html('<a href="{}">{}</a>', address, words) if address else escape(words)
    if not alt:
        return format_html('<span class="figure-instead">({})</span>', state)
    return format_html('<span class="figure-instead">{} ({})</span>', alt, state)


def _words(place: re.Match[str]) -> str:
    names = _names_in(unescape(place["address"]))
    alt = place["alt"] or escape(names[0] if names else "")
    title = f" ({place['title']})" if place["title"] else ""
    return f"{place['open'] or ''}{alt}{title}{place['close'] or ''}"
