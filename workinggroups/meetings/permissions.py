"""Who can do what with a meeting. Source of the rules: docs/permissions.md, meetings and notes.

These rules check rights only; the actions check the state of the meeting.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.rules import rule
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import (
    acts_as_staff,
    can_read_content,
    rule_while_running,
    why_concluded,
)
from workinggroups.meetings.models import (
    AgendaProposal,
    Guest,
    Meeting,
    MeetingSeries,
    NotesConflict,
    TimePoll,
)

OFFICERS_ONLY = _("Only the chairs and the secretary of the group can do this.")
CHAIRS_ONLY = _("Only the chairs of the group can do this.")
WRITERS_ONLY = _("Only participants of the group can write its notes.")


@rule_while_running(OFFICERS_ONLY)
def can_plan_meeting(viewer: Viewer, group: Group) -> bool:
    return viewer.is_officer(group.pk)


@rule_while_running(OFFICERS_ONLY)
def can_edit_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Move the meeting, write and post its agenda."""
    return viewer.is_officer(meeting.group_id)


@rule(OFFICERS_ONLY)
def can_cancel_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Cancel the meeting, also once the group has concluded: it should not stay in calendars."""
    return viewer.is_officer(meeting.group_id)


@rule(OFFICERS_ONLY)
def can_end_series(viewer: Viewer, series: MeetingSeries) -> bool:
    """Cancel all coming meetings of the series, also once the group has concluded."""
    return viewer.is_officer(series.group_id)


def can_see_proposals(viewer: Viewer, meeting: Meeting) -> bool:
    """Whether the viewer sees what is proposed for the agenda: the people of the group alone."""
    return viewer.read_level(meeting.group_id) >= Level.MEMBERS


@rule_while_running(_("Only participants of the group can propose items for its agendas."))
def can_propose_item(viewer: Viewer, meeting: Meeting | MeetingSeries) -> bool:
    """Propose an item for the agenda of the meeting, or of the next one of the series."""
    return viewer.may_write(meeting.group_id)


@rule_while_running(_("Only the person who proposed this item can change or withdraw it."))
def can_edit_proposal(viewer: Viewer, proposal: AgendaProposal) -> bool:
    """Edit or withdraw what the viewer proposed, as long as they write in the group."""
    is_own = viewer.person_id == proposal.author_id
    return is_own and viewer.may_write(proposal.meeting.group_id)


@rule_while_running(OFFICERS_ONLY)
def can_answer_proposal(viewer: Viewer, meeting: Meeting) -> bool:
    """Accept or decline what is proposed: who writes the agenda."""
    return viewer.is_officer(meeting.group_id)


@rule_while_running(_("Only people who take part in the group can say whether they are coming."))
def can_answer_meeting(viewer: Viewer, meeting: Meeting | MeetingSeries) -> bool:
    """Say whether the viewer is coming: everybody with a seat, observers too."""
    seat = viewer.seats.get(meeting.group_id)
    return bool(seat and not seat.read_only)


@rule_while_running(OFFICERS_ONLY)
def can_open_poll(viewer: Viewer, group: Group) -> bool:
    return viewer.is_officer(group.pk)


def can_see_polls(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer reads what only the people of the group read, whoever reads its work."""
    return viewer.read_level(group.pk) >= Level.MEMBERS


@rule_while_running(OFFICERS_ONLY)
def can_edit_poll(viewer: Viewer, poll: TimePoll) -> bool:
    """Change or cancel the poll, or choose a time in it."""
    return viewer.is_officer(poll.group_id)


@rule_while_running(_("Only people who take part in the group can say when they can meet."))
def can_answer_poll(viewer: Viewer, poll: TimePoll) -> bool:
    """Say when the viewer can meet: everybody with a seat, observers too."""
    seat = viewer.seats.get(poll.group_id)
    return bool(seat and not seat.read_only)


