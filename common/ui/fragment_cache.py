"""Pieces of a page that are made of a few facts alone, and so are the same for the same facts.

A page's frame costs more to draw than what stands in it. Its pieces are drawn once a process for
each set of facts; whatever a piece shows is among them, so a kept one is never out of date.
"""

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from common.ui import icons

# How many pieces a process keeps, at some kilobytes each.
MOST = 1024


@lru_cache(maxsize=MOST)
def cached_fragment(
    template: str, facts: Hashable, language: str, has_sheet: bool
) -> tuple[SafeString, tuple[str, ...]]:
    """The piece, and the icons it refers to where its page has a sheet for them."""
    sheet: icons.Sheet | None = {} if has_sheet else None
    html = render_to_string(template, {"facts": facts, icons.SHEET: sheet})
    return SafeString(html), tuple(sheet or ())
