"""Links through the site, heads of sections, and pages of lists."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.ui.templatetags.icons import icon_html

register = template.Library()


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
        icon_html(context, item.icon, size) if item.icon else "",
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
    """The way to this page, above its heading; between the tags a list item for each page above."""
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>',
        _("Where you are"),
        mark_safe(content),  # noqa: S308  (the template's own, already escaped)
    )
