"""Every change to a meeting.

    meeting     PLANNED --change--> PLANNED
                (none) --enter afterwards--> HELD
                PLANNED --cancel--> CANCELLED
                PLANNED, HELD --record attendance, offer minutes--> HELD
    minutes     see `minutes_steps.py`

    poll        (none) --open--> OPEN --decide--> DECIDED
                OPEN --cancel--> CANCELLED

    proposal    see `proposals.py`

What is possible while a meeting runs, and when, is a table of its own (`phases.py`).

A cancelled meeting stays in every list; its agenda, notes and attendance no longer change.
"""

from workinggroups.meetings.actions.agenda import (
    add_agenda_item,
    add_agenda_items,
    change_agenda_item,
    move_agenda_item,
    post_agenda,
    remove_agenda_item,
)
from workinggroups.meetings.actions.agenda_reminders import remind_of_agendas
from workinggroups.meetings.actions.agenda_run import begin_item, end_item
from workinggroups.meetings.actions.agenda_template import (
    add_template_items,
    begin_due_agendas,
    begin_with_template,
    change_template_item,
    make_template,
    move_template_item,
    remove_template_item,
)
from workinggroups.meetings.actions.approval import (
    approve_at_meeting,
    approve_minutes,
    make_due_final,
    make_final,
)
from workinggroups.meetings.actions.attendance import (
    answer_and_remember,
    answer_meeting,
    record_attendance,
    take_back_answer,
)
from workinggroups.meetings.actions.attendance_import import import_attendance
from workinggroups.meetings.actions.carry_over import carry_over
from workinggroups.meetings.actions.check_in import check_in, undo_check_in
from workinggroups.meetings.actions.claims import answer_claim, claim_attendance
from workinggroups.meetings.actions.clock_changes import notify_of_clock_changes
from workinggroups.meetings.actions.competition import show_competition_law
from workinggroups.meetings.actions.corrections import (
    answer_correction,
    ask_for_correction,
    note_correction,
)
from workinggroups.meetings.actions.extras import add_extra_meeting
from workinggroups.meetings.actions.feeds import reset_feed
from workinggroups.meetings.actions.gathering import gather_meetings, preview_gathering
from workinggroups.meetings.actions.guests import add_guest, anonymise_guest, remove_guest
from workinggroups.meetings.actions.importing import import_series
from workinggroups.meetings.actions.markers import assign_marker, mark_decision, record_action
from workinggroups.meetings.actions.minutes import offer_minutes, reopen_notes, unlock_minutes
from workinggroups.meetings.actions.minutes_reminders import remind_of_minutes
from workinggroups.meetings.actions.notes import NotesClash, restore_notes, save_notes, settle_text
from workinggroups.meetings.actions.occurrences import (
    extend_series,
    number_begun_meetings,
    original_date,
)
from workinggroups.meetings.actions.papers import (
    add_paper,
    add_web_paper,
    move_paper,
    remove_paper,
)
from workinggroups.meetings.actions.planning import (
    cancel_meeting,
    change_meeting,
    enter_past_meeting,
    plan_meeting,
)
from workinggroups.meetings.actions.polls import (
    answer_poll,
    cancel_poll,
    change_poll,
    decide_poll,
    open_poll,
    remind_of_polls,
)
from workinggroups.meetings.actions.proposals import (
    accept_proposal,
    decline_proposal,
    edit_proposal,
    move_open_proposals,
    next_meeting_of,
    propose_item,
    withdraw_proposal,
)
from workinggroups.meetings.actions.recordings import (
    add_recording,
    add_transcript,
    delete_due_recordings,
    delete_recording,
    note_consent,
)
from workinggroups.meetings.actions.rotations import end_rotation, plan_rotation
from workinggroups.meetings.actions.series import change_series, end_series, plan_series
from workinggroups.meetings.actions.speakers import (
    add_speaker,
    ask_again,
    call_next,
    close_request,
    lower_hand,
    raise_hand,
)

__all__ = [
    "NotesClash",
    "accept_proposal",
    "add_agenda_item",
    "add_agenda_items",
    "add_extra_meeting",
    "add_guest",
    "add_paper",
    "add_recording",
    "add_speaker",
    "add_template_items",
    "add_transcript",
    "add_web_paper",
    "anonymise_guest",
    "answer_and_remember",
    "answer_claim",
    "answer_correction",
    "answer_meeting",
    "answer_poll",
    "approve_at_meeting",
    "approve_minutes",
    "ask_again",
    "ask_for_correction",
    "assign_marker",
    "begin_due_agendas",
    "begin_item",
    "begin_with_template",
    "call_next",
    "cancel_meeting",
    "cancel_poll",
    "carry_over",
    "change_agenda_item",
    "change_meeting",
    "change_poll",
    "change_series",
    "change_template_item",
    "check_in",
    "claim_attendance",
    "close_request",
    "decide_poll",
    "decline_proposal",
    "delete_due_recordings",
    "delete_recording",
    "edit_proposal",
    "end_item",
    "end_rotation",
    "end_series",
    "enter_past_meeting",
    "extend_series",
    "gather_meetings",
    "import_attendance",
    "import_series",
    "lower_hand",
    "make_due_final",
    "make_final",
    "make_template",
    "mark_decision",
    "move_agenda_item",
    "move_open_proposals",
    "move_paper",
    "move_template_item",
    "next_meeting_of",
    "note_consent",
    "note_correction",
    "notify_of_clock_changes",
    "number_begun_meetings",
    "offer_minutes",
    "open_poll",
    "original_date",
    "plan_meeting",
    "plan_rotation",
    "plan_series",
    "post_agenda",
    "preview_gathering",
    "propose_item",
    "raise_hand",
    "record_action",
    "record_attendance",
    "remind_of_agendas",
    "remind_of_minutes",
    "remind_of_polls",
    "remove_agenda_item",
    "remove_guest",
    "remove_paper",
    "remove_template_item",
    "reopen_notes",
    "reset_feed",
    "restore_notes",
    "save_notes",
    "settle_text",
    "show_competition_law",
    "take_back_answer",
    "undo_check_in",
    "unlock_minutes",
    "withdraw_proposal",
]
