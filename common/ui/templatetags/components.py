"""The components that need a word of Python; the rest are classes in `static/css/components.css`.

Every tag answers safe HTML without inline style, since the content policy refuses it. The whole
set is shown on the page `/components/` of a development server.
"""

import secrets
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import days
from common.text.figures import Picture, figure_source, in_words, with_figures
from common.times import zone_named
from common.ui import date_format, fragment_cache, icons
from common.ui.monograms import colour_of, initials_of, letters_of
from common.ui.states import state_of

register = template.Library()

# --- forms that change the page in place -------------------------------------------------------


@register.simple_tag
def in_place() -> SafeString:
    """Attributes of a form whose answer is put in place of this page without loading it anew, so that
    scroll, focus and open menus stay. The view answers with a redirect and knows nothing of it."""
    return mark_safe('hx-boost="true" hx-swap="innerMorph show:none"')


# --- pictures --------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str, size: int = 16, extra: str = "") -> SafeString:
    """An icon beside its word. `extra` adds classes."""
    return _icon(context, name, size, extra)


def _icon(context: Context, name: str, size: int = 16, extra: str = "") -> SafeString:
    """By reference in a whole page, drawn in place in a fragment, which knows no page."""
    sheet: icons.Sheet | None = context.get(icons.SHEET)
    if sheet is None:
        return icons.icon(name, size, extra)
    sheet[name] = None
    return icons.reference(name, size, extra)


@register.simple_tag(takes_context=True)
def collect_icons(context: Context) -> str:
    """From here on icons are drawn by `icon_sheet`. Stands at the top of `base.html`."""
    context[icons.SHEET] = {}
    return ""


@register.simple_tag(takes_context=True)
def icon_sheet(context: Context) -> SafeString:
    """The drawings of all icons of the page, each once. Stands at the end of `base.html`."""
    return icons.sheet(context[icons.SHEET])


@register.simple_tag(takes_context=True)
def cached_include(context: Context, template: str, facts: Hashable) -> SafeString:
    """A piece of the page that shows nothing but its `facts`: drawn once, then taken as it is."""
    sheet: icons.Sheet | None = context.get(icons.SHEET)
    html, used = fragment_cache.cached_fragment(template, facts, get_language(), sheet is not None)
    if sheet is not None:
        sheet.update(dict.fromkeys(used))
    return html


@register.simple_tag
def mark(size: int = 24) -> SafeString:
    """The mark: an A of six squares, one square for one organization."""
    squares = ((9, 2), (2, 9), (9, 9), (16, 9), (2, 16), (16, 16))
    rects = format_html_join("", '<rect x="{}" y="{}" width="6.2" height="6.2" rx="1"/>', squares)
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="1 1 22.2 22.2" fill="currentColor" '
        'aria-hidden="true">{1}</svg>',
        size,
        rects,
    )


@register.simple_tag
def site_name() -> str:
    """The name of this alliance; also where there is no request, as in mails and error pages."""
    return str(settings.SITE_NAME)


@register.simple_tag
def contact_email() -> str:
    """The address to write to for help, or nothing where none is set."""
    return str(settings.CONTACT_EMAIL)


@register.simple_tag
def site_url() -> str:
    """The public address without a slash at its end, for links in mails."""
    return str(settings.SITE_URL)


@register.simple_tag(takes_context=True)
def focus_glyph(context: Context, area: Any, size: int = 16) -> SafeString:
    """The glyph of a focus area in its hue; a neutral one where there is no area."""
    if not area:
        return _icon(context, "people", size, "focus-glyph")
    return _icon(context, area.glyph, size, f"focus-glyph hue-{area.hue}")


@register.simple_tag(takes_context=True)
def nav_link(context: Context, item: Any, shape: str = "rail", current: str = "page") -> SafeString:
    """A link of the rail or of the bottom bar, marked where its reader is there.

    `item` has `url`, `label`, `icon`, `count` and `is_current`; `shape` is rail, group or
    bottom. One tag and not ten nodes: a page holds thirty of them.
    """
    classes, size, name = _SHAPES[shape]
    count = format_html(' <span class="count">{}</span>', item.count) if item.count else ""
    return format_html(
        '<a{} href="{}"{}>{}<span{}>{}</span>{}</a>',
        classes,
        item.url,
        format_html(' aria-current="{}"', current) if item.is_current else "",
        _icon(context, item.icon, size) if item.icon else "",
        name,
        item.label,
        count,
    )


