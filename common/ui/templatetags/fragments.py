"""Fragments of a page that depend on a few facts alone, cached for each set of facts.

The frame of a page costs more to render than its content. Each fragment is rendered once per process
for each set of facts; since the facts are all that it shows, a cached fragment is never stale.
"""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.ui import icons

register = template.Library()

# How many fragments a process keeps, of some kilobytes each.
MOST = 1024


@register.simple_tag(takes_context=True)
def cached_include(context: Context, template: str, facts: Hashable) -> SafeString:
    """Render a fragment that shows nothing but its `facts`, from the cache when it is there."""
    sheet: icons.Sheet | None = context.get(icons.SHEET)
    html, used = cached_fragment(template, facts, get_language(), sheet is not None)
    if sheet is not None:
        sheet.update(dict.fromkeys(used))
    return html


@lru_cache(maxsize=MOST)
def cached_fragment(
    template: str, facts: Hashable, language: str, has_sheet: bool
) -> tuple[SafeString, tuple[str, ...]]:
    """Return the fragment, and the icons it refers to when its page has a sheet for them."""
    sheet: icons.Sheet | None = {} if has_sheet else None
    html = render_to_string(template, {"facts": facts, icons.SHEET: sheet})
    return SafeString(html), tuple(sheet or ())
