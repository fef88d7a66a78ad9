"""Periodic tasks of groups."""

from celery import shared_task

from workinggroups.groups import actions


@shared_task(name="groups.remind_of_due_items")
def remind_of_due_items() -> int:
    """Remind people whose morning it is of action items. A second run reminds nobody again."""
    return actions.remind_of_due_items()
