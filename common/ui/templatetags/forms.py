"""Tags for forms: fields, errors, and how the page shows the answer."""

import secrets

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def in_place() -> SafeString:
    """Render the attributes of a form whose answer replaces this page without a reload, so that scroll,
    focus and open menus stay. The view answers with a redirect, as always."""
    return mark_safe('hx-boost="true" hx-swap="innerMorph show:none"')


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Render label, hint, error and input of one form field."""
    return SafeString(bound.as_field_group())


@register.simple_tag
def once() -> SafeString:
    """Render the key by which a form that is sent twice acts once (`common.http.once`)."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_hex(16))


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """Render the errors of a form, each a link to its field; nothing for a valid form."""
    return SafeString(render_to_string("components/error_summary.html", {"form": form}))
