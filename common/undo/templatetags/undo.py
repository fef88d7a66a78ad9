"""The filter by which a message shows its button."""

from django import template
from django.contrib.messages.storage.base import Message

from common.undo.light_acts import TAG

register = template.Library()


@register.filter
def undo_token(message: Message) -> str:
    """Return the signed offer to take back what the message is about; "" without one."""
    tags = message.extra_tags or ""
    return tags.removeprefix(TAG) if tags.startswith(TAG) else ""
