"""Stored HTML with its pictures."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString, mark_safe

from common.text.figures import Picture, figure_source, in_words, with_figures

register = template.Library()
register.filter("figure_source", figure_source)


@register.filter(name="in_words")
def pictures_in_words(html: str) -> SafeString:
    """Return stored HTML with the descriptions of its pictures in place of them, for a preview."""
    return mark_safe(in_words(html))  # noqa: S308  (cleaned by the renderer)


@register.filter
def figures(html: str | None, pictures: Mapping[str, Picture] | None = None) -> SafeString:
    """Return stored HTML of a text with the `pictures` attached to it in their places."""
    return with_figures(html or "", pictures or {})
