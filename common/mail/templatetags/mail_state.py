"""A tag for pages on which a person waits for a mail."""

from django import template

from common.mail.queries import is_mail_stuck

register = template.Library()


@register.simple_tag
def mail_is_stuck() -> bool:
    """Whether no mail is being sent right now; one query."""
    return is_mail_stuck()
