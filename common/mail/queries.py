"""What the administration asks of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from common.mail.choices import State
from common.mail.models import Message
from common.mail.querysets import MessageQuerySet


@dataclass(frozen=True)
class Outbox:
    """How many mails are in each state, and since when the oldest due one waits."""

    counts: dict[str, int]
    waiting_since: datetime | None


def outbox() -> Outbox:
    counted = dict(Message.objects.values_list("state").annotate(Count("pk")).order_by())
    oldest = Message.objects.due().aggregate(oldest=Min("due_at"))["oldest"]
    return Outbox({state: counted.get(state, 0) for state in State.values}, oldest)


def deliveries(state: str = "", address: str = "") -> MessageQuerySet:
    """The delivery log, newest first, of one state or one address where named."""
    messages = Message.objects.order_by("-created_at", "pk")
    if state:
        messages = messages.filter(state=state)
    if address:
        messages = messages.filter(to_address__iexact=address)
    return messages
