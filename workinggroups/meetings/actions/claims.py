""" "I was there": a person says so after the meeting, and an officer confirms or declines it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from notifications.actions import notify
from workinggroups.meetings.actions.live import changed, hold, lock_for
from workinggroups.meetings.choices import (
    CLAIM_NOTE_MAX_CHARACTERS,
    AttendanceState,
    ClaimState,
    MeetingAct,
    PresenceSource,
)
from workinggroups.meetings.models import Attendance, AttendanceClaim, Meeting
from workinggroups.meetings.notifications.claims import AttendanceClaimed, ClaimAnswered
from workinggroups.meetings.permissions import can_answer_claims, can_claim_attendance
from workinggroups.meetings.phases import LiveAct


@transaction.atomic
def claim_attendance(*, actor: Person, meeting: Meeting) -> AttendanceClaim:
    """Say that the actor was there; the officers are notified, once for all that wait.

    From the planned end until the minutes are approved. Returns the same claim when it was said
    before. Raises WrongState for someone who is recorded as present. Locks the meeting.
    """
    meeting = lock_for(LiveAct.CLAIM, actor=actor, meeting=meeting, rule=can_claim_attendance)
    earlier = meeting.claims.filter(person=actor).first()
    if earlier is not None:
        return earlier
    if meeting.attendance.present().filter(person=actor).exists():
        raise WrongState(_("You are already recorded as present."))
    is_first = not meeting.claims.filter(state=ClaimState.OPEN).exists()
    claim = AttendanceClaim.objects.create(
        meeting=meeting,
        person=actor,
        organization_id=viewer_for(actor.pk).seats[meeting.group_id].organization_id,
    )
    changed(meeting)
    if is_first:
        claimed = AttendanceClaimed(group=meeting.group_id, meeting=str(meeting.uuid))
        notify(claimed, cause=claim.uuid, actor=actor, scope_uuid=meeting.group.uuid)
    return claim


@transaction.atomic
def answer_claim(
    *, actor: Person, claim: AttendanceClaim, is_confirmed: bool, note: str = ""
) -> AttendanceClaim:
    """Confirm that the person was there, or decline it with a note; the person is notified.

    Raises Invalid when it is declined without a note, WrongState when it was answered already.
    Locks the meeting.
    """
    note = note.strip()
    if not is_confirmed and not note:
        raise Invalid(_("Say why you decline. The person reads it."), "note")
    if len(note) > CLAIM_NOTE_MAX_CHARACTERS:
        message = _("Use at most %(most)d characters.")
        raise Invalid(message % {"most": CLAIM_NOTE_MAX_CHARACTERS}, "note")
    meeting = lock_for(
        LiveAct.ANSWER_CLAIM, actor=actor, meeting=claim.meeting, rule=can_answer_claims
    )
    claim = AttendanceClaim.objects.select_related("person").get(pk=claim.pk)
    if not claim.is_open:
        raise WrongState(_("Someone has answered this in the meantime."))
    if claim.person_id == actor.pk:
        raise WrongState(
            _(
                "You cannot answer this about yourself. Record your attendance with that of the others."
            )
        )
    claim.state = ClaimState.CONFIRMED if is_confirmed else ClaimState.DECLINED
    claim.note = "" if is_confirmed else note
    claim.answered_at, claim.answered_by = timezone.now(), actor
    claim.save(update_fields=["state", "note", "answered_at", "answered_by"])
    if is_confirmed:
        _record_presence(claim)
        record(actor, MeetingAct.CLAIM_CONFIRMED, meeting, facts={"person": claim.person.uuid})
        hold(meeting)
    else:
        changed(meeting)
    answered = ClaimAnswered(group=meeting.group_id, claim=str(claim.uuid))
    notify(answered, cause=claim.uuid, actor=actor, scope_uuid=meeting.group.uuid)
    return claim


def _record_presence(claim: AttendanceClaim) -> None:
    """Record the person as present, unless that was done in the meantime."""
    row = Attendance.objects.filter(meeting=claim.meeting_id, person=claim.person_id).first()
    if row is not None and row.state == AttendanceState.PRESENT:
        return
    Attendance.objects.update_or_create(
        meeting_id=claim.meeting_id,
        person_id=claim.person_id,
        defaults={
            "state": AttendanceState.PRESENT,
            "how": PresenceSource.CLAIM,
            "organization_id": claim.organization_id,
            "checked_in_at": None,
            "changed_at": timezone.now(),
        },
    )
