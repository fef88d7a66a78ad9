"""The states of a ballot: what can happen in which, who does it, and who is notified.

The table is the rule: every action asks it, and a test tries every event in every state.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import WrongState
from workinggroups.decisions.choices import BallotEvent as E
from workinggroups.decisions.choices import BallotState as S
from workinggroups.decisions.models import Ballot


class Who(StrEnum):
    CHAIR = "chair"
    RULE = "rule"  # a periodic task, at the time that the rules give
    CHAIR_OR_RULE = "chair or rule"


class Notified(StrEnum):
    GROUP = "the group and everybody on the roll"
    ROLL = "everybody on the roll, to vote; the group, to know"
    CHAIRS = "the chairs"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    event: E
    sources: frozenset[S]
    target: S
    who: Who
    effect: str | Promise
    notified: Notified


def _row(
    event: E, sources: set[S], target: S, who: Who, notified: Notified, effect: Promise
) -> Transition:
    return Transition(event, frozenset(sources), target, who, effect, notified)


TRANSITIONS: dict[E, Transition] = {
    row.event: row
    for row in (
        _row(
            E.ANNOUNCED,
            {S.DRAFT},
            S.ANNOUNCED,
            Who.CHAIR,
            Notified.GROUP,
            gettext_lazy("Question and rules are fixed; the notice period begins."),
        ),
        _row(
            E.WITHDRAWN,
            {S.ANNOUNCED},
            S.DRAFT,
            Who.CHAIR,
            Notified.GROUP,
            gettext_lazy("It is a draft again, with the reason on its page."),
        ),
        _row(
            E.OPENED,
            {S.DRAFT, S.ANNOUNCED},
            S.OPEN,
            Who.CHAIR,
            Notified.ROLL,
            gettext_lazy("The roll is fixed, and those on it can read what they vote on."),
        ),
        _row(
            E.RECALLED,
            {S.OPEN},
            S.DRAFT,
            Who.CHAIR,
            Notified.GROUP,
            gettext_lazy("Only before the first vote: it is a draft again."),
        ),
        _row(
            E.EXTENDED,
            {S.OPEN},
            S.OPEN,
            Who.RULE,
            Notified.ROLL,
            gettext_lazy("Once, when the quorum is missed at the closing time."),
        ),
        _row(
            E.CLOSED,
            {S.OPEN},
            S.CLOSED,
            Who.RULE,
            Notified.CHAIRS,
            gettext_lazy("No vote counts any more; the result is computed."),
        ),
        _row(
            E.CLOSED_EARLY,
            {S.OPEN},
            S.CLOSED,
            Who.CHAIR,
            Notified.CHAIRS,
            gettext_lazy("Only when everybody on the roll has voted or stepped out."),
        ),
        _row(
            E.STATED,
            {S.CLOSED},
            S.STATED,
            Who.CHAIR_OR_RULE,
            Notified.GROUP,
            gettext_lazy("A decision is recorded, and what was decided takes effect."),
        ),
        _row(
            E.VOIDED,
            {S.DRAFT, S.ANNOUNCED, S.OPEN, S.CLOSED},
            S.VOID,
            Who.CHAIR,
            Notified.GROUP,
            gettext_lazy("It decides nothing; votes and reason stay on its page."),
        ),
    )
}


def can_happen(ballot: Ballot, event: E) -> bool:
    """Return whether the event can happen in the ballot's state."""
    return ballot.state in TRANSITIONS[event].sources


def check(ballot: Ballot, event: E) -> None:
    """Raise WrongState, with the ballot's state, unless the event can happen in it."""
    if not can_happen(ballot, event):
        message = _("Ballot B-%(number)d is “%(state)s”. Reload the page to see what you can do.")
        raise WrongState(message % {"number": ballot.number, "state": ballot.get_state_display()})


def move(ballot: Ballot, event: E) -> None:
    """Set the state that the event leads to, unsaved. Raises WrongState. The caller holds the lock."""
    check(ballot, event)
    ballot.state = TRANSITIONS[event].target
