"""Who can do what with a meeting. Source of the rules: docs/permissions.md, meetings and notes.

These rules check rights only; the actions check the state of the meeting.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.rules import rule
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting, NotesConflict

OFFICERS_ONLY = _("Only the chairs and the secretary of the group can do this.")
CHAIRS_ONLY = _("Only the chairs of the group can do this.")
WRITERS_ONLY = _("Only participants of the group can write its notes.")


@rule(OFFICERS_ONLY)
def can_plan_meeting(viewer: Viewer, group: Group) -> bool:
    return viewer.is_officer(group.pk)


@rule(OFFICERS_ONLY)
def can_edit_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Move or cancel the meeting, write and post its agenda."""
    return viewer.is_officer(meeting.group_id)


@rule(_("Only people who take part in the group can say whether they are coming."))
def can_answer_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Say whether the viewer is coming: everybody with a seat, observers too."""
    seat = viewer.seats.get(meeting.group_id)
    return bool(seat and not seat.read_only)


@rule(OFFICERS_ONLY)
def can_record_attendance(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_officer(meeting.group_id)


@rule(
    _("Only the chairs, the secretary and people who write the notes can add files to a meeting.")
)
def can_attach_to_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Add files, such as the pictures in the notes."""
    return can_write_notes(viewer, meeting) or can_edit_meeting(viewer, meeting)


def _why_not_write(viewer: Viewer, meeting: Meeting) -> Promise:
    """Return why this viewer cannot write the notes: their role, or the state of the notes."""
    if meeting.has_open_notes:
        return WRITERS_ONLY
    if meeting.is_cancelled:
        return _("This meeting was cancelled, so its notes can no longer change.")
    return _(
        "The notes have been offered as minutes, so only the chairs and the secretary can change "
        "them. Participants can ask for a correction."
    )


@rule(_why_not_write)
def can_write_notes(viewer: Viewer, meeting: Meeting) -> bool:
    """Everybody who writes in the group while the notes are open, then only its officers."""
    if meeting.has_open_notes:
        return viewer.may_write(meeting.group_id)
    return viewer.is_officer(meeting.group_id)


@rule(_("Only the person who wrote this text can choose what happens to it."))
def can_settle_text(viewer: Viewer, conflict: NotesConflict) -> bool:
    return viewer.person_id == conflict.author_id


@rule(CHAIRS_ONLY)
def can_restore_notes(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_chair(meeting.group_id)


@rule(OFFICERS_ONLY)
def can_offer_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Offer the notes as draft minutes, and withdraw the draft."""
    return viewer.is_officer(meeting.group_id)


@rule(_("Only participants of the group can ask for corrections."))
def can_ask_for_correction(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.may_write(meeting.group_id)


@rule(_("Only the people of the group can see its recordings."))
def can_read_recording(viewer: Viewer, meeting: Meeting) -> bool:
    """See the recording and the transcript: narrower than the minutes, since they are people's voices."""
    return viewer.read_level(meeting.group_id) >= Level.MEMBERS


@rule(OFFICERS_ONLY)
def can_keep_recording(viewer: Viewer, meeting: Meeting) -> bool:
    """Note the consent to a recording, add it, and delete it."""
    return viewer.is_officer(meeting.group_id)


@rule(OFFICERS_ONLY)
def can_answer_correction(viewer: Viewer, meeting: Meeting) -> bool:
    """Take up or decline a correction that somebody asked for."""
    return viewer.is_officer(meeting.group_id)


@rule(OFFICERS_ONLY)
def can_record_approval(viewer: Viewer, meeting: Meeting) -> bool:
    """Record that the group approved the minutes at a later meeting."""
    return viewer.is_officer(meeting.group_id)


@rule(CHAIRS_ONLY)
def can_approve_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_chair(meeting.group_id)


@rule(CHAIRS_ONLY)
def can_correct_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Add a dated correction to approved minutes."""
    return viewer.is_chair(meeting.group_id)


@rule(CHAIRS_ONLY)
def can_unlock_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Make approved minutes a draft again."""
    return viewer.is_chair(meeting.group_id)
