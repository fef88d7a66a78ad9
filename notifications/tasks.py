"""Celery's side of telling people; each task may be repeated, lost or run twice without harm."""

from celery import shared_task

from common.mail.actions import ring_for_mail
from notifications.deliver import hand_over, hand_over_digests
from notifications.expand import expand_waiting


@shared_task(name="notifications.tell")
def tell() -> None:
    """What waits in the outbox of events becomes notices, and due notices become mail."""
    while expand_waiting():
        pass
    while hand_over():
        pass
    ring_for_mail()


@shared_task(name="notifications.tell_digests")
def tell_digests() -> None:
    """Everybody whose morning has come has the digest in the outbox."""
    hand_over_digests()
