"""For pages on which somebody waits for a mail."""

from django import template

from common.mail.queries import is_mail_stuck

register = template.Library()


@register.simple_tag
def mail_is_stuck() -> bool:
    """Mail is not going out right now, to anybody; one query."""
    return is_mail_stuck()
