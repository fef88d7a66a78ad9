"""What the people of a group are notified of by its meetings."""

from notifications.registry import register
from workinggroups.meetings.notifications.agenda import AgendaMissing, AgendaPosted
from workinggroups.meetings.notifications.claims import AttendanceClaimed, ClaimAnswered
from workinggroups.meetings.notifications.clock_changes import ClocksChange
from workinggroups.meetings.notifications.corrections import CorrectionAnswered, CorrectionRequested
from workinggroups.meetings.notifications.meetings import (
    MeetingCancelled,
    MeetingMoved,
    MeetingPlanned,
)
from workinggroups.meetings.notifications.minutes import (
    MinutesApproved,
    MinutesOffered,
    MinutesUnlocked,
)
from workinggroups.meetings.notifications.minutes_due import MinutesDue
from workinggroups.meetings.notifications.polls import PollCancelled, PollDue, PollOpened, PollOver
from workinggroups.meetings.notifications.proposals import ItemProposed, ProposalAnswered
from workinggroups.meetings.notifications.series import (
    RotationPlanned,
    SeriesChanged,
    SeriesEnded,
    SeriesGathered,
    SeriesPlanned,
)


def register_notifications() -> None:
    register(
        MeetingPlanned,
        MeetingMoved,
        MeetingCancelled,
        AgendaPosted,
        AgendaMissing,
        ItemProposed,
        ProposalAnswered,
        MinutesOffered,
        MinutesApproved,
        MinutesUnlocked,
        MinutesDue,
        CorrectionRequested,
        CorrectionAnswered,
        SeriesPlanned,
        SeriesChanged,
        SeriesEnded,
        SeriesGathered,
        PollOpened,
        PollDue,
        PollOver,
        PollCancelled,
        AttendanceClaimed,
        ClaimAnswered,
        RotationPlanned,
        ClocksChange,
    )
