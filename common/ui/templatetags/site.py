"""The name, address and contact of the site."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """The name of this alliance; also without a request, as in mails and error pages."""
    return str(settings.SITE_NAME)


@register.simple_tag
def contact_email() -> str:
    """The address to write to for help, or "" when none is set."""
    return str(settings.CONTACT_EMAIL)


@register.simple_tag
def site_url() -> str:
    """The public address without a slash at its end, for links in mails."""
    return str(settings.SITE_URL)
