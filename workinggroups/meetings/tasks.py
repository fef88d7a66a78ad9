"""Periodic tasks of meetings."""

from celery import shared_task

from workinggroups.meetings import actions


@shared_task(name="meetings.extend_series")
def extend_series() -> int:
    """Make the meetings of series that have come within the horizon."""
    return actions.extend_series()


@shared_task(name="meetings.make_minutes_final")
def make_minutes_final() -> int:
    """Make draft minutes final whose charter says so by now. Two runs at once make each final once."""
    return actions.make_due_final()


@shared_task(name="meetings.remind_of_minutes")
def remind_of_minutes() -> int:
    """Remind the people who write or approve minutes that are missing. A second run reminds nobody."""
    return actions.remind_of_minutes()


@shared_task(name="meetings.remind_of_agendas")
def remind_of_agendas() -> int:
    """Remind officers of agendas that are missing, once a meeting. A second run reminds nobody."""
    return actions.remind_of_agendas()


@shared_task(name="meetings.remind_of_polls")
def remind_of_polls() -> int:
    """Remind people of polls to answer, and chairs of polls to decide, once each."""
    return actions.remind_of_polls()


@shared_task(name="meetings.delete_recordings")
def delete_recordings() -> int:
    """Delete the recordings and transcripts whose last day is over everywhere."""
    return actions.delete_due_recordings()


@shared_task(name="meetings.move_open_proposals")
def move_open_proposals() -> int:
    """Move proposals that nobody answered in time to the next meeting of the series."""
    return actions.move_open_proposals()


@shared_task(name="meetings.begin_due_agendas")
def begin_due_agendas() -> int:
    """Begin agendas that are nearly due with the template of their series."""
    return actions.begin_due_agendas()


@shared_task(name="meetings.notify_of_clock_changes")
def notify_of_clock_changes() -> int:
    """Notify people whose meetings shift within a week, once for each change of clocks."""
    return actions.notify_of_clock_changes()


@shared_task(name="meetings.number_begun")
def number_begun() -> int:
    """Give meetings of series that have begun their numbers."""
    return actions.number_begun_meetings()
