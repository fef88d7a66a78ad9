"""What the seal of a meeting's minutes holds of the decisions taken there."""

from collections.abc import Sequence

from workinggroups.decisions.models import Decision
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.sealing import Entry, add_section


def decisions_of(meeting: Meeting) -> Sequence[Entry]:
    """Return the decisions recorded from the meeting, in the order of their numbers."""
    return [
        {
            "uuid": str(decision.uuid),
            "number": decision.number,
            "title": decision.title,
            "method": decision.method,
            "for": decision.votes_for,
            "against": decision.votes_against,
            "abstained": decision.abstentions,
        }
        for decision in Decision.objects.filter(meeting=meeting).order_by("number")
    ]


def register_section() -> None:
    """Called from `apps.ready`."""
    add_section("decisions", decisions_of)
