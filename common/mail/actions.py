"""Putting mail into the outbox. Nothing is sent here: the row commits with its cause or not at all.

queued --claimed--> sending --> sent | dropped | failed
   ^------ put off -----'                        |
   '------------------- retry -------------------'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    """One mail for `queue_many`; the fields are those of `queue`."""

    dedupe_key: str
    to_address: str
    kind: str
    ref: Mapping[str, object]
    due_at: datetime | None = None


def queue(
    *,
    dedupe_key: str,
    to_address: str,
    kind: str,
    ref: Mapping[str, object],
    due_at: datetime | None = None,
) -> None:
    """Queue a mail in the caller's transaction; it is sent once for each `dedupe_key`.

    `ref` holds the ids that the renderer of `kind` needs, and no text. `due_at` delays the mail.
    """
    queue_many(
        [Queued(dedupe_key=dedupe_key, to_address=to_address, kind=kind, ref=ref, due_at=due_at)]
    )


def queue_many(mails: Iterable[Queued]) -> None:
    """Queue these mails, except those whose key is already known.

    For more than some thousand at once an app runs its own INSERT … SELECT into `mail_message`, with
    `dedupe_key`, `to_address`, `kind` and `ref` and ON CONFLICT DO NOTHING, then calls
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
    """Have the workers look for due mail once this transaction commits."""
    enqueue_on_commit(DELIVER)


def retry(*, message: Message) -> Message:
    """Make a failed mail due now, with all its attempts. Raises WrongState for any other mail."""
    if not retry_all(messages=Message.objects.filter(pk=message.pk)):
        raise WrongState(_("You can only resend an e-mail that failed."))
    message.refresh_from_db()
    return message


def retry_all(*, messages: QuerySet[Message]) -> int:
    """Make the failed ones among these mails due now; return how many. For use after an outage."""
    count = messages.filter(state=State.FAILED).update(
        state=State.QUEUED, attempts=0, due_at=timezone.now(), leased_until=None
    )
    wake_mail_worker()
    return count


def prune() -> None:
    """Delete mails 30 days after they were sent or dropped, failed ones after 180, threads after two years."""
    now = timezone.now()
    done = Message.objects.filter(state__in=[State.SENT, State.DROPPED])
    done.filter(created_at__lt=now - timedelta(days=KEEP_DAYS)).delete()
    failed = Message.objects.filter(state=State.FAILED)
    failed.filter(created_at__lt=now - timedelta(days=KEEP_FAILED_DAYS)).delete()
    ThreadStart.objects.filter(at__lt=now - timedelta(days=KEEP_THREAD_DAYS)).delete()


def release(*, drop_before: datetime | None = None) -> int:
    """Send mail again after a hold; drop what was queued before `drop_before` and return how many.

    Raises WrongState when mail is not held. Locks the row, so that of two calls at once one acts.
    """
    with transaction.atomic():
        held = Delivery.objects.select_for_update().filter(held_since__isnull=False).first()
        if held is None:
            raise WrongState(_("E-mail is not on hold."))
        dropped = 0
        if drop_before is not None:
            old = Message.objects.open().filter(created_at__lt=drop_before)
            dropped = old.update(state=State.DROPPED, leased_until=None, claimed_by=None)
        held.held_since = None
        held.save(update_fields=["held_since"])
        wake_mail_worker()
    return dropped
