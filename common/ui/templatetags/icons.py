"""Icons, the logo of the site, and the glyphs of focus areas."""

from typing import Protocol

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.ui import icons

register = template.Library()


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str, size: int = 16, extra: str = "") -> SafeString:
    """Render an icon beside its text. `extra` adds classes."""
    return icon_html(context, name, size, extra)


def icon_html(context: Context, name: str, size: int = 16, extra: str = "") -> SafeString:
    """Refer to the icon's drawing in a whole page; draw it in place in a fragment."""
    sheet: icons.Sheet | None = context.get(icons.SHEET)
    if sheet is None:
        return icons.icon(name, size, extra)
    sheet[name] = None
    return icons.reference(name, size, extra)


@register.simple_tag(takes_context=True)
def collect_icons(context: Context) -> str:
    """Let `icon_sheet` draw the icons that follow. Used at the top of `base.html`."""
    context[icons.SHEET] = {}
    return ""


@register.simple_tag(takes_context=True)
def icon_sheet(context: Context) -> SafeString:
    """Render the drawings of all icons of the page, each once. Used at the end of `base.html`."""
    return icons.sheet(context[icons.SHEET])


@register.simple_tag
def mark() -> SafeString:
    """Render the logo: an A of six squares, one for each of six organizations."""
    squares = ((9, 2), (2, 9), (9, 9), (16, 9), (2, 16), (16, 16))
    rects = format_html_join("", '<rect x="{}" y="{}" width="6.2" height="6.2" rx="1"/>', squares)
    return format_html(
        '<svg width="24" height="24" viewBox="1 1 22.2 22.2" fill="currentColor" '
        'aria-hidden="true">{}</svg>',
        rects,
    )


class FocusArea(Protocol):
    glyph: str
    hue: int


@register.simple_tag(takes_context=True)
def focus_glyph(context: Context, area: "FocusArea | None", size: int = 16) -> SafeString:
    """Render the glyph of a focus area in its hue; a neutral glyph without an area."""
    if not area:
        return icon_html(context, "people", size, "focus-glyph")
    return icon_html(context, area.glyph, size, f"focus-glyph hue-{area.hue}")
