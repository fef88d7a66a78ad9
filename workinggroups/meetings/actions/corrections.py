"""Corrections to minutes: asked for in the draft and answered, or noted after approval."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.models import Seat
from workinggroups.meetings.actions.approval import make_final
from workinggroups.meetings.actions.locking import touch
from workinggroups.meetings.actions.minutes_steps import begin
from workinggroups.meetings.choices import (
    CORRECTION_MAX_CHARACTERS,
    CorrectionAnswer,
    CorrectionKind,
    MeetingAct,
)
from workinggroups.meetings.models import Correction, Meeting
from workinggroups.meetings.notifications.corrections import (
    CorrectionAnswered,
    CorrectionNotification,
    CorrectionRequested,
)

# Of one meeting, so many requests can wait for an answer at once.
OPEN_MAX = 100


@transaction.atomic
def ask_for_correction(*, actor: Person, meeting: Meeting, text: str) -> Correction:
    """Add the actor's correction below the draft; notify the officers, who answer it.

    One asked for after the end of the time for corrections says so, and delays nothing.
    """
    meeting = begin("ask", meeting, actor=actor)
    if meeting.corrections.unanswered().count() >= OPEN_MAX:
        raise WrongState(
            _("Too many requests wait for an answer. Ask again once some of them are answered.")
        )
    correction = add_correction(
        actor=actor, meeting=meeting, kind=CorrectionKind.ASKED, text=text, field="text"
    )
    _notify(CorrectionRequested, meeting, correction, actor)
    return correction


@transaction.atomic
def answer_correction(
    *, actor: Person, correction: Correction, answer: str, note: str = ""
) -> Correction:
    """Say that the correction was taken up or declined, with a note; notify who asked for it.

    Declining needs a reason. An answer stands. Where it was the last one for which the charter's rule
    waited, the minutes become final with it. Raises Invalid and WrongState.
    """
    meeting = begin("answer", correction.meeting, actor=actor)
    correction = meeting.corrections.select_related("author").get(pk=correction.pk)
    if not correction.is_asked:
        raise WrongState(_("This is a note of a chair and needs no answer."))
    if not correction.is_open:
        raise WrongState(_("This request has already been answered."))
    if answer not in {CorrectionAnswer.TAKEN_UP, CorrectionAnswer.DECLINED}:
        raise Invalid(_("Choose “Taken up” or “Declined”."), "answer")
    note = note.strip()
    if answer == CorrectionAnswer.DECLINED and not note:
        raise Invalid(_("Give a reason. The person who asked reads it."), "note")
    if len(note) > CORRECTION_MAX_CHARACTERS:
        message = _("Enter at most %(most)d characters.")
        raise Invalid(message % {"most": CORRECTION_MAX_CHARACTERS}, "note")
    correction.answer, correction.answer_note = answer, note
    correction.answered_by, correction.answered_at = actor, timezone.now()
    correction.save(update_fields=["answer", "answer_note", "answered_by", "answered_at"])
    touch(meeting)
    facts = {"correction": correction.uuid, "answer": answer, "revision": meeting.notes_count}
    record(actor, MeetingAct.CORRECTION_ANSWERED, meeting, facts=facts)
    _notify(CorrectionAnswered, meeting, correction, actor)
    make_final(meeting)
    return correction


@transaction.atomic
def note_correction(*, actor: Person, meeting: Meeting, text: str) -> Correction:
    """Add a dated correction below the approved minutes, whose text stays as it was."""
    meeting = begin("note", meeting, actor=actor)
    correction = add_correction(
        actor=actor, meeting=meeting, kind=CorrectionKind.NOTE, text=text, field="text"
    )
    facts = {
        "group": meeting.group.uuid,
        "number": meeting.number,
        "correction": correction.uuid,
    }
    record(actor, MeetingAct.MINUTES_CORRECTED, meeting, facts=facts)
    return correction


def add_correction(
    *, actor: Person, meeting: Meeting, kind: CorrectionKind, text: str, field: str
) -> Correction:
    """Add the correction in the name of the actor's organization. Raises Invalid without words."""
    if not text.strip():
        raise Invalid(_("Describe what should be corrected."), field)
    if len(text) > CORRECTION_MAX_CHARACTERS:
        message = _("Enter at most %(most)d characters.")
        raise Invalid(message % {"most": CORRECTION_MAX_CHARACTERS}, field)
    seat = Seat.objects.filter(group=meeting.group_id, person=actor).first()
    correction = Correction.objects.create(
        meeting=meeting,
        kind=kind,
        author=actor,
        organization_id=seat.organization_id if seat else None,
        text=text.strip(),
        created_at=timezone.now(),
        in_time=kind == CorrectionKind.ASKED and meeting.takes_corrections,
    )
    touch(meeting)
    return correction


def _notify(
    type_: type[CorrectionNotification], meeting: Meeting, correction: Correction, actor: Person
) -> None:
    notification = type_(group=meeting.group_id, correction=correction.pk)
    notify(notification, cause=correction.uuid, actor=actor, scope_uuid=meeting.group.uuid)
