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
from workinggroups.meetings.queries.series import active_series

__all__ = [
    "MarkerInDoubt",
    "QuorumCount",
    "active_series",
    "agenda_of",
    "agenda_or_template",
    "agenda_rows",
    "agendas_to_begin",
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
    "quorum_of",
    "roll_of",
    "template_of",
    "unassigned_markers",
    "with_agenda_due",
]
