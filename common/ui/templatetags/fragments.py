"""Cached fragments of pages."""

from collections.abc import Hashable

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.ui import fragment_cache, icons

register = template.Library()


@register.simple_tag(takes_context=True)
def cached_include(context: Context, template: str, facts: Hashable) -> SafeString:
    """Render a fragment that shows nothing but its `facts`, from the cache when it is there."""
    sheet: icons.Sheet | None = context.get(icons.SHEET)
    html, used = fragment_cache.cached_fragment(template, facts, get_language(), sheet is not None)
    if sheet is not None:
        sheet.update(dict.fromkeys(used))
    return html
