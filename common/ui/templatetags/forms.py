"""Forms: their fields, their errors, and how their answer comes."""

import secrets

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def in_place() -> SafeString:
    """Attributes of a form whose answer is put in place of this page without loading it anew, so that
    scroll, focus and open menus stay. The view answers with a redirect and knows nothing of it."""
    return mark_safe('hx-boost="true" hx-swap="innerMorph show:none"')


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Label, hint, error and input of one form field."""
    return SafeString(bound.as_field_group())


@register.simple_tag
def once() -> SafeString:
    """The key by which a form that is sent twice does what it asks once (`common.http.once`)."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_hex(16))


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """What to mend before going on, each line a link to its field; nothing for a valid form."""
    return SafeString(render_to_string("components/error_summary.html", {"form": form}))