# Constants of ours, so marked as they stand.
_SHAPES = {
    "rail": (mark_safe(' class="rail-item"'), 16, mark_safe(' class="name"')),
    "group": (mark_safe(' class="rail-item rail-item--group"'), 16, mark_safe(' class="name"')),
    "bottom": (mark_safe(' class="bottom-item"'), 20, ""),
}


# --- states, names -----------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def state(context: Context, kind: str, word: str = "") -> SafeString:
    """The glyph, word and colour of a state; `word` says it more exactly ("4 days late")."""
    shown = state_of(str(kind))
    return format_html(
        '<span class="state is-{}">{}{}</span>',
        shown.tone,
        _icon(context, shown.glyph, 14),
        word or shown.word,
    )


@register.simple_tag
def monogram(name: str, slug: str = "", size: int = 28, absent: bool = False) -> SafeString:
    """The square of an organization without a logo, 22, 28 or 44 pixels; its name stands beside.

    `absent` draws it dashed and without colour: the one that is missing from a roll call.
    """
    return _monogram(name, slug, size, absent)


@lru_cache(maxsize=4096)
def _monogram(name: str, slug: str, size: int = 28, absent: bool = False) -> SafeString:
    letters = letters_of(name)
    sized = "" if size == 28 else f" monogram--{size}"
    if len(letters) == 4:
        sized += " monogram--four"
    return format_html(
        '<span class="monogram{} {}" aria-hidden="true">{}</span>',
        sized,
        "monogram--absent" if absent else f"mono-{colour_of(slug or name)}",
        letters,
    )


@register.simple_tag
def monogram_grid(squares: Iterable[tuple[Any, bool]]) -> SafeString:
    """A roll call at a glance: each organization's square, dashed where it is not here."""
    return _monogram_grid(tuple((one.name, one.slug, is_here) for one, is_here in squares))


@lru_cache(maxsize=256)
def _monogram_grid(squares: tuple[tuple[str, str, bool], ...]) -> SafeString:
    here = _("%(organization)s, here")
    rows = (
        (
            _monogram(name, slug, absent=not is_here),
            here % {"organization": name} if is_here else name,
        )
        for name, slug, is_here in squares
    )
    row = '<li>{}<span class="visually-hidden">{}</span></li>'
    return format_html('<ul class="monogram-grid">{}</ul>', format_html_join("", row, rows))


@register.simple_tag
def initials(person: Any) -> SafeString:
    """The disc of a person, in rosters and queues only; the name stands beside it."""
    return format_html(
        '<span class="initials" aria-hidden="true">{}</span>', initials_of(str(person))
    )


@register.simple_tag
def person(person: Any, organization: Any = None, link: bool = False) -> SafeString:
    """ "Hélène Marchetti, EPFL": a name never stands without its affiliation where there is one."""
    name: Any = person
    if link and hasattr(person, "get_absolute_url"):
        name = format_html(
            '<a class="title-link" href="{}">{}</a>', person.get_absolute_url(), person
        )
    of = format_html('<span class="of">, {}</span>', organization) if organization else ""
    return format_html('<span class="person">{}{}</span>', name, of)


# --- time ------------------------------------------------------------------------------------------


def _reader_zone(context: Context) -> str:
    """The signed-in reader's zone; UTC for everybody else, so that public pages are equal."""
    if not context.get("has_session"):
        return "UTC"
    return str(getattr(context["request"].user, "zone", "UTC"))


@register.simple_tag(takes_context=True)
def when(
    context: Context,
    moment: datetime | None,
    until: datetime | None = None,
    other_zone: str = "",
    relative: bool = False,
    year: bool = True,
) -> SafeString:
    """ "Thu 26 Nov 2026, 18:00 CET (UTC+1), in 2 days" in the reader's zone, which is written.

    `until` makes it a range; `other_zone` adds the hour there where it differs (a meeting's own
    zone); `relative` adds the distance from now.
    """
    if moment is None:
        return SafeString("")
    words = date_format.moment_words(
        moment,
        _reader_zone(context),
        until=until,
        other_zone=other_zone,
        relative=relative,
        year=year,
    )
    return format_html('<time datetime="{}">{}</time>', _machine_time(moment), words)


def _machine_time(moment: datetime) -> str:
    """A moment as HTML takes it, which knows no microseconds."""
    return moment.isoformat(timespec="seconds")


@register.simple_tag(takes_context=True)
def day_ends(context: Context, value: date) -> SafeString:
    """ "Tue 1 Dec 2026, 02:00 HST (UTC-10)": when a last day is over, on the reader's clock.

    It is over for everybody at the same moment, when it has ended everywhere on Earth.
    """
    return when(context, days.end_of(value))


