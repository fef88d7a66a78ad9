"""The meeting, its agenda, its attendance, and the notes that become its minutes."""

from workinggroups.meetings.models.agenda import AgendaItem, TemplateItem
from workinggroups.meetings.models.attendance import Attendance
from workinggroups.meetings.models.calendars import CalendarFeed
from workinggroups.meetings.models.claims import AttendanceClaim
from workinggroups.meetings.models.clock_changes import NotifiedClockChange
from workinggroups.meetings.models.competition import CompetitionNotice
from workinggroups.meetings.models.guests import Guest
from workinggroups.meetings.models.meetings import Meeting
from workinggroups.meetings.models.minutes import SealedMinutes
from workinggroups.meetings.models.notes import Correction, NotesConflict, NotesRevision
from workinggroups.meetings.models.papers import Paper
from workinggroups.meetings.models.polls import OptionAnswer, TimeOption, TimePoll
from workinggroups.meetings.models.proposals import AgendaProposal
from workinggroups.meetings.models.recordings import Recording
from workinggroups.meetings.models.series import MeetingSeries, SkippedDay
from workinggroups.meetings.models.speakers import SpeakerRequest

__all__ = [
    "AgendaItem",
    "AgendaProposal",
    "Attendance",
    "AttendanceClaim",
    "CalendarFeed",
    "CompetitionNotice",
    "Correction",
    "Guest",
    "Meeting",
    "MeetingSeries",
    "NotesConflict",
    "NotesRevision",
    "NotifiedClockChange",
    "OptionAnswer",
    "Paper",
    "Recording",
    "SealedMinutes",
    "SkippedDay",
    "SpeakerRequest",
    "TemplateItem",
    "TimeOption",
    "TimePoll",
]
