"""People and organizations by name and monogram."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.ui.monograms import colour_of, initials_of, letters_of

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=4096)
def monogram(name: str, slug: str = "", size: int = 28, absent: bool = False) -> SafeString:
    """Render the square of an organization without a logo, 22, 28 or 44 pixels, beside its name.

    `absent` makes it dashed and colourless, for one that is missing from a roll call.
    """
    letters = letters_of(name)
    sized = "" if size == 28 else f" monogram--{size}"
    if len(letters) == 4:
        sized += " monogram--four"
    return format_html(
        '<span class="monogram{} {}" aria-hidden="true">{}</span>',
        sized,
        "monogram--absent" if absent else f"mono-{colour_of(slug or name)}",
        letters,
    )


class NamedOrganization(Protocol):
    name: str
    slug: str


@register.simple_tag
def monogram_grid(squares: Iterable[tuple[NamedOrganization, bool]]) -> SafeString:
    """Render a roll call: the square of each organization, dashed when it is absent."""
    return _monogram_grid(
        tuple((organization.name, organization.slug, here) for organization, here in squares)
    )


@lru_cache(maxsize=256)
def _monogram_grid(squares: tuple[tuple[str, str, bool], ...]) -> SafeString:
    here = _("%(organization)s, present")
    rows = (
        (
            monogram(name, slug, absent=not is_here),
            here % {"organization": name} if is_here else name,
        )
        for name, slug, is_here in squares
    )
    row = '<li>{}<span class="visually-hidden">{}</span></li>'
    return format_html('<ul class="monogram-grid">{}</ul>', format_html_join("", row, rows))


@register.simple_tag
def initials(person: object) -> SafeString:
    """Render the disc of a person, in member lists and queues only, beside the name."""
    return format_html(
        '<span class="initials" aria-hidden="true">{}</span>', initials_of(str(person))
    )


@register.simple_tag
def person(person: object, organization: object = None) -> SafeString:
    """Render "Hélène Marchetti, EPFL": a name always with its affiliation, if there is one."""
    of = format_html('<span class="of">, {}</span>', organization) if organization else ""
    return format_html('<span class="person">{}{}</span>', person, of)
