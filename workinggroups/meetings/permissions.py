"""Who may do what with a meeting. Source of the rules: docs/permissions.md, meetings and notes.

These ask rights only; whether the meeting is in a state for it is the action's question.
"""

from common.access import Viewer
from workinggroups.groups.models import Group
from workinggroups.meetings.models import Meeting


def can_plan_meeting(viewer: Viewer, group: Group) -> bool:
    return viewer.is_officer(group.pk)


def can_edit_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Moves, cancels, writes and posts the agenda."""
    return viewer.is_officer(meeting.group_id)


def can_answer_meeting(viewer: Viewer, meeting: Meeting) -> bool:
    """Everybody with a seat says for itself whether it comes; observers come and listen."""
    seat = viewer.seats.get(meeting.group_id)
    return bool(seat and not seat.read_only)


def can_record_attendance(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_officer(meeting.group_id)


def can_write_notes(viewer: Viewer, meeting: Meeting) -> bool:
    """Everybody who writes in the group while the notes are open; then only its officers."""
    if meeting.has_open_notes:
        return viewer.may_write(meeting.group_id)
    return viewer.is_officer(meeting.group_id)


def can_record_action(viewer: Viewer, meeting: Meeting) -> bool:
    return can_write_notes(viewer, meeting)


def can_restore_notes(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.is_chair(meeting.group_id)


def can_offer_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Offers them as a draft and takes the draft back."""
    return viewer.is_officer(meeting.group_id)


def can_ask_for_correction(viewer: Viewer, meeting: Meeting) -> bool:
    return viewer.may_write(meeting.group_id)


def can_approve_minutes(viewer: Viewer, meeting: Meeting) -> bool:
    """Approves, unlocks and corrects approved minutes."""
    return viewer.is_chair(meeting.group_id)