@register.simple_tag(takes_context=True)
def day(
    context: Context, value: date | datetime | None, weekday: bool = False, year: bool = True
) -> SafeString:
    """ "18 Nov 2026". A moment is first brought into the reader's zone."""
    if value is None:
        return SafeString("")
    if isinstance(value, datetime):
        value = value.astimezone(zone_named(_reader_zone(context))).date()
    return _day(value, weekday, year, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, weekday: bool, year: bool, language: str | None) -> SafeString:
    """In this language, which is the active one: lists name the same few days again and again."""
    words = date_format.day_words(value, weekday=weekday, year=year)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag(takes_context=True)
def hours(context: Context, moment: datetime, until: datetime | None = None) -> SafeString:
    """ "16:00 to 17:00 CET (UTC+1)", for a line that stands under its date."""
    local = moment.astimezone(zone_named(_reader_zone(context)))
    if until is None:
        words = f"{date_format.hour_words(local)} {date_format.zone_word(local)}"
    else:
        words = date_format.range_words(local, until.astimezone(local.tzinfo))
    return format_html('<time datetime="{}">{}</time>', _machine_time(moment), words)


register.filter("figure_source", figure_source)


@register.filter(name="in_words")
def pictures_in_words(html: str) -> SafeString:
    """Return stored HTML with the words of its pictures in their places, for a preview."""
    return mark_safe(in_words(html))  # noqa: S308  (cleaned by the renderer)


@register.filter
def figures(html: str | None, pictures: Mapping[str, Picture] | None = None) -> SafeString:
    """Return stored HTML of a text with the `pictures` attached to it in their places."""
    return with_figures(html or "", pictures or {})


@register.filter
def place(zone: str) -> str:
    """ "Prague" for "Europe/Prague"."""
    return date_format.zone_place(zone)


@register.filter
def zone_now(zone: str) -> str:
    """ "Prague, CET (UTC+1)"."""
    return date_format.zone_now_words(zone)


@register.filter
def today(zone: str) -> str:
    """ "Today is Sat 28 Nov 2026 in Prague, CET (UTC+1)." """
    return date_format.today_words(zone)


@register.simple_tag(takes_context=True)
def date_box(context: Context, moment: date | datetime) -> SafeString:
    """The day as a leaf of a calendar, beside what happens on it."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(zone_named(_reader_zone(context))).date()
    weekday, number, month = date_format.day_words(moment, weekday=True, year=False).split(" ", 2)
    return format_html(
        '<time class="date-box" datetime="{}"><span>{}</span> <b>{}</b> <span>{}</span></time>',
        moment.isoformat(),
        weekday,
        number,
        month,
    )


# --- figures -----------------------------------------------------------------------------------------


@register.simple_tag
def squares(
    filled: int, total: int | None = None, against: int = 0, abstained: int = 0, label: str = ""
) -> SafeString:
    """One square is one organization: for, against, abstained, then hollow up to `total`."""
    hollow = max((total or 0) - filled - against - abstained, 0)
    drawn = (
        "<i></i>" * filled
        + '<i class="against"></i>' * against
        + '<i class="abstained"></i>' * abstained
        + '<i class="hollow"></i>' * hollow
    )
    label = label or _("%(filled)d of %(total)d") % {
        "filled": filled,
        "total": filled + against + abstained + hollow,
    }
    return format_html(
        '<span class="squares" role="img" aria-label="{}">{}</span>',
        label,
        mark_safe(drawn),  # noqa: S308  (constants, repeated)
    )


@register.simple_tag
def tally(
    share: float,
    threshold: float | None = None,
    word: str = "",
    tone: str = "",
    label: str = "",
) -> SafeString:
    """A bar filled to `share` (0 to 1), with a tick and its word at `threshold` (0 to 1).

    The figures stand above it in text, so the picture is hidden from screen readers unless `label`
    says what it shows.
    """
    tick = SafeString("")
    height = 10
    if threshold is not None:
        height = 32
        at = _percent(threshold)
        tick = format_html(
            '<line class="tick" x1="{0}" x2="{0}" y1="12" y2="17"/>'
            '<text x="{0}" y="30" text-anchor="middle">{1}</text>',
            at,
            word,
        )
    return format_html(
        '<svg class="bar{}" height="{}" {}><rect class="track" width="100%" height="10" rx="1.5"/>'
        '<rect class="fill" width="{}" height="10" rx="1.5"/>{}</svg>',
        f" bar--{tone}" if tone else "",
        height,
        _described(label),
        _percent(share),
        tick,
    )


@register.simple_tag
def bar(share: float, tone: str = "", height: int = 10, track: bool = False) -> SafeString:
    """A plain bar in a table of figures, `share` (0 to 1) of its cell; the number stands beside."""
    ground = format_html('<rect class="track" width="100%" height="{}" rx="1.5"/>', height)
    return format_html(
        '<svg class="bar{}" height="{}" aria-hidden="true">{}'
        '<rect class="fill" width="{}" height="{}" rx="1.5"/></svg>',
        f" bar--{tone}" if tone else "",
        height,
        ground if track else "",
        _percent(share),
        height,
    )


@register.simple_tag
def freshness(share_left: float) -> SafeString:
    """What is left of a vetting period (0 to 1): a lapsed one is a dashed line."""
    if share_left <= 0:
        return mark_safe(
            '<svg class="bar" height="6" aria-hidden="true">'
            '<line class="lapsed" x1="0" x2="100%" y1="3" y2="3"/></svg>'
        )
    return bar(share_left, tone="wait" if share_left < 0.2 else "ok", height=6, track=True)


def _percent(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0) * 100:.1f}%"


def _described(label: str) -> SafeString:
    if label:
        return format_html('role="img" aria-label="{}"', label)
    return SafeString('aria-hidden="true"')


# --- forms, lists --------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Label, hint, error and input of one form field."""
    return SafeString(bound.as_field_group())


