"""What pages show of check-in, guests, and of people who say that they were there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.access import Viewer
from common.prepared_statements import PreparedSql
from workinggroups.meetings import permissions
from workinggroups.meetings.choices import AttendanceState, ClaimState, PresenceSource
from workinggroups.meetings.models import Attendance, AttendanceClaim, Meeting
from workinggroups.meetings.phases import LiveAct, is_open


@dataclass(frozen=True)
class ListedGuest:
    """A guest as pages list them."""

    name: str
    affiliation: str

    def __str__(self) -> str:
        return self.name or _("Name removed")


@dataclass(frozen=True)
class OwnClaim:
    """What became of the viewer's saying that they were there."""

    state: str
    note: str
    officer: str

    @property
    def is_open(self) -> bool:
        return self.state == ClaimState.OPEN


@dataclass(frozen=True)
class CompetitionLawShown:
    """That the notice of competition law was shown: when, and by whom."""

    version: int
    shown_at: datetime
    shown_by: str


@dataclass(frozen=True)
class Presence:
    """What is known of a meeting beside its attendance: guests, own claim, the notice shown."""

    guests: tuple[ListedGuest, ...]
    claim: OwnClaim | None
    competition_notice: CompetitionLawShown | None


facts_of_meeting = PreparedSql(
    "meeting_presence",
    """
SELECT ARRAY(SELECT g.name::text FROM meetings_guest g WHERE g.meeting_id = %(meeting)s
              ORDER BY g.added_at, g.id),
       ARRAY(SELECT g.affiliation::text FROM meetings_guest g WHERE g.meeting_id = %(meeting)s
              ORDER BY g.added_at, g.id),
       claim.state, claim.note, COALESCE(officer.name, ''),
       shown.version, shown.shown_at, shower.name
  FROM (SELECT 1) AS one
  LEFT JOIN meetings_attendanceclaim claim
         ON claim.meeting_id = %(meeting)s AND claim.person_id = %(person)s
  LEFT JOIN people_person officer ON officer.id = claim.answered_by_id
  LEFT JOIN meetings_competitionnotice shown ON shown.meeting_id = %(meeting)s
  LEFT JOIN people_person shower ON shower.id = shown.shown_by_id
""",
)


def presence_of(meeting: Meeting, viewer: Viewer) -> Presence:
    """Return what is known of the meeting beside its attendance. One query."""
    ((names, affiliations, state, note, officer, version, shown_at, shown_by),) = facts_of_meeting(
        meeting=meeting.pk, person=viewer.person_id or 0
    )
    return Presence(
        guests=tuple(map(ListedGuest, names, affiliations)),
        claim=OwnClaim(state, note, officer) if state else None,
        competition_notice=CompetitionLawShown(version, shown_at, shown_by) if shown_at else None,
    )


@dataclass(frozen=True)
class OwnPresence:
    """What the viewer can say about their own attendance, and what they have said."""

    state: str  # of their attendance; "" for none
    can_check_in: bool = False
    can_undo: bool = False
    can_claim: bool = False
    is_missed: bool = False  # approved minutes do not have them, which only a correction can change
    claim: OwnClaim | None = None

    @property
    def is_present(self) -> bool:
        return self.state == AttendanceState.PRESENT


def own_presence(
    meeting: Meeting, viewer: Viewer, row: Attendance | None, claim: OwnClaim | None
) -> OwnPresence:
    """Return it for a viewer with this row of attendance and this claim. No query."""
    state = row.state if row else ""
    is_missed = state != AttendanceState.PRESENT and permissions.can_claim_attendance(
        viewer, meeting
    )
    is_checked_in = row is not None and row.how == PresenceSource.SELF
    # Officers record themselves with everybody else.
    can_record = is_open(LiveAct.RECORD_OTHERS, meeting) and permissions.can_record_attendance(
        viewer, meeting
    )
    checks_in = is_open(LiveAct.CHECK_IN, meeting) and permissions.can_check_in(viewer, meeting)
    return OwnPresence(
        state=state,
        can_check_in=checks_in and state != AttendanceState.PRESENT,
        can_undo=checks_in and is_checked_in,
        can_claim=is_missed
        and claim is None
        and not can_record
        and is_open(LiveAct.CLAIM, meeting),
        is_missed=is_missed and meeting.is_approved,
        claim=None if state == AttendanceState.PRESENT else claim,
    )


def can_add_guests(meeting: Meeting, viewer: Viewer) -> bool:
    """Tell whether the viewer can add guests now."""
    return permissions.can_manage_guests(viewer, meeting) and is_open(LiveAct.ADD_GUESTS, meeting)


def open_claims(meeting: Meeting, viewer: Viewer) -> list[AttendanceClaim]:
    """Return the claims that wait for this viewer's answer: none for others than officers."""
    if not permissions.can_answer_claims(viewer, meeting):
        return []
    if not is_open(LiveAct.ANSWER_CLAIM, meeting):
        return []
    waiting = meeting.claims.filter(state=ClaimState.OPEN)
    return list(waiting.exclude(person=viewer.person_id).select_related("person", "organization"))
