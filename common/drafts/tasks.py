"""The clock's part of drafts."""

from celery import shared_task

from common.drafts import actions


@shared_task(name="drafts.sweep")
def sweep() -> None:
    """Delete the drafts that nobody has touched for 30 days."""
    actions.sweep()
