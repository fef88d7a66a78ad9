"""Tasks of search."""

import time

from celery import shared_task

from common.search import actions, files

# A file takes at most half a minute more, and a task has two.
READ_SECONDS = 60


@shared_task(name="search.renew")
def renew() -> None:
    """Recompute the words of outdated entries."""
    actions.renew()


@shared_task(name="search.read_files")
def read_files() -> None:
    """Extract the words of waiting files for a minute; the next scheduled task continues."""
    end = time.monotonic() + READ_SECONDS
    files.forget_removed()
    files.note_unread()
    while time.monotonic() < end and files.read_next():
        pass
