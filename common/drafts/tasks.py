"""The periodic task of drafts."""

from celery import shared_task

from common.drafts import actions


@shared_task(name="drafts.sweep")
def sweep() -> None:
    """Delete the drafts that have not changed for 30 days."""
    actions.sweep()
