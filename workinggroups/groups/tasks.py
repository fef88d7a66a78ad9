"""Periodic tasks of groups."""

from celery import shared_task

from workinggroups.groups import actions


@shared_task(name="groups.remind_of_due_items")
def remind_of_due_items() -> int:
    """Remind people whose morning it is of action items. A second run reminds nobody again."""
    return actions.remind_of_due_items()


@shared_task(name="groups.end_lapsed_voters")
def end_lapsed_voters() -> int:
    """End the roles of voters who left their organization, and notify its representatives."""
    return actions.end_lapsed_voters()
