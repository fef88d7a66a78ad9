"""What the pages of a meeting read from the database."""

from workinggroups.meetings.queries.agenda import (
    agenda_of,
    agenda_or_template,
    agenda_rows,
    agendas_to_begin,
    template_of,
    with_agenda_due,
)
from workinggroups.meetings.queries.attendance import QuorumCount, answers_of, quorum_of, roll_of
from workinggroups.meetings.queries.attendance_import import attendees_of, proposals
from workinggroups.meetings.queries.busy import Busy, Span, busy_people
from workinggroups.meetings.queries.calendars import (
    changed_before,
    event_rows,
    feed_meetings,
    feed_series,
    groups_of_feed,
    person_of_feed,
)
from workinggroups.meetings.queries.live import LiveState, live_state, live_version
from workinggroups.meetings.queries.meetings import meeting_by_day, meeting_by_number, neighbours_of
from workinggroups.meetings.queries.minutes import (
    drafts_for,
    is_final_by_rule,
    meetings_to_approve_at,
    seal_in_force,
)
from workinggroups.meetings.queries.notes import (
    MarkerInDoubt,
    decision_markers,
    items_of,
    latest_notes,
    markers_in_doubt,
    unassigned_markers,
)
from workinggroups.meetings.queries.polls import (
    open_polls,
    option_rows,
    people_asked,
    people_who_answered,
    respondents_of,
    tallies_of,
)
from workinggroups.meetings.queries.presence import (
    OwnPresence,
    Presence,
    can_add_guests,
    open_claims,
    own_presence,
    presence_of,
)
from workinggroups.meetings.queries.series import (
    active_series,
    imported_already,
    rules_in_words,
    turns_of,
    with_continuations,
    words_of,
)

__all__ = [
    "Busy",
    "LiveState",
    "MarkerInDoubt",
    "OwnPresence",
    "Presence",
    "QuorumCount",
    "Span",
    "active_series",
    "agenda_of",
    "agenda_or_template",
    "agenda_rows",
    "agendas_to_begin",
    "answers_of",
    "attendees_of",
    "busy_people",
    "can_add_guests",
    "changed_before",
    "decision_markers",
    "drafts_for",
    "event_rows",
    "feed_meetings",
    "feed_series",
    "groups_of_feed",
    "imported_already",
    "is_final_by_rule",
    "items_of",
    "latest_notes",
    "live_state",
    "live_version",
    "markers_in_doubt",
    "meeting_by_day",
    "meeting_by_number",
    "meetings_to_approve_at",
    "neighbours_of",
    "open_claims",
    "open_polls",
    "option_rows",
    "own_presence",
    "people_asked",
    "people_who_answered",
    "person_of_feed",
    "presence_of",
    "proposals",
    "quorum_of",
    "respondents_of",
    "roll_of",
    "rules_in_words",
    "seal_in_force",
    "tallies_of",
    "template_of",
    "turns_of",
    "unassigned_markers",
    "with_agenda_due",
    "with_continuations",
    "words_of",
]
