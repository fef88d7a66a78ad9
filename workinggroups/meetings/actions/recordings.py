"""Recordings and transcripts: added only once consent is noted, and deleted on their day."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import days
from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.meetings.actions.locking import lock_meeting, refuse_cancelled
from workinggroups.meetings.choices import (
    CONSENT_MAX_CHARACTERS,
    RECORDING_MAX_DAYS,
    MeetingAct,
)
from workinggroups.meetings.models import Meeting, Recording
from workinggroups.meetings.permissions import can_delete_recording, can_keep_recording
from workinggroups.meetings.transcripts import Cue

URL_MAX_CHARACTERS = 500


@transaction.atomic
def note_consent(*, actor: Person, meeting: Meeting, consent: str, delete_on: date) -> Recording:
    """Note that those who are recorded agreed, and until which day the recording is kept.

    Raises Invalid without words or for a day that is over or too far ahead, WrongState when consent
    was already noted.
    """
    meeting = _lock(actor, meeting)
    consent = consent.strip()
    if not consent or len(consent) > CONSENT_MAX_CHARACTERS:
        raise Invalid(
            _("Say in at most %(most)d characters how those recorded agreed.")
            % {"most": CONSENT_MAX_CHARACTERS},
            "consent",
        )
    latest = days.latest_today() + timedelta(days=RECORDING_MAX_DAYS)
    if days.is_over(delete_on) or delete_on > latest:
        raise Invalid(_("Choose a day from today to a year from now."), "delete_on")
    if Recording.objects.filter(meeting=meeting).exists():
        raise WrongState(_("Consent has already been noted for this meeting."))
    recording = Recording.objects.create(
        meeting=meeting,
        consent=consent,
        noted_by=actor,
        noted_at=timezone.now(),
        delete_on=delete_on,
    )
    facts = {"delete_on": delete_on}
    record(actor, MeetingAct.RECORDING_CONSENT_NOTED, meeting, facts=facts)
    return recording


@transaction.atomic
def add_recording(*, actor: Person, meeting: Meeting, url: str) -> Recording:
    """Set the link to the recording. Raises Invalid for no web address, WrongState without consent."""
    url = url.strip()
    try:
        URLValidator(schemes=["https", "http"])(url)
    except ValidationError:
        raise Invalid(_("Enter a web address that begins with https://."), "url") from None
    if len(url) > URL_MAX_CHARACTERS:
        raise Invalid(_("This address is too long."), "url")
    meeting = _lock(actor, meeting)
    recording = _open_recording(meeting)
    recording.url = url
    _save(actor, recording, "url")
    record(actor, MeetingAct.RECORDING_ADDED, recording.meeting)
    return recording


@transaction.atomic
def add_transcript(*, actor: Person, meeting: Meeting, cues: Sequence[Cue]) -> Recording:
    """Keep the transcript, in place of an earlier one. Raises WrongState without consent."""
    meeting = _lock(actor, meeting)
    recording = _open_recording(meeting)
    recording.transcript = [list(cue) for cue in cues]
    _save(actor, recording, "transcript")
    record(actor, MeetingAct.TRANSCRIPT_ADDED, recording.meeting, facts={"lines": len(cues)})
    return recording


@transaction.atomic
def delete_recording(*, actor: Person, meeting: Meeting) -> Recording:
    """Delete link and transcript at once, such as when somebody withdraws their consent.

    Also of a meeting that was cancelled: those recorded can ask for it at any time.
    """
    meeting = lock_meeting(meeting)
    can_delete_recording.require(viewer_for(actor.pk), meeting)
    return _delete(_open_recording(meeting), actor)


def delete_due_recordings() -> int:
    """Delete the links and transcripts whose last day is over everywhere; return how many.

    Each in a transaction of its own. Two runs at once delete each once.
    """
    due = Recording.objects.filter(deleted_at=None, delete_on__lt=days.first_running())
    count = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            rows = due.select_for_update(of=("self",), skip_locked=True)
            recording = rows.select_related("meeting__group").filter(pk=pk).first()
            if recording is not None:
                _delete(recording, None)
                count += 1
    return count


def _delete(recording: Recording, actor: Person | None) -> Recording:
    had = {"link": bool(recording.url), "lines": len(recording.transcript)}
    recording.url, recording.transcript = "", []
    recording.deleted_at, recording.deleted_by = timezone.now(), actor
    recording.save(update_fields=["url", "transcript", "deleted_at", "deleted_by"])
    record(actor, MeetingAct.RECORDING_DELETED, recording.meeting, facts=had)
    return recording


def _lock(actor: Person, meeting: Meeting) -> Meeting:
    meeting = lock_meeting(meeting)
    can_keep_recording.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    return meeting


def _open_recording(meeting: Meeting) -> Recording:
    """Lock and return the recording of the locked meeting. Raises WrongState for none and a deleted one.

    The task that deletes recordings on their day locks only their own rows.
    """
    rows = Recording.objects.select_for_update(no_key=True)
    recording: Recording | None = rows.filter(meeting=meeting).first()
    if recording is None:
        raise WrongState(_("Note first that those who are recorded agreed."))
    if recording.is_deleted:
        raise WrongState(_("The recording of this meeting has been deleted."))
    recording.meeting = meeting
    return recording


def _save(actor: Person, recording: Recording, field: str) -> None:
    recording.added_by, recording.added_at = actor, timezone.now()
    recording.save(update_fields=[field, "added_by", "added_at"])
