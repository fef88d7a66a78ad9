"""What the pages of a meeting read from the database."""

from workinggroups.meetings.queries.agenda import agenda_of, agenda_rows
from workinggroups.meetings.queries.attendance import QuorumCount, answers_of, quorum_of, roll_of
from workinggroups.meetings.queries.calendars import feed_meetings, feed_series
from workinggroups.meetings.queries.meetings import meeting_by_day, meeting_by_number, neighbours_of
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
    people_answered,
    people_asked,
    respondents_of,
    tallies_of,
)
from workinggroups.meetings.queries.series import active_series, rules_in_words, turns_of, words_of

__all__ = [
    "MarkerInDoubt",
    "QuorumCount",
    "active_series",
    "agenda_of",
    "agenda_rows",
    "answers_of",
    "decision_markers",
    "feed_meetings",
    "feed_series",
    "items_of",
    "latest_notes",
    "markers_in_doubt",
    "meeting_by_day",
    "meeting_by_number",
    "neighbours_of",
    "open_polls",
    "option_rows",
    "people_answered",
    "people_asked",
    "quorum_of",
    "respondents_of",
    "roll_of",
    "rules_in_words",
    "tallies_of",
    "turns_of",
    "unassigned_markers",
    "words_of",
]
