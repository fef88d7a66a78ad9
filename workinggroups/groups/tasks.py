"""Periodic tasks of groups."""

from celery import shared_task

from workinggroups.groups import actions


@shared_task(name="groups.remind_of_due_items")
def remind_of_due_items() -> int:
    """Notify the owners of action items that are due. A second run notifies nobody again."""
    return actions.remind_of_due_items()
