"""Fragments of a page that depend on a few facts alone, cached for each set of facts.

The frame of a page costs more to render than its content. Each fragment is rendered once per process
for each set of facts; since the facts are all that it shows, a cached fragment is never stale.
"""

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from common.ui import icons

# How many fragments a process keeps, of some kilobytes each.
MOST = 1024


@lru_cache(maxsize=MOST)
def cached_fragment(
    template: str, facts: Hashable, language: str, has_sheet: bool
) -> tuple[SafeString, tuple[str, ...]]:
    """Return the fragment, and the icons it refers to when its page has a sheet for them."""
    sheet: icons.Sheet | None = {} if has_sheet else None
    html = render_to_string(template, {"facts": facts, icons.SHEET: sheet})
    return SafeString(html), tuple(sheet or ())
