"""The outbox as staff see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from common.mail import registry
from common.mail.choices import SHORT_USE_SECONDS, TROUBLE_AFTER_SECONDS, State
from common.mail.models import Message, MessageQuerySet
from common.mail.spelling import spelled


@dataclass(frozen=True)
class Outbox:
    """How many mails are in each state, and since when the oldest due mail waits."""

    counts: dict[str, int]
    waiting_since: datetime | None


def outbox() -> Outbox:
    counted = dict(Message.objects.values_list("state").annotate(Count("pk")).order_by())
    oldest = Message.objects.due().aggregate(oldest=Min("due_at"))["oldest"]
    return Outbox({state: counted.get(state, 0) for state in State.values}, oldest)


def is_mail_stuck() -> bool:
    """Whether mail is not being sent right now: codes wait, for whatever recipient.

    The answer (4xx) of one receiving server says nothing about other mail. Asked for the page on
    which a person waits for a code; the answer is the same for everybody.
    """
    now = timezone.now()
    longest = timedelta(seconds=SHORT_USE_SECONDS)
    waiting = Message.objects.open().filter(
        kind__in=registry.kinds_useful_for_at_most(longest),
        created_at__lt=now - timedelta(seconds=TROUBLE_AFTER_SECONDS),
        created_at__gt=now - longest,
    )
    return waiting.exclude(last_error__regex=r"^[45][0-9][0-9] ").exists()


def deliveries(state: str = "", address: str = "") -> MessageQuerySet:
    """Return the delivery log, newest first, of one state or one address if given."""
    messages = Message.objects.order_by("-created_at", "pk")
    if state:
        messages = messages.filter(state=state)
    if address:
        messages = messages.filter(Q(to_address__iexact=address) | Q(to_address=spelled(address)))
    return messages
