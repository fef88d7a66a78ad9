"""Celery's side of telling people; each task may be repeated, lost or run twice without harm."""

from celery import shared_task

from notifications.deliver import hand_over, hand_over_digests
from notifications.expand import expand_waiting


@shared_task
def tell() -> None:
    """What waits in the outbox of events becomes notices, and due notices become mail."""
    while expand_waiting():
        pass
    while hand_over():
        pass
    from common.mail.tasks import deliver_due

    deliver_due.delay()


@shared_task
def tell_digests() -> None:
    """Everybody whose morning has come has the digest in the outbox."""
    hand_over_digests()
