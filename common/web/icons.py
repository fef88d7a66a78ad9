"""Icons as inline SVG, read once from the vendored Bootstrap Icons: outline by default, filled only
for a state that is reached. To use another one, copy its file into the vendored folder."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(settings.BASE_DIR) / "static" / "vendor" / "bootstrap-icons-1.13.2" / "icons"
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon(name: str, size: int = 16, extra: str = "") -> SafeString:
    """The icon `name`, `size` pixels square, hidden from screen readers: a word stands beside it.

    Raises FileNotFoundError for an icon that is not vendored, so that a typing error fails a test.
    """
    found = INSIDE.search((FOLDER / f"{name}.svg").read_text())
    if found is None:
        raise ValueError(f"{name}.svg holds no drawing.")
    paths = re.sub(r"\s*\n\s*", "", found.group(1))
    classes = f"icon {extra}".strip()
    return mark_safe(  # noqa: S308  (our own vendored files; names come from templates)
        f'<svg class="{classes}" width="{size}" height="{size}" viewBox="0 0 16 16" '
        f'fill="currentColor" aria-hidden="true">{paths}</svg>'
    )
