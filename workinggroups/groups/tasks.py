"""What the clock does in this room."""

from celery import shared_task

from workinggroups.groups import actions


@shared_task(name="groups.remind_of_due_items")
def remind_of_due_items() -> int:
    """Owners of action items due soon are told. Safe to run twice: each is told once a due day."""
    return actions.remind_of_due_items()
