"""The tasks of the outbox; both can be repeated, lost or run twice without harm."""

from celery import shared_task

from common.mail import actions, deliver


@shared_task(name="mail.deliver_due")
def deliver_due() -> None:
    """Send due mail. Enqueued after a commit, and every 30 seconds in case a message was lost."""
    deliver.deliver_due()


@shared_task(name="mail.prune")
def prune() -> None:
    """Delete old mails. Runs once a day, so that addresses are not kept longer than needed."""
    actions.prune()