@rule_while_running(OFFICERS_ONLY)
def can_record_attendance(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_officer(meeting.group_id)


def _has_seat(viewer: Viewer, meeting: Meeting) -> bool:
    """Tell whether the viewer has a seat in the group that is not limited to reading."""
    seat = viewer.seats.get(meeting.group_id)
    return bool(seat and not seat.read_only)


@rule_while_running(_("Only people who take part in the group can check in."))
def can_check_in(viewer: Viewer, meeting: Meeting) -> bool:
    """Say that the viewer is here: everybody with a seat, observers too."""
    return _has_seat(viewer, meeting)


@rule_while_running(_("Only people who take part in the group can say that they were there."))
def can_claim_attendance(viewer: Viewer, meeting: Meeting) -> bool:
    """Say afterwards that the viewer was there: everybody with a seat, observers too."""
    return _has_seat(viewer, meeting)


@rule_while_running(OFFICERS_ONLY)
def can_answer_claims(viewer: Viewer, meeting: Meeting) -> bool:
    """Confirm or decline what people say about their attendance."""
    return viewer.is_officer(meeting.group_id)


@rule_while_running(OFFICERS_ONLY)
def can_manage_guests(viewer: Viewer, meeting: Meeting) -> bool:
    """Add guests, and remove those added by mistake."""
    return viewer.is_officer(meeting.group_id)


@rule(_("Only the chairs and the secretary of the group, or staff, can remove a guest's name."))
def can_anonymise_guest(viewer: Viewer, guest: Guest) -> bool:
    """Remove the name of a guest who asks for it, also from approved minutes.

    Staff can where they read the group anyway; they do not open a group for it.
    """
    group = guest.meeting.group
    if viewer.is_officer(group.pk):
        return True
    return acts_as_staff(viewer, group) and can_read_content(viewer, group)


@rule_while_running(OFFICERS_ONLY)
def can_run_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Begin and end items, call speakers, record that the notice of competition law was shown."""
    return viewer.is_officer(meeting.group_id)


@rule_while_running(
    _(
        "Only participants of the group can ask to speak. Observers speak when the chairs or the "
        "secretary call them."
    )
)
def can_raise_hand(viewer: Viewer, meeting: Meeting) -> bool:
    """Ask to speak: everybody who writes in the group."""
    return viewer.may_write(meeting.group_id)


@rule_while_running(
    _("Only the chairs, the secretary and people who write the notes can add files to a meeting.")
)
def can_attach_to_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Add files, such as the pictures in the notes."""
    rules = (can_write_notes, can_edit_meeting)
    return any(each.gives_right(viewer, meeting) for each in rules)


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


def _why_not_held(viewer: Viewer, meeting: Meeting) -> Promise | str:
    """Return that the group has concluded, for a meeting that had not begun: it has no minutes."""
    return "" if meeting.has_begun else why_concluded(viewer, meeting)


@rule(_why_not_write, closed=_why_not_held)
def can_write_notes(viewer: Viewer, meeting: Meeting) -> bool:
    """Everybody who writes in the group while the notes are open, then only its officers.

    Also once the group has concluded, so that it can finish the minutes of what was held.
    """
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


def sees_gaps(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer is shown what is missing in a PDF: who can mend the text, and staff."""
    return viewer.is_officer(group.pk) or acts_as_staff(viewer, group)


@rule(_("Only the people of the group can see its recordings."))
def can_read_recording(viewer: Viewer, meeting: Meeting) -> bool:
    """See the recording and the transcript: narrower than the minutes, since they are people's voices."""
    return viewer.read_level(meeting.group_id) >= Level.MEMBERS


@rule_while_running(OFFICERS_ONLY)
def can_keep_recording(viewer: Viewer, meeting: Meeting) -> bool:
    """Note the consent to a recording, and add it."""
    return viewer.is_officer(meeting.group_id)


@rule(OFFICERS_ONLY)
def can_delete_recording(viewer: Viewer, meeting: Meeting) -> bool:
    """Delete a recording: at any time, also once the group has concluded."""
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
