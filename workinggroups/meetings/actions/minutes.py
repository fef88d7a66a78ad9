"""From notes to minutes: offered as a draft, corrected, approved. Later corrections are added."""

from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.choices import CORRECTION_MAX_DAYS
from workinggroups.groups.models import Seat
from workinggroups.groups.queries import rules_at
from workinggroups.meetings.actions.locking import (
    lock_meeting,
    notify_group,
    refuse_cancelled,
    touch,
)
from workinggroups.meetings.choices import (
    CORRECTION_DAYS,
    CorrectionKind,
    MeetingAct,
    MeetingState,
    MinutesState,
)
from workinggroups.meetings.models import Correction, Meeting, NotesRevision
from workinggroups.meetings.notifications.minutes import MinutesApproved, MinutesOffered
from workinggroups.meetings.permissions import (
    can_approve_minutes,
    can_ask_for_correction,
    can_correct_minutes,
    can_offer_minutes,
    can_unlock_minutes,
)


def checksum(revision: NotesRevision) -> str:
    """Return the SHA-256 of the source in UTF-8, in hexadecimal, for the record."""
    return sha256(revision.source.encode()).hexdigest()


@transaction.atomic
def offer_minutes(
    *, actor: Person, meeting: Meeting, correction_days: int = CORRECTION_DAYS
) -> Meeting:
    """Make the notes draft minutes; members can ask for corrections for so many days (0: none).

    Notifies the group. Raises Invalid for fewer days than the charter in force asks for, WrongState
    before the meeting has begun, without notes, or when the minutes were already offered.
    """
    if not 0 <= correction_days <= CORRECTION_MAX_DAYS:
        message = _("Enter a number of days from 0 to %(most)d.")
        raise Invalid(message % {"most": CORRECTION_MAX_DAYS}, "correction_days")
    meeting = lock_meeting(meeting)
    can_offer_minutes.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    if not meeting.has_begun:
        raise WrongState(_("You can offer minutes once the meeting has begun."))
    if meeting.minutes_state != MinutesState.NONE:
        raise WrongState(_("These minutes have already been offered."))
    if meeting.notes_count == 0:
        raise WrongState(_("There are no notes yet. Write them first."))
    now = timezone.now()
    least = rules_at(meeting.group_id, now).correction_days
    if least is not None and correction_days < least:
        words = ngettext(
            "The charter asks for at least %d day.", "The charter asks for at least %d days.", least
        )
        raise Invalid(words % least, "correction_days")
    meeting.state = MeetingState.HELD
    meeting.minutes_state = MinutesState.DRAFT
    meeting.minutes_offered_at = now
    meeting.corrections_until = now + timedelta(days=correction_days)
    touch(meeting, "state", "minutes_state", "minutes_offered_at", "corrections_until")
    facts = {**_facts(meeting), "revision": meeting.notes_count}
    record(actor, MeetingAct.MINUTES_OFFERED, meeting, facts=facts)
    notify_group(MinutesOffered, meeting, actor=actor, cause=f"{meeting.uuid}:{meeting.version}")
    return meeting


@transaction.atomic
def reopen_notes(*, actor: Person, meeting: Meeting) -> Meeting:
    """Withdraw the draft, so that all who write in the group can write the notes again."""
    meeting = lock_meeting(meeting)
    can_offer_minutes.require(viewer_for(actor.pk), meeting)
    _require_draft(meeting)
    meeting.minutes_state = MinutesState.NONE
    meeting.corrections_until = None
    touch(meeting, "minutes_state", "corrections_until")
    facts = {**_facts(meeting), "revision": meeting.notes_count}
    record(actor, MeetingAct.NOTES_REOPENED, meeting, facts=facts)
    return meeting


