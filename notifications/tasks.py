"""Celery tasks of notifications; each can be repeated, lost or run twice without harm."""

from celery import shared_task

from common.mail.actions import wake_mail_worker
from notifications.deliver import hand_over, hand_over_digests
from notifications.fan_out import fan_out_waiting


@shared_task(name="notifications.tell")
def notify_waiting() -> None:
    """Turn waiting events into notifications, and due notifications into mail."""
    while fan_out_waiting():
        pass
    while hand_over():
        pass
    wake_mail_worker()


@shared_task(name="notifications.tell_digests")
def send_digests() -> None:
    """Queue the digest of each person whose digest hour has passed."""
    hand_over_digests()
