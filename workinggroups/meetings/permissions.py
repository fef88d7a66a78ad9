"""Who may do what with a meeting. Source of the rules: docs/permissions.md, meetings and notes.

These ask rights only; whether the meeting is in a state for it is the action's question.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting, NotesConflict

OFFICERS_ONLY = _("The chairs and the secretary of the group do this.")
CHAIRS_ONLY = _("The chairs of the group do this.")
WRITERS_ONLY = _("Participants of the group write its notes; observers and visitors read them.")


# --- the meeting ---------------------------------------------------------------------------------


@rule(OFFICERS_ONLY)
def can_plan_meeting(viewer: Viewer, group: Group) -> bool:
    return viewer.is_officer(group.pk)


@rule(OFFICERS_ONLY)
def can_edit_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Moves, cancels, writes and posts the agenda."""
    return viewer.is_officer(meeting.group_id)


@rule(_("People who take part in the group say whether they come."))
def can_answer_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Everybody with a seat says for itself whether it comes; observers come and listen."""
    seat = viewer.seats.get(meeting.group_id)
    return bool(seat and not seat.read_only)


@rule(OFFICERS_ONLY)
def can_record_attendance(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_officer(meeting.group_id)


@rule(_("Files of a meeting are added by those who write its notes, its chairs and its secretary."))
def can_attach_to_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Whoever writes the notes brings the pictures in them."""
    return can_write_notes(viewer, meeting) or can_edit_meeting(viewer, meeting)


# --- notes ---------------------------------------------------------------------------------------


def _why_not_write(viewer: Viewer, meeting: Meeting) -> Promise:
    """The reason why this viewer does not write the notes: who they are, or that it is a draft."""
    if meeting.has_open_notes:
        return WRITERS_ONLY
    return _(
        "The notes were offered as minutes: now only the chairs and the secretary change them. "
        "Ask for a correction below them."
    )


@rule(_why_not_write)
def can_write_notes(viewer: Viewer, meeting: Meeting) -> bool:
    """Everybody who writes in the group while the notes are open; then only its officers."""
    if meeting.has_open_notes:
        return viewer.may_write(meeting.group_id)
    return viewer.is_officer(meeting.group_id)


@rule(_why_not_write)
def can_record_action(viewer: Viewer, meeting: Meeting) -> bool:
    return can_write_notes(viewer, meeting)


@rule(_("This text waits for the choice of the one who wrote it."))
def can_settle_text(viewer: Viewer, kept: NotesConflict) -> bool:
    """Its author chooses what becomes of a text that met another's save."""
    return viewer.person_id == kept.author_id


@rule(CHAIRS_ONLY)
def can_restore_notes(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_chair(meeting.group_id)


# --- minutes -------------------------------------------------------------------------------------


@rule(OFFICERS_ONLY)
def can_offer_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Offers them as a draft and takes the draft back."""
    return viewer.is_officer(meeting.group_id)


@rule(WRITERS_ONLY)
def can_ask_for_correction(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.may_write(meeting.group_id)


@rule(CHAIRS_ONLY)
def can_approve_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_chair(meeting.group_id)


@rule(CHAIRS_ONLY)
def can_correct_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Adds a dated correction to approved minutes."""
    return viewer.is_chair(meeting.group_id)


@rule(CHAIRS_ONLY)
def can_unlock_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Makes approved minutes a draft again."""
    return viewer.is_chair(meeting.group_id)
