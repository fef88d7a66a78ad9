"""Every change to a meeting.

    meeting     PLANNED --change--> PLANNED
                (none) --enter afterwards--> HELD
                PLANNED --cancel--> CANCELLED
                PLANNED, HELD --record attendance, offer minutes--> HELD
    minutes     NONE --offer--> DRAFT --approve--> APPROVED
                DRAFT --reopen--> NONE
                APPROVED --unlock--> DRAFT

A cancelled meeting stays in every list; its agenda, notes and attendance no longer change.
"""

from workinggroups.meetings.actions.agenda import (
    add_agenda_item,
    change_agenda_item,
    move_agenda_item,
    post_agenda,
    remove_agenda_item,
)
from workinggroups.meetings.actions.attendance import answer_meeting, record_attendance
from workinggroups.meetings.actions.extras import add_extra_meeting
from workinggroups.meetings.actions.feeds import reset_feed
from workinggroups.meetings.actions.markers import assign_marker, mark_decision, record_action
from workinggroups.meetings.actions.minutes import (
    approve_minutes,
    ask_for_correction,
    note_correction,
    offer_minutes,
    reopen_notes,
    unlock_minutes,
)
from workinggroups.meetings.actions.notes import NotesClash, restore_notes, save_notes, settle_text
from workinggroups.meetings.actions.occurrences import (
    extend_series,
    number_begun_meetings,
    original_date,
)
from workinggroups.meetings.actions.planning import (
    cancel_meeting,
    change_meeting,
    enter_past_meeting,
    plan_meeting,
)
from workinggroups.meetings.actions.series import change_series, end_series, plan_series

__all__ = [
    "NotesClash",
    "add_agenda_item",
    "add_extra_meeting",
    "answer_meeting",
    "approve_minutes",
    "ask_for_correction",
    "assign_marker",
    "cancel_meeting",
    "change_agenda_item",
    "change_meeting",
    "change_series",
    "end_series",
    "enter_past_meeting",
    "extend_series",
    "mark_decision",
    "move_agenda_item",
    "note_correction",
    "number_begun_meetings",
    "offer_minutes",
    "original_date",
    "plan_meeting",
    "plan_series",
    "post_agenda",
    "record_action",
    "record_attendance",
    "remove_agenda_item",
    "reopen_notes",
    "reset_feed",
    "restore_notes",
    "save_notes",
    "settle_text",
    "unlock_minutes",
]
