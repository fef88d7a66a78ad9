"""Tasks that make PDF files."""

from celery import shared_task

from common.pdf import actions, keeping


@shared_task(name=actions.TASK)
def make_waiting() -> None:
    """When a file is asked for, and every minute: make the files that wait."""
    actions.make_waiting()


@shared_task(name="pdf.sweep")
def sweep() -> None:
    """Once a day: remove files that nobody uses, and what belongs to none."""
    keeping.sweep()
