"""Whether the reader has to set a second factor up before they can go on."""

from typing import Any

from django import template

from members.people import second_factor

register = template.Library()


@register.simple_tag(takes_context=True)
def is_second_factor_due(context: dict[str, Any]) -> bool:
    """Every other page leads the reader here until they have one."""
    request = context["request"]
    return second_factor.must_have(request.viewer) and not second_factor.has_one(request.user.pk)
