"""The way of minutes as a table: what can happen to them in which state, by whom, and who hears of it.

The charter in force when the meeting began says who approves a draft (`MinutesRule`): a chair, the
group at its next meeting, or nobody, since it becomes final by itself. docs/adr/0038 says why.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer, viewer_for
from common.access.rules import Rule
from common.errors import WrongState
from members.people.models import Person
from workinggroups.groups.choices import MinutesRule
from workinggroups.groups.permissions import is_running
from workinggroups.meetings import permissions
from workinggroups.meetings.actions.locking import lock_meeting, refuse_cancelled
from workinggroups.meetings.choices import MinutesState
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.corrections import (
    CorrectionAnswered,
    CorrectionNotification,
    CorrectionRequested,
)
from workinggroups.meetings.notifications.meetings import MeetingNotification
from workinggroups.meetings.notifications.minutes import (
    MinutesApproved,
    MinutesOffered,
    MinutesUnlocked,
)
from workinggroups.meetings.queries.minutes import is_final_by_rule

NONE, DRAFT, APPROVED = MinutesState.NONE, MinutesState.DRAFT, MinutesState.APPROVED


@dataclass(frozen=True)
class Step:
    """From which state a step leads to which, who takes it, and what is notified.

    `rules` are the ways of becoming final for which the step exists, None for all. `allowed` is None
    for the step that the charter takes by itself.
    """

    start: MinutesState
    end: MinutesState
    allowed: Rule[[Viewer, Meeting]] | None
    notified: type[MeetingNotification | CorrectionNotification] | None = None
    rules: frozenset[str] | None = None


STEPS: dict[str, Step] = {
    "offer": Step(NONE, DRAFT, permissions.can_offer_minutes, MinutesOffered),
    "reopen": Step(DRAFT, NONE, permissions.can_offer_minutes),
    "ask": Step(DRAFT, DRAFT, permissions.can_ask_for_correction, CorrectionRequested),
    "answer": Step(DRAFT, DRAFT, permissions.can_answer_correction, CorrectionAnswered),
    "approve": Step(
        DRAFT,
        APPROVED,
        permissions.can_approve_minutes,
        MinutesApproved,
        frozenset({MinutesRule.NONE}),
    ),
    "approve_at": Step(
        DRAFT,
        APPROVED,
        permissions.can_record_approval,
        MinutesApproved,
        frozenset({MinutesRule.NEXT_MEETING}),
    ),
    "become_final": Step(DRAFT, APPROVED, None, MinutesApproved, frozenset({MinutesRule.BY_RULE})),
    "note": Step(APPROVED, APPROVED, permissions.can_correct_minutes),
    "unlock": Step(APPROVED, DRAFT, permissions.can_unlock_minutes, MinutesUnlocked),
}

# What a draft waits for instead, by the rule of its charter.
_WAITS_FOR: dict[str, str | Promise] = {
    MinutesRule.NONE: gettext_lazy("A chair approves these minutes. No rule of the charter does."),
    MinutesRule.BY_RULE: gettext_lazy(
        "By the charter, these minutes become final by themselves after the time for corrections, "
        "once every correction that was asked for in time has an answer."
    ),
    MinutesRule.NEXT_MEETING: gettext_lazy(
        "By the charter, the group approves these minutes at a later meeting. Record it once that "
        "meeting has taken place."
    ),
}


def begin(name: str, meeting: Meeting, *, actor: Person | None) -> Meeting:
    """Lock the meeting and return it as it is now, if this step can be taken.

    Raises NotAllowed for the actor's role, then WrongState for the state of the minutes or for a rule
    of the charter that has another way. `actor` is None for the charter's own step.
    """
    step = STEPS[name]
    meeting = lock_meeting(meeting)
    if step.allowed is not None:
        assert actor is not None
        step.allowed.require(viewer_for(actor.pk), meeting)
    _require(name, meeting)
    return meeting


def why_not(name: str, meeting: Meeting) -> str:
    """Return why nobody can take this step now, as `begin` would say it; "" if somebody can.

    For pages, which show these words in place of a form that would be refused.
    """
    try:
        _require(name, meeting)
    except WrongState as refused:
        return refused.message
    return ""


def _require(name: str, meeting: Meeting) -> None:
    """Raise WrongState unless the meeting, its minutes and its charter have this step now."""
    refuse_cancelled(meeting)
    _require_state(STEPS[name], meeting)
    if not follows_charter(name, meeting):
        raise WrongState(str(_WAITS_FOR[meeting.minutes_rule]))


def follows_charter(name: str, meeting: Meeting) -> bool:
    """Tell whether the charter of this meeting has this step.

    A group that has concluded meets no more, so a chair approves what its next meeting would have.
    """
    rules = STEPS[name].rules
    if rules is None or meeting.minutes_rule in rules:
        return True
    return (
        name == "approve"
        and meeting.minutes_rule == MinutesRule.NEXT_MEETING
        and not is_running(meeting.group)
    )


def _require_state(step: Step, meeting: Meeting) -> None:
    state = meeting.minutes_state
    if state == DRAFT and step.allowed is not None and is_final_by_rule(meeting):
        # The periodic task approves them within a minute; until then nothing changes them either.
        state = APPROVED
    if state == step.start:
        return
    if step.start == APPROVED:
        raise WrongState(_("These minutes have not been approved yet."))
    if state == APPROVED:
        raise WrongState(_("These minutes have already been approved."))
    if state == NONE:
        raise WrongState(_("The notes have not been offered as minutes yet."))
    raise WrongState(_("These minutes have already been offered."))
