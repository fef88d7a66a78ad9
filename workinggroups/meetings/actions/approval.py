"""Draft minutes become the minutes: by a chair, by the group at a later meeting, or by the charter.

What was approved is sealed: text, roll and decisions, with a checksum in the record.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.meetings.actions.locking import notify_group, touch
from workinggroups.meetings.actions.minutes_steps import begin
from workinggroups.meetings.choices import MeetingAct, MinutesState
from workinggroups.meetings.models import Meeting, NotesRevision, SealedMinutes
from workinggroups.meetings.notifications.minutes import MinutesApproved
from workinggroups.meetings.queries.minutes import final_by_rule, final_since, is_final_by_rule
from workinggroups.meetings.sealing import seal_of

logger = logging.getLogger(__name__)

APPROVAL = (
    "minutes_state", "minutes_approved_at", "minutes_approved_by", "minutes_approved_at_meeting",
    "minutes_revision", "minutes_sha256",
)  # fmt: skip


@transaction.atomic
def approve_minutes(*, actor: Person, meeting: Meeting, seen: int) -> Meeting:
    """Approve the revision `seen` as the minutes, as a chair, where no rule of the charter does.

    Notifies the group. Raises Conflict when there is a later revision, WrongState during the time
    for corrections or when the minutes are no draft. Of two approvals at once one takes effect and
    the other is refused.
    """
    meeting = begin("approve", meeting, actor=actor)
    revision = _require_seen(meeting, seen)
    return _seal(meeting, revision, actor=actor, at=timezone.now())


@transaction.atomic
def approve_at_meeting(*, actor: Person, meeting: Meeting, at: Meeting, seen: int) -> Meeting:
    """Record that the group approved the revision `seen` at the later meeting `at`.

    Notifies the group. Raises Invalid for a meeting at which that cannot have been, and otherwise as
    `approve_minutes`; WrongState also while a correction asked for in time has no answer.
    """
    meeting = begin("approve_at", meeting, actor=actor)
    if (
        at.group_id != meeting.group_id
        or at.is_cancelled
        or not at.has_begun
        or at.starts_at <= meeting.starts_at
    ):
        raise Invalid(_("Choose a later meeting of the group that has begun."), "at")
    revision = _require_seen(meeting, seen)
    if meeting.corrections.delaying().exists():
        raise WrongState(
            _("A requested correction has no answer yet. Answer it, then record the approval.")
        )
    return _seal(meeting, revision, actor=actor, at=timezone.now(), at_meeting=at)


@transaction.atomic
def make_final(meeting: Meeting) -> Meeting | None:
    """Make the draft the minutes if the charter says so now; None if not, or somebody else did.

    The approver is the rule of the charter and no person. The moment is the one at which the rule's
    conditions were met; nothing could change since. Notifies the group.
    """
    try:
        meeting = begin("become_final", meeting, actor=None)
    except WrongState:
        return None
    if not is_final_by_rule(meeting):
        return None
    revision = meeting.notes.get(number=meeting.notes_count)
    return _seal(meeting, revision, actor=None, at=final_since(meeting))


def make_due_final() -> int:
    """Make all drafts final whose charter says so now; return how many.

    Each in a transaction of its own, so that one that fails holds up no other. Two runs at once make
    each final once.
    """
    count = 0
    for meeting in final_by_rule().order_by("corrections_until", "pk").only("pk"):
        try:
            count += make_final(meeting) is not None
        except Exception:
            logger.exception("Minutes could not be made final: meeting %s", meeting.pk)
    return count


def _require_seen(meeting: Meeting, seen: int) -> NotesRevision:
    """Return the latest revision, if it is the one the actor has seen and corrections are over."""
    if meeting.takes_corrections:
        raise WrongState(
            _("Participants can still ask for corrections. Approve the minutes after that.")
        )
    if seen != meeting.notes_count:
        raise Conflict(
            _("The text was changed in the meantime. Read the latest text, then approve it.")
        )
    return meeting.notes.get(number=seen)


def _seal(
    meeting: Meeting,
    revision: NotesRevision,
    *,
    actor: Person | None,
    at: datetime,
    at_meeting: Meeting | None = None,
) -> Meeting:
    """Seal the revision, the roll and the decisions as the minutes; record it, notify the group."""
    seal = seal_of(meeting, revision)
    number = meeting.sealed_minutes.count() + 1
    SealedMinutes.objects.create(
        meeting=meeting,
        number=number,
        revision=revision,
        sealed_at=at,
        approved_by=actor,
        **seal._asdict(),
    )
    meeting.minutes_state = MinutesState.APPROVED
    meeting.minutes_approved_at = at
    meeting.minutes_approved_by = actor
    meeting.minutes_approved_at_meeting = at_meeting
    meeting.minutes_revision = revision
    meeting.minutes_sha256 = seal.sha256
    touch(meeting, *APPROVAL)
    facts = {
        **facts_of(meeting),
        "revision": revision.number,
        "form": seal.form,
        "sha256": seal.sha256,
        "rule": meeting.minutes_rule,
        "charter": meeting.minutes_charter.uuid if meeting.minutes_charter else None,
        "at_meeting": at_meeting.uuid if at_meeting else None,
        "final_at": at,
    }
    record(actor, MeetingAct.MINUTES_APPROVED, meeting, facts=facts)
    notify_group(MinutesApproved, meeting, actor=actor, cause=cause_of(meeting))
    return meeting


def cause_of(meeting: Meeting) -> str:
    """Return what distinguishes a notification about this version of the meeting from others."""
    return f"{meeting.uuid}:{meeting.version}"


def facts_of(meeting: Meeting) -> dict[str, object]:
    """Return what the record says of the meeting with each step of its minutes."""
    return {"group": meeting.group.uuid, "number": meeting.number}
