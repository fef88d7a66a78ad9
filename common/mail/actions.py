"""Putting mail into the outbox. Nothing is sent here: the row commits with its cause or not at all.

queued --claimed--> sending --> sent | dropped | failed
   ^------ put off -----'                        |
   '------------------- retry -------------------'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import WrongState
from common.mail.choices import KEEP_DAYS, KEEP_FAILED_DAYS, KEEP_THREAD_DAYS, State
from common.mail.models import Delivery, Message, ThreadStart
from common.wake_worker import enqueue_on_commit

DELIVER = "mail.deliver_due"


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
    """The mail will be sent once the caller's transaction commits, and once for this key only.

    `ref` holds the ids that the renderer of `kind` needs, no text. `due_at` puts it off.
    """
    queue_many(
        [Queued(dedupe_key=dedupe_key, to_address=to_address, kind=kind, ref=ref, due_at=due_at)]
    )


def queue_many(mails: Iterable[Queued]) -> None:
    """Each mail will be sent, except those whose key is already known.

    For more than some thousand at once a room writes its own INSERT … SELECT into `mail_message`:
    `dedupe_key`, `to_address`, `kind` and `ref` are enough, ON CONFLICT DO NOTHING; then it calls
    `wake_mail_worker`.
    """
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
    wake_mail_worker()


def wake_mail_worker() -> None:
    """Once this transaction commits, the workers look for mail that is due."""
    enqueue_on_commit(DELIVER)


def retry(*, message: Message) -> Message:
    """A mail that failed is due again now, with all its attempts before it.

    Raises WrongState for one that did not fail.
    """
    if not retry_all(messages=Message.objects.filter(pk=message.pk)):
        raise WrongState(_("Only a mail that failed can be sent again."))
    message.refresh_from_db()
    return message


def retry_all(*, messages: QuerySet[Message]) -> int:
    """Those of these mails that failed are due again now; tells how many. After a long outage."""
    count = messages.filter(state=State.FAILED).update(
        state=State.QUEUED, attempts=0, due_at=timezone.now(), leased_until=None
    )
    wake_mail_worker()
    return count


def prune() -> None:
    """Forget mails sent or dropped 30 days ago, failed ones after 180, threads after two years."""
    now = timezone.now()
    done = Message.objects.filter(state__in=[State.SENT, State.DROPPED])
    done.filter(created_at__lt=now - timedelta(days=KEEP_DAYS)).delete()
    failed = Message.objects.filter(state=State.FAILED)
    failed.filter(created_at__lt=now - timedelta(days=KEEP_FAILED_DAYS)).delete()
    ThreadStart.objects.filter(at__lt=now - timedelta(days=KEEP_THREAD_DAYS)).delete()


def release(*, drop_before: datetime | None = None) -> int:
    """Mail goes out again; what was queued before that moment is dropped. Answers how many were.

    Raises WrongState where mail is not held. Locks the row, so that two who press the button at
    once do it once.
    """
    with transaction.atomic():
        held = Delivery.objects.select_for_update().filter(held_since__isnull=False).first()
        if held is None:
            raise WrongState(_("Mail is not held."))
        dropped = 0
        if drop_before is not None:
            old = Message.objects.open().filter(created_at__lt=drop_before)
            dropped = old.update(state=State.DROPPED, leased_until=None, claimed_by=None)
        held.held_since = None
        held.save(update_fields=["held_since"])
        wake_mail_worker()
    return dropped
