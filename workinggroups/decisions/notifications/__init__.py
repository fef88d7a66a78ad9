"""What people are notified of by the register of decisions and by ballots."""

from notifications.registry import register
from workinggroups.decisions.notifications.decisions import DecisionRecorded


def register_notifications() -> None:
    """Called from `apps.ready`."""
    register(DecisionRecorded)
