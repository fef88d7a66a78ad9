"""The marks of a comparison: what was added and what was removed."""

from django.utils.html import format_html
from django.utils.translation import gettext as _


def added(html: str) -> str:
    """Return the HTML in <ins>, with a word for screen readers at its beginning."""
    return f"<ins>{_spoken(_('added:'))}{html}</ins>" if html else ""


def removed(html: str) -> str:
    """Return the HTML in <del>, with a word for screen readers at its beginning."""
    return f"<del>{_spoken(_('removed:'))}{html}</del>" if html else ""


def _spoken(word: str) -> str:
    return format_html('<span class="visually-hidden">{} </span>', word)
