"""What the minutes of a meeting hold of the decisions taken there: in their seal, and as printed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workinggroups.decisions.choices import Method
from workinggroups.decisions.models import Decision, DecisionQuerySet
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.printed_lists import Place, PrintedList, add_printed_list
from workinggroups.meetings.sealing import Entry, add_section


def _taken_at(meeting: Meeting) -> DecisionQuerySet:
    """Return the decisions that all who read the meeting can read."""
    decisions = Decision.objects.filter(meeting=meeting, level__lte=meeting.level)
    return decisions.order_by("number")


def sealed_decisions(meeting: Meeting) -> Sequence[Entry]:
    """Return the decisions recorded from the meeting, in the order of their numbers."""
    return [
        {
            "uuid": str(decision.uuid),
            "number": decision.number,
            "title": decision.title,
            "outcome": decision.outcome,
            "method": decision.method,
            "unit": decision.unit or None,
            "for": decision.votes_for,
            "against": decision.votes_against,
            "abstained": decision.abstentions,
        }
        for decision in _taken_at(meeting)
    ]


def printed_decisions(meeting: Meeting) -> list[str]:
    """Return a line for each decision."""
    return [_line(decision) for decision in _taken_at(meeting)]


def _line(decision: Decision) -> str:
    words = f"D-{decision.number}: {decision.title.rstrip('.')}."
    if decision.is_rejected:
        words = f"{words} {_('Rejected.')}"
    words = f"{words} {Method(decision.method).label}"
    return f"{words}: {decision.tally.words}." if decision.tally.is_counted else f"{words}."


def register_section() -> None:
    """Called from `apps.ready`."""
    add_section("decisions", sealed_decisions)
    add_printed_list(
        PrintedList("decisions", gettext_lazy("Decisions"), Place.OUTCOME, printed_decisions)
    )
