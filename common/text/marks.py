"""The marks of a comparison: what was added and what was removed."""

from django.utils.html import format_html
from django.utils.translation import gettext as _


def added(html: str) -> str:
    """Return the HTML in <ins>, begun with a word for those who hear the page."""
    return f"<ins>{_for_ears(_('added:'))}{html}</ins>" if html else ""


def removed(html: str) -> str:
    """Return the HTML in <del>, begun with a word for those who hear the page."""
    return f"<del>{_for_ears(_('removed:'))}{html}</del>" if html else ""


def _for_ears(word: str) -> str:
    return format_html('<span class="visually-hidden">{} </span>', word)
