"""Tasks of the file store."""

from celery import shared_task

from common.files import actions, pictures, scanning


@shared_task(name="files.sweep")
def sweep() -> None:
    """Once a day: remove bytes that are no longer needed."""
    actions.sweep()


@shared_task(name=pictures.TASK)
def make_pictures() -> None:
    """When a picture is stored, and every minute: draw the copies that pages show."""
    pictures.make_waiting()


@shared_task(name=scanning.TASK)
def scan() -> None:
    """When a file is stored, and every minute: scan the waiting files for viruses."""
    scanning.scan_waiting()
