"""Celery's side of the outbox; both may be repeated, lost or run twice without harm."""

from celery import shared_task

from common.mail import actions, deliver


@shared_task(name="mail.deliver_due")
def deliver_due() -> None:
    """What is due goes out. Rung after a commit, and every 30 seconds in case a ring was lost."""
    deliver.deliver_due()


@shared_task(name="mail.prune")
def prune() -> None:
    """Once a day: addresses are not kept longer than needed."""
    actions.prune()
