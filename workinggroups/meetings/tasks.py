"""Periodic tasks of meetings."""

from celery import shared_task

from workinggroups.meetings import actions


@shared_task(name="meetings.extend_series")
def extend_series() -> int:
    """Make the meetings of series that have come within the horizon."""
    return actions.extend_series()


@shared_task(name="meetings.begin_due_agendas")
def begin_due_agendas() -> int:
    """Begin agendas that are nearly due with the template of their series."""
    return actions.begin_due_agendas()


@shared_task(name="meetings.number_begun")
def number_begun() -> int:
    """Give meetings of series that have begun their numbers."""
    return actions.number_begun_meetings()
