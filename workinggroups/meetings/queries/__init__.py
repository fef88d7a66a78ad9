"""What the pages of a meeting read from the database."""

from workinggroups.meetings.queries.agenda import agenda_of, agenda_rows
from workinggroups.meetings.queries.attendance import QuorumCount, answers_of, quorum_of, roll_of
from workinggroups.meetings.queries.calendars import feed_meetings, feed_series
from workinggroups.meetings.queries.live import LiveState, live_state, live_version
from workinggroups.meetings.queries.meetings import meeting_by_day, meeting_by_number, neighbours_of
from workinggroups.meetings.queries.notes import (
    MarkerInDoubt,
    decision_markers,
    items_of,
    latest_notes,
    markers_in_doubt,
    unassigned_markers,
)
from workinggroups.meetings.queries.presence import (
    OwnPresence,
    Presence,
    can_add_guests,
    open_claims,
    own_presence,
    presence_of,
)
from workinggroups.meetings.queries.series import active_series

__all__ = [
    "LiveState",
    "MarkerInDoubt",
    "OwnPresence",
    "Presence",
    "QuorumCount",
    "active_series",
    "agenda_of",
    "agenda_rows",
    "answers_of",
    "can_add_guests",
    "decision_markers",
    "feed_meetings",
    "feed_series",
    "items_of",
    "latest_notes",
    "live_state",
    "live_version",
    "markers_in_doubt",
    "meeting_by_day",
    "meeting_by_number",
    "neighbours_of",
    "open_claims",
    "own_presence",
    "presence_of",
    "quorum_of",
    "roll_of",
    "unassigned_markers",
]
