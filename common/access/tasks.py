"""The periodic task of grants."""

from celery import shared_task

from common.access import grants


@shared_task(name="access.sweep_grants")
def sweep_grants() -> None:
    """Once a day: delete the grants that have been over for a month."""
    grants.sweep_grants()
