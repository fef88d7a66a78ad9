"""Notes offered as draft minutes, withdrawn, and approved minutes unlocked.

`minutes_steps.py` has the table of states, `approval.py` the ways to approval. Each action locks the
meeting first.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.choices import CORRECTION_MAX_DAYS, MinutesRule
from workinggroups.groups.models import CharterVersion
from workinggroups.groups.queries import rules_at
from workinggroups.meetings.actions.approval import APPROVAL, cause_of, facts_of
from workinggroups.meetings.actions.corrections import add_correction
from workinggroups.meetings.actions.locking import notify_group, touch
from workinggroups.meetings.actions.minutes_steps import begin, why_not
from workinggroups.meetings.choices import (
    CORRECTION_DAYS,
    CorrectionKind,
    MeetingAct,
    MeetingState,
    MinutesState,
)
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.minutes import MinutesOffered, MinutesUnlocked


@transaction.atomic
def offer_minutes(
    *, actor: Person, meeting: Meeting, correction_days: int = CORRECTION_DAYS
) -> Meeting:
    """Make the notes draft minutes; members can ask for corrections for so many days (0: none).

    How they become final follows from the charter in force when the meeting began. Notifies the
    group. Raises Invalid for fewer days than that charter or the one in force asks for, WrongState
    before the meeting has begun, without notes, or when the minutes were already offered.
    """
    if not 0 <= correction_days <= CORRECTION_MAX_DAYS:
        message = _("Enter a number of days from 0 to %(most)d.")
        raise Invalid(message % {"most": CORRECTION_MAX_DAYS}, "correction_days")
    meeting = begin("offer", meeting, actor=actor)
    _require_notes(meeting)
    now = timezone.now()
    least = least_correction_days(meeting, now)
    if least is not None and correction_days < least:
        words = ngettext(
            "The charter asks for at least %d day.", "The charter asks for at least %d days.", least
        )
        raise Invalid(words % least, "correction_days")
    charter = charter_of(meeting)
    meeting.minutes_charter = charter
    meeting.minutes_rule = charter.minutes_rule if charter else MinutesRule.NONE
    meeting.state = MeetingState.HELD
    meeting.minutes_state = MinutesState.DRAFT
    meeting.minutes_offered_at = now
    meeting.corrections_until = now + timedelta(days=correction_days)
    touch(
        meeting, "state", "minutes_state", "minutes_offered_at", "corrections_until",
        "minutes_rule", "minutes_charter",
    )  # fmt: skip
    facts = {
        **facts_of(meeting),
        "revision": meeting.notes_count,
        "corrections_until": meeting.corrections_until,
        "rule": meeting.minutes_rule,
    }
    record(actor, MeetingAct.MINUTES_OFFERED, meeting, facts=facts)
    notify_group(MinutesOffered, meeting, actor=actor, cause=cause_of(meeting))
    return meeting


def why_not_offered(meeting: Meeting) -> str:
    """Return why nobody can offer minutes of this meeting now; "" if somebody can."""
    try:
        _require_notes(meeting)
    except WrongState as refused:
        return why_not("offer", meeting) or refused.message
    return why_not("offer", meeting)


def _require_notes(meeting: Meeting) -> None:
    if not meeting.has_begun:
        raise WrongState(_("You can offer minutes once the meeting has begun."))
    if meeting.notes_count == 0:
        raise WrongState(_("There are no notes yet. Write them first."))


def charter_of(meeting: Meeting) -> CharterVersion | None:
    """Return the charter in force when the meeting began, by which its minutes become final."""
    charters = CharterVersion.objects.filter(group=meeting.group_id)
    return charters.in_force_at(meeting.starts_at).defer("source", "html").first()


def least_correction_days(meeting: Meeting, now: datetime) -> int | None:
    """Return the days for corrections that the charters ask for: at the meeting, and now."""
    rules = (rules_at(meeting.group_id, meeting.starts_at), rules_at(meeting.group_id, now))
    days = [each.correction_days for each in rules if each.correction_days is not None]
    return max(days) if days else None


@transaction.atomic
def reopen_notes(*, actor: Person, meeting: Meeting) -> Meeting:
    """Withdraw the draft, so that all who write in the group can write the notes again."""
    meeting = begin("reopen", meeting, actor=actor)
    meeting.minutes_state = MinutesState.NONE
    meeting.corrections_until = None
    touch(meeting, "minutes_state", "corrections_until")
    facts = {**facts_of(meeting), "revision": meeting.notes_count}
    record(actor, MeetingAct.NOTES_REOPENED, meeting, facts=facts)
    return meeting


@transaction.atomic
def unlock_minutes(*, actor: Person, meeting: Meeting, reason: str) -> Meeting:
    """Make approved minutes a draft again, for the officers to change.

    The way to approval begins again: where the charter makes minutes final, or the group approves
    them at its next meeting, there is a new time for corrections. What was approved stays, with the
    reason, which is also saved as a correction. Notifies the group.
    """
    meeting = begin("unlock", meeting, actor=actor)
    add_correction(
        actor=actor, meeting=meeting, kind=CorrectionKind.NOTE, text=reason, field="reason"
    )
    before = {"revision": meeting.notes_count, "sha256": meeting.minutes_sha256}
    now = timezone.now()
    meeting.sealed_minutes.filter(unlocked_at=None).update(
        unlocked_at=now, unlocked_by=actor, unlocked_reason=reason.strip()
    )
    days = 0
    if meeting.minutes_rule != MinutesRule.NONE:
        days = least_correction_days(meeting, now) or CORRECTION_DAYS
    meeting.minutes_state = MinutesState.DRAFT
    meeting.minutes_approved_at = meeting.minutes_approved_by = None
    meeting.minutes_approved_at_meeting = None
    meeting.minutes_revision = None
    meeting.minutes_sha256 = ""
    meeting.corrections_until = now + timedelta(days=days)
    touch(meeting, *APPROVAL, "corrections_until")
    record(actor, MeetingAct.MINUTES_UNLOCKED, meeting, facts={**facts_of(meeting), **before})
    notify_group(MinutesUnlocked, meeting, actor=actor, cause=cause_of(meeting))
    return meeting
