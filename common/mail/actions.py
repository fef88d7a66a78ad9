"""Putting mail into the outbox. Nothing is sent here: the row commits with its cause or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from common.mail.models import Message


@dataclass(frozen=True, kw_only=True)
class Queued:
    """One mail to be, for `queue_many`; the fields are those of `queue`."""

    dedupe_key: str
    to_address: str
    kind: str
    ref: Mapping[str, Any]
    due_at: datetime | None = None


def queue(
    *,
    dedupe_key: str,
    to_address: str,
    kind: str,
    ref: Mapping[str, Any],
    due_at: datetime | None = None,
) -> None:
    """The mail will be sent once the caller's transaction commits, and once for this key only."""
    queue_many(
        [Queued(dedupe_key=dedupe_key, to_address=to_address, kind=kind, ref=ref, due_at=due_at)]
    )


def queue_many(mails: Iterable[Queued]) -> None:
    """Each mail will be sent, except those whose key is already known."""
    now = timezone.now()
    Message.objects.bulk_create(
        [
            Message(
                dedupe_key=mail.dedupe_key,
                to_address=mail.to_address,
                kind=mail.kind,
                ref=dict(mail.ref),
                due_at=mail.due_at or now,
            )
            for mail in mails
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
