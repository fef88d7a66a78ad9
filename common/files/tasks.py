"""The clock's part of the file store."""

from celery import shared_task

from common.files import actions, pictures, scanning


@shared_task(name="files.sweep")
def sweep() -> None:
    """Once a day: bytes that were given up are gone."""
    actions.sweep()


@shared_task(name=pictures.TASK)
def make_pictures() -> None:
    """Once a picture was stored, and every minute: the copies that pages show are drawn."""
    pictures.make_waiting()


@shared_task(name=scanning.TASK)
def scan() -> None:
    """Once a file was stored, and every minute: the virus scanner sees what waits for it."""
    scanning.scan_waiting()