@register.simple_tag
def once() -> SafeString:
    """The key by which a form that is sent twice does what it asks once (`common.http.once`)."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_hex(16))


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """What to mend before going on, each line a link to its field; nothing for a valid form."""
    return SafeString(render_to_string("components/error_summary.html", {"form": form}))


@register.simple_tag(takes_context=True)
def paginate(context: Context, page: Any) -> SafeString:
    """Where one is in a list and the way on.

    Takes a page of `common.http.pagination.page_of`, or one of Django's Paginator.
    """
    if hasattr(page, "older_query"):
        links = {
            "newer": "" if page.is_first else "?" + _query(context, "after"),
            "older": f"?{page.older_query}" if page.older_query else "",
        }
    else:
        base = _query(context, "page")
        base = f"{base}&" if base else ""
        links = {
            "previous": f"?{base}page={page.number - 1}" if page.has_previous() else "",
            "next": f"?{base}page={page.number + 1}" if page.has_next() else "",
        }
    return SafeString(render_to_string("components/pager.html", {"page": page, **links}))


def _query(context: Context, without: str) -> str:
    query = context["request"].GET.copy()
    query.pop(without, None)
    return urlencode(list(query.lists()), doseq=True)


@register.simple_block_tag(takes_context=True)
def banner(context: Context, content: str, kind: str = "info", glyph: str = "") -> SafeString:
    """The state of the whole page, said once above everything; begin with a bold sentence.

    `kind` is a state, or one of info, ok, wait, stop.
    """
    plain = {
        "info": ("info-circle-fill", "accent"),
        "ok": ("check-circle-fill", "ok"),
        "wait": ("exclamation-triangle-fill", "wait"),
        "stop": ("exclamation-octagon-fill", "stop"),
        "current": ("check-circle-fill", "ok"),
        "superseded": ("arrow-right-circle-fill", "wait"),
        "withdrawn": ("slash-circle-fill", "stop"),
        "review": ("chat-left-text-fill", "accent"),
    }
    shape, tone = plain.get(kind) or (state_of(kind).glyph, state_of(kind).tone)
    return format_html(
        '<div class="banner banner--{}">{}<div>{}</div></div>',
        tone,
        _icon(context, glyph or shape, 18),
        mark_safe(content),  # noqa: S308  (the template's own, already escaped)
    )


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    """An empty place: what will stand here and what it takes, one button, perhaps a sketch."""
    return format_html(
        '<div class="empty"><div><h2>{}</h2>{}</div></div>',
        title,
        mark_safe(content),  # noqa: S308  (the template's own, already escaped)
    )


@register.simple_tag
def section_head(title: str, anchor: str = "") -> SafeString:
    """The heading of a section on its rule; `anchor` is its id. With a link or a figure at its end,
    a section head is written out."""
    return format_html(
        '<div class="section-head"><h2{}>{}</h2></div>',
        format_html(' id="{}"', anchor) if anchor else "",
        title,
    )


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    """The way to this page, above its heading; between the tags a list item for each page above."""
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>',
        _("Where you are"),
        mark_safe(content),  # noqa: S308  (the template's own, already escaped)
    )
