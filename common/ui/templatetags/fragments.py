"""Pieces of pages that are kept."""

from collections.abc import Hashable

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.ui import fragment_cache, icons

register = template.Library()


@register.simple_tag(takes_context=True)
def cached_include(context: Context, template: str, facts: Hashable) -> SafeString:
    """A piece of the page that shows nothing but its `facts`: drawn once, then taken as it is."""
    sheet: icons.Sheet | None = context.get(icons.SHEET)
    html, used = fragment_cache.cached_fragment(template, facts, get_language(), sheet is not None)
    if sheet is not None:
        sheet.update(dict.fromkeys(used))
    return html
