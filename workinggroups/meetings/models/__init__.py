"""The meeting, its agenda, its attendance, and the notes that become its minutes."""

from workinggroups.meetings.models.agenda import AgendaItem
from workinggroups.meetings.models.attendance import Attendance
from workinggroups.meetings.models.calendars import CalendarFeed
from workinggroups.meetings.models.clock_changes import NotifiedClockChange
from workinggroups.meetings.models.meetings import Meeting
from workinggroups.meetings.models.notes import Correction, NotesConflict, NotesRevision
from workinggroups.meetings.models.polls import OptionAnswer, TimeOption, TimePoll
from workinggroups.meetings.models.series import MeetingSeries, SkippedDay

__all__ = [
    "AgendaItem",
    "Attendance",
    "CalendarFeed",
    "Correction",
    "Meeting",
    "MeetingSeries",
    "NotesConflict",
    "NotesRevision",
    "NotifiedClockChange",
    "OptionAnswer",
    "SkippedDay",
    "TimeOption",
    "TimePoll",
]
