"""What can be taken back in the inbox."""

from datetime import datetime

from django.utils.translation import ngettext

from common.undo.light_acts import Facts, register
from members.people.models import Person
from notifications.actions import mark_unread

READ_ALL = "inbox_read"


def unread_again(person_id: int, facts: Facts) -> str:
    """Mark what "Mark all as read" marked at one moment (`at`) as unread."""
    person = Person.objects.get(pk=person_id)
    count = mark_unread(actor=person, read_at=datetime.fromisoformat(facts["at"]))
    words = ngettext(
        "%(count)d notification is unread again.",
        "%(count)d notifications are unread again.",
        count,
    )
    return words % {"count": count}


def register_light_acts() -> None:
    register(READ_ALL, unread_again)
