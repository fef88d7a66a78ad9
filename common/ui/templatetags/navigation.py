"""Navigation links, section heads, and the pages of lists."""

from typing import Protocol
from urllib.parse import urlencode

from django import template
from django.core import paginator
from django.db.models import Model
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.http import pagination
from common.ui.templatetags.icons import icon_html

register = template.Library()


class NavItem(Protocol):
    url: str
    label: str
    icon: str
    count: int
    is_current: bool


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context, item: NavItem, shape: str = "rail", current: str = "page"
) -> SafeString:
    """Render a link of the rail or the bottom bar, marked on its own page.

    `shape` is rail, group or bottom. A tag instead of ten template nodes: a page has thirty links.
    """
    classes, size, name = _SHAPES[shape]
    count = format_html(' <span class="count">{}</span>', item.count) if item.count else ""
    return format_html(
        '<a{} href="{}"{}>{}<span{}>{}</span>{}</a>',
        classes,
        item.url,
        format_html(' aria-current="{}"', current) if item.is_current else "",
        icon_html(context, item.icon, size) if item.icon else "",
        name,
        item.label,
        count,
    )


# Our own constants, so marked as safe.
_SHAPES = {
    "rail": (mark_safe(' class="rail-item"'), 16, mark_safe(' class="name"')),
    "group": (mark_safe(' class="rail-item rail-item--group"'), 16, mark_safe(' class="name"')),
    "bottom": (mark_safe(' class="bottom-item"'), 20, ""),
}


@register.simple_tag(takes_context=True)
def paginate(context: Context, page: pagination.Page[Model] | paginator.Page[object]) -> SafeString:
    """Render the links to the other pages of a list."""
    if isinstance(page, pagination.Page):
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


@register.simple_tag
def section_head(title: str, anchor: str = "") -> SafeString:
    """The heading of a section on its rule; `anchor` is its id. See `section_head_with`."""
    return format_html(
        '<div class="section-head"><h2{}>{}</h2></div>',
        format_html(' id="{}"', anchor) if anchor else "",
        title,
    )


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    """Render the breadcrumbs above a heading; between the tags is a list item for each page above."""
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>',
        _("Where you are"),
        mark_safe(content),  # noqa: S308  (the template's own, already escaped)
    )
