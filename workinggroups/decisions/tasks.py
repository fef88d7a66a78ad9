"""Periodic tasks of ballots."""

from celery import shared_task

from workinggroups.decisions import actions


@shared_task(name="decisions.close_ballots")
def close_ballots() -> int:
    """Close or extend the ballots whose time is over. A second run closes none twice."""
    return actions.close_due_ballots()


@shared_task(name="decisions.keep_rolls")
def keep_rolls() -> int:
    """Let votes of ended memberships lapse, and hand on those that nobody can cast any more."""
    return actions.keep_rolls()


@shared_task(name="decisions.remind_voters")
def remind_voters() -> int:
    """Remind those whose vote is missing. A second run reminds nobody."""
    return actions.remind_voters()


@shared_task(name="decisions.state_results")
def state_results() -> int:
    """State by rule the results that nobody stated in time."""
    return actions.state_due_results()
