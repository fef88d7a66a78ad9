"""Whether the reader has to set up a second factor before they can go on."""

from django import template
from django.template import Context

from members.people import second_factor

register = template.Library()


@register.simple_tag(takes_context=True)
def is_second_factor_due(context: Context) -> bool:
    """Return whether every other page redirects the reader until they have a second factor."""
    request = context["request"]
    is_required = second_factor.is_required_for(request.viewer)
    return is_required and not second_factor.has_authenticator(request.user.pk)
