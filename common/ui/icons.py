"""Icons as inline SVG, read once from the vendored Bootstrap Icons: outline by default, filled only
for a final state. To use another icon, copy its file into the vendored folder."""

import logging
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(settings.BASE_DIR) / "static" / "vendor" / "bootstrap-icons-1.13.2" / "icons"
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)

UNKNOWN = "question-circle"
# The context variable with the icons used so far, for the sheet at the end of the page.
SHEET = "_icon_sheet"
logger = logging.getLogger(__name__)

# The icons used so far, by name; a dict, which keeps their order, so that a page is reproducible.
Sheet = dict[str, None]


@cache
def icon(name: str, size: int = 16, extra: str = "") -> SafeString:
    """Return the icon, `size` pixels square, hidden from screen readers since it has text beside it.

    Returns UNKNOWN for an icon that is not vendored: the glyph of a focus area is data.
    """
    return mark_safe(  # noqa: S308  (our own vendored files; names come from templates)
        f'<svg class="{_classes(extra)}" width="{size}" height="{size}" viewBox="0 0 16 16" '
        f'aria-hidden="true">{_drawing(name)}</svg>'
    )


@cache
def reference(name: str, size: int = 16, extra: str = "") -> SafeString:
    """Return a reference to the icon in the sheet at the end of the page: a seventh of the bytes."""
    _drawing(name)
    return mark_safe(  # noqa: S308  (our own files)
        f'<svg class="{_classes(extra)}" width="{size}" height="{size}" aria-hidden="true">'
        f'<use href="#i-{name}"/></svg>'
    )


def sheet(names: Sheet) -> SafeString:
    """Return the drawings to which a page refers."""
    symbols = "".join(_symbol(name) for name in names)
    if not symbols:
        return SafeString("")
    # The div is needed because SVG has no `hidden` attribute.
    return mark_safe(f"<div hidden><svg>{symbols}</svg></div>")  # noqa: S308  (our own files)


@cache
def _symbol(name: str) -> str:
    return f'<symbol id="i-{name}" viewBox="0 0 16 16">{_drawing(name)}</symbol>'


@cache
def _drawing(name: str) -> str:
    file = FOLDER / f"{name}.svg"
    if not file.is_file():
        logger.warning("The icon %s is not vendored.", name)
        file = FOLDER / f"{UNKNOWN}.svg"
    drawing = INSIDE.sub(r"\1", file.read_text())
    return re.sub(r"\s*\n\s*", "", drawing.strip())


def _classes(extra: str) -> str:
    return f"icon {extra}".strip()
