"""What can be done in a meeting, and when: phases of a meeting by the clock, and a table of acts.

`OPEN_IN` is the whole rule. Whether somebody has the right is asked in `permissions.py`.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import WrongState
from workinggroups.groups.permissions import CONCLUDED, is_running
from workinggroups.meetings.choices import CHECK_IN_MINUTES, LIVE_HOURS, OVERRUN_MINUTES
from workinggroups.meetings.models import Meeting


class Phase(StrEnum):
    """Where a meeting is at a moment. Its group has to be known, since one that concluded is closed."""

    EARLY = "early"
    GATHERING = "gathering"  # people check in already
    RUNNING = "running"
    OVERRUN = "overrun"  # past the planned end; perhaps it still goes on
    OVER = "over"
    APPROVED = "approved"  # the minutes are
    CANCELLED = "cancelled"
    CONCLUDED = "concluded"  # the group has


class LiveAct(StrEnum):
    CHECK_IN = "check in"
    RECORD_OTHERS = "record who is present"
    ADD_GUESTS = "add guests"
    CLAIM = "say that one was there"
    ANSWER_CLAIM = "confirm or decline that someone was there"
    SHOW_COMPETITION_LAW = "record that the notice of competition law was shown"
    SPEAK = "ask to speak, and call speakers"
    RUN_AGENDA = "begin and end items of the agenda"


_LIVE = frozenset({Phase.RUNNING, Phase.OVERRUN})
_FROM_BEGIN = _LIVE | {Phase.OVER}

OPEN_IN: dict[LiveAct, frozenset[Phase]] = {
    LiveAct.CHECK_IN: frozenset({Phase.GATHERING, Phase.RUNNING}),
    LiveAct.RECORD_OTHERS: _FROM_BEGIN,
    LiveAct.ADD_GUESTS: _FROM_BEGIN | {Phase.GATHERING},
    LiveAct.CLAIM: frozenset({Phase.OVERRUN, Phase.OVER}),
    LiveAct.ANSWER_CLAIM: frozenset({Phase.OVERRUN, Phase.OVER}),
    LiveAct.SHOW_COMPETITION_LAW: _LIVE | {Phase.GATHERING},
    LiveAct.SPEAK: _LIVE,
    LiveAct.RUN_AGENDA: _LIVE,
}

_REFUSALS: dict[Phase, str | Promise] = {
    Phase.CANCELLED: gettext_lazy("This meeting was cancelled. Schedule another one instead."),
    Phase.CONCLUDED: CONCLUDED,
    Phase.APPROVED: gettext_lazy(
        "The minutes of this meeting have been approved and cannot be changed. A chair can unlock "
        "them or add a dated correction."
    ),
    Phase.GATHERING: gettext_lazy("The meeting has not begun yet. Try again once it has."),
    Phase.OVER: gettext_lazy("This meeting is over."),
}


def phase_of(meeting: Meeting, now: datetime | None = None) -> Phase:
    """Return the phase at this moment, by default now. No query if the meeting's group is loaded."""
    now = now or timezone.now()
    if meeting.is_cancelled:
        return Phase.CANCELLED
    if not is_running(meeting.group):
        return Phase.CONCLUDED
    if meeting.is_approved:
        return Phase.APPROVED
    if now < meeting.starts_at - timedelta(minutes=CHECK_IN_MINUTES):
        return Phase.EARLY
    if now < meeting.starts_at:
        return Phase.GATHERING
    if now < meeting.ends_at:
        return Phase.RUNNING
    # What was entered afterwards was over when it got here.
    if meeting.is_entered_afterwards or now >= overrun_ends_at(meeting):
        return Phase.OVER
    return Phase.OVERRUN


def overrun_ends_at(meeting: Meeting) -> datetime:
    return meeting.ends_at + timedelta(minutes=OVERRUN_MINUTES)


def is_open(act: LiveAct, meeting: Meeting) -> bool:
    return phase_of(meeting) in OPEN_IN[act]


def require_open(act: LiveAct, meeting: Meeting) -> None:
    """Raise WrongState with what to do instead where the meeting's phase does not allow the act."""
    phase = phase_of(meeting)
    if phase not in OPEN_IN[act]:
        raise WrongState(_refusal(act, phase))


def is_live_page_linked(meeting: Meeting) -> bool:
    """Tell whether the page "In the meeting" is there: from the check-in until a day after the end."""
    phase = phase_of(meeting)
    if phase in {Phase.GATHERING, Phase.RUNNING, Phase.OVERRUN}:
        return True
    until = meeting.ends_at + timedelta(hours=LIVE_HOURS)
    return phase == Phase.OVER and not meeting.is_entered_afterwards and timezone.now() < until


def _refusal(act: LiveAct, phase: Phase) -> str:
    if phase == Phase.EARLY:
        return _("It is too early. This opens %(minutes)d minutes before the meeting begins.") % {
            "minutes": CHECK_IN_MINUTES
        }
    if act == LiveAct.CHECK_IN and phase in OPEN_IN[LiveAct.CLAIM]:
        return _(
            "This meeting is over. Say that you were there, and the chairs or the secretary confirm it."
        )
    if act in {LiveAct.CLAIM, LiveAct.ANSWER_CLAIM} and phase == Phase.RUNNING:
        return _("The meeting is still going on. Check in instead.")
    return str(_REFUSALS[phase])