@transaction.atomic
def approve_minutes(*, actor: Person, meeting: Meeting, seen: int) -> Meeting:
    """Approve the revision `seen` as the minutes and close them; the record keeps its checksum.

    Notifies the group. Raises Conflict when there is a later revision, WrongState during the time
    for corrections or when the minutes are no draft. Locks the meeting, so that of two approvals
    one takes effect and the other is refused.
    """
    meeting = lock_meeting(meeting)
    can_approve_minutes.require(viewer_for(actor.pk), meeting)
    _require_draft(meeting)
    now = timezone.now()
    if meeting.takes_corrections:
        raise WrongState(
            _("Participants can still ask for corrections. Approve the minutes after that.")
        )
    if seen != meeting.notes_count:
        raise Conflict(
            _("The text was changed in the meantime. Read the latest text, then approve it.")
        )
    revision = meeting.notes.get(number=seen)
    meeting.minutes_state = MinutesState.APPROVED
    meeting.minutes_approved_at = now
    meeting.minutes_approved_by = actor
    meeting.minutes_revision = revision
    meeting.minutes_sha256 = checksum(revision)
    touch(
        meeting, "minutes_state", "minutes_approved_at", "minutes_approved_by", "minutes_revision",
        "minutes_sha256",
    )  # fmt: skip
    facts = {**_facts(meeting), "revision": revision.number, "sha256": meeting.minutes_sha256}
    record(actor, MeetingAct.MINUTES_APPROVED, meeting, facts=facts)
    notify_group(MinutesApproved, meeting, actor=actor, cause=f"{meeting.uuid}:{meeting.version}")
    return meeting


@transaction.atomic
def unlock_minutes(*, actor: Person, meeting: Meeting, reason: str) -> Meeting:
    """Make approved minutes a draft again, for the officers to change and a chair to approve.

    The record keeps the checksum of what was approved. The reason is saved as a correction.
    """
    meeting = lock_meeting(meeting)
    can_unlock_minutes.require(viewer_for(actor.pk), meeting)
    _require_approved(meeting)
    _add_correction(actor, meeting, CorrectionKind.NOTE, reason, "reason")
    before = {"revision": meeting.notes_count, "sha256": meeting.minutes_sha256}
    meeting.minutes_state = MinutesState.DRAFT
    meeting.minutes_approved_at = meeting.minutes_approved_by = None
    meeting.minutes_revision = None
    meeting.minutes_sha256 = ""
    meeting.corrections_until = timezone.now()
    touch(
        meeting, "minutes_state", "minutes_approved_at", "minutes_approved_by", "minutes_revision",
        "minutes_sha256", "corrections_until",
    )  # fmt: skip
    record(actor, MeetingAct.MINUTES_UNLOCKED, meeting, facts={**_facts(meeting), **before})
    return meeting


@transaction.atomic
def ask_for_correction(*, actor: Person, meeting: Meeting, text: str) -> Correction:
    """Add the actor's correction below the draft, for the officers to answer."""
    meeting = lock_meeting(meeting)
    can_ask_for_correction.require(viewer_for(actor.pk), meeting)
    _require_draft(meeting)
    return _add_correction(actor, meeting, CorrectionKind.ASKED, text, "text")


@transaction.atomic
def note_correction(*, actor: Person, meeting: Meeting, text: str) -> Correction:
    """Add a dated correction below the approved minutes, whose text stays as it was."""
    meeting = lock_meeting(meeting)
    can_correct_minutes.require(viewer_for(actor.pk), meeting)
    _require_approved(meeting)
    correction = _add_correction(actor, meeting, CorrectionKind.NOTE, text, "text")
    facts = {**_facts(meeting), "correction": correction.uuid}
    record(actor, MeetingAct.MINUTES_CORRECTED, meeting, facts=facts)
    return correction


def _add_correction(
    actor: Person, meeting: Meeting, kind: CorrectionKind, text: str, field: str
) -> Correction:
    if not text.strip():
        raise Invalid(_("Describe what should be corrected."), field)
    seat = Seat.objects.filter(group=meeting.group_id, person=actor).first()
    correction = Correction.objects.create(
        meeting=meeting,
        kind=kind,
        author=actor,
        organization_id=seat.organization_id if seat else None,
        text=text.strip(),
    )
    touch(meeting)
    return correction


def _require_draft(meeting: Meeting) -> None:
    refuse_cancelled(meeting)
    if meeting.minutes_state == MinutesState.NONE:
        raise WrongState(_("The notes have not been offered as minutes yet."))
    if meeting.is_approved:
        raise WrongState(_("These minutes have already been approved."))


def _require_approved(meeting: Meeting) -> None:
    if not meeting.is_approved:
        raise WrongState(_("These minutes have not been approved yet."))


def _facts(meeting: Meeting) -> dict[str, object]:
    return {"group": meeting.group.uuid, "number": meeting.number}
