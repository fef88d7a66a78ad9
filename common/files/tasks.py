"""The clock's part of the file store."""

from celery import shared_task

from common.files import actions


@shared_task(name="files.sweep")
def sweep() -> None:
    """Once a day: bytes that were given up are gone."""
    actions.sweep()
