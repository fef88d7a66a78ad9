"""All that the page "In the meeting" shows, and the version by which a browser knows whether it changed."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from django.utils import timezone

from common.access import Viewer
from common.errors import Invalid
from workinggroups.meetings import permissions
from workinggroups.meetings.markers import Marker, MarkerKind, markers_in
from workinggroups.meetings.models import AgendaItem, Meeting, NotesRevision
from workinggroups.meetings.phases import LiveAct, Phase, is_open, phase_of
from workinggroups.meetings.queries.agenda import agenda_of
from workinggroups.meetings.queries.attendance import QuorumCount, Roll, quorum_of, roll_of
from workinggroups.meetings.queries.notes import latest_notes
from workinggroups.meetings.queries.presence import (
    OwnPresence,
    Presence,
    own_presence,
    presence_of,
)
from workinggroups.meetings.queries.speakers import Speakers, speakers_of

# A longer agenda shows the items around the one that runs; the others are behind a line.
ITEMS_SHOWN = 8
ITEMS_AHEAD = 5
WAITING_SHOWN = 12
MARKERS_SHOWN = 8
GUESTS_SHOWN = 8
# Names, seats and the like change without a new version: a copy is good for so many seconds.
COPY_SECONDS = 60


@dataclass(frozen=True)
class LiveItem:
    """An item of the agenda in the meeting, with the time it has taken."""

    item: AgendaItem
    now: datetime

    @property
    def is_running(self) -> bool:
        return self.item.is_running

    @property
    def is_done(self) -> bool:
        return self.item.ended_at is not None

    @property
    def began_at(self) -> datetime:
        """Return since when it has run without its pauses: the time it has taken counts from then."""
        begun = self.item.begun_at or self.now
        return begun - timedelta(seconds=self.item.spent_seconds)

    @property
    def due_at(self) -> datetime | None:
        """Return when its minutes are used up, of a running item that has some."""
        minutes = self.item.minutes
        return self.began_at + timedelta(minutes=minutes) if minutes else None

    @property
    def due_time(self) -> str:
        """Return that moment as HTML takes it."""
        return self.due_at.isoformat(timespec="seconds") if self.due_at else ""

    @property
    def minutes_left(self) -> int:
        """Return how many minutes are left, as people say it: 11 while there are 10:01 to 11:00."""
        left = (self.due_at - self.now).total_seconds() if self.due_at else 0
        return max(-int(-left // 60), 0)

    @property
    def minutes_over(self) -> int:
        """Return for how many whole minutes it has run over its time."""
        over = (self.now - self.due_at).total_seconds() if self.due_at else 0
        return max(int(over // 60), 0)

    @property
    def is_over_time(self) -> bool:
        return self.due_at is not None and self.due_at <= self.now

    @property
    def seconds_planned(self) -> int:
        return (self.item.minutes or 0) * 60

    @property
    def seconds_spent(self) -> int:
        """Return the seconds it has taken until now, at most those it has."""
        return min(int((self.now - self.began_at).total_seconds()), self.seconds_planned)


@dataclass(frozen=True)
class LiveAgenda:
    """The agenda around the item that runs."""

    items: list[LiveItem]

    @cached_property
    def running(self) -> LiveItem | None:
        return next((one for one in self.items if one.is_running), None)

    @cached_property
    def following(self) -> LiveItem | None:
        """Return the item to begin next: the first after the running or last one that was not begun."""
        begun = [place for place, one in enumerate(self.items) if one.item.begun_at]
        rest = self.items[begun[-1] + 1 :] if begun else self.items
        return next((one for one in rest if one.item.begun_at is None), None)

    @cached_property
    def _first_shown(self) -> int:
        if len(self.items) <= ITEMS_SHOWN:
            return 0
        at = self.running or self.following
        return self.items.index(at) if at else max(len(self.items) - ITEMS_AHEAD, 0)

    @property
    def before(self) -> list[LiveItem]:
        return self.items[: self._first_shown]

    @property
    def shown(self) -> list[LiveItem]:
        if len(self.items) <= ITEMS_SHOWN:
            return self.items
        return self.items[self._first_shown : self._first_shown + ITEMS_AHEAD]

    @property
    def after(self) -> list[LiveItem]:
        return self.items[self._first_shown + len(self.shown) :]


@dataclass(frozen=True)
class OwnRights:
    """What the viewer can do now; each button of the page asks one of these."""

    can_run: bool  # begin items, call speakers
    can_show_law: bool
    can_raise_hand: bool
    can_record: bool  # who else is present
    can_add_guests: bool
    can_answer_claims: bool
    can_write: bool


@dataclass(frozen=True)
class LiveState:
    """One look at a meeting for one viewer."""

    meeting: Meeting
    phase: Phase
    agenda: LiveAgenda
    speakers: Speakers
    roll: Roll
    quorum: QuorumCount | None
    presence: Presence
    own: OwnPresence
    rights: OwnRights
    notes: NotesRevision | None
    markers: list[Marker]

    @property
    def is_live(self) -> bool:
        """Tell whether anything can change by itself, so that browsers ask again."""
        return self.phase in {Phase.GATHERING, Phase.RUNNING, Phase.OVERRUN}

    @property
    def has_speakers(self) -> bool:
        return is_open(LiveAct.SPEAK, self.meeting)

    @property
    def quorum_share(self) -> float | None:
        """Return the quorum as a share of those who count, for the picture."""
        quorum = self.quorum
        return quorum.needed / quorum.total if quorum and quorum.total else None

    @property
    def present_share(self) -> float:
        if self.quorum:
            return self.quorum.present / self.quorum.total if self.quorum.total else 0.0
        total = len(self.roll.squares)
        return self.roll.organizations_here / total if total else 0.0


def live_version(
    meeting: Meeting, viewer: Viewer, now: datetime | None = None
) -> tuple[Hashable, ...]:
    """Return what decides on all that the page shows this viewer; no query.

    The two versions of the meeting count what is done in it. Names and seats change elsewhere: a copy
    is a minute old at most, and the copies of a room end one after the other.
    """
    now = now or timezone.now()
    seat = viewer.seats.get(meeting.group_id)
    return (
        meeting.pk,
        meeting.version,
        meeting.live_version,
        phase_of(meeting, now),
        int(now.timestamp() + (viewer.person_id or 0)) // COPY_SECONDS,
        viewer.person_id,
        viewer.zone,
        (seat.level, seat.read_only, tuple(sorted(seat.offices))) if seat else None,
    )


def live_state(meeting: Meeting, viewer: Viewer) -> LiveState:
    """Read all that the page shows. A constant number of queries."""
    now = timezone.now()
    roll = roll_of(meeting)
    presence = presence_of(meeting, viewer)
    row = roll.row_of(viewer.person_id)
    notes = latest_notes(meeting)
    return LiveState(
        meeting=meeting,
        phase=phase_of(meeting, now),
        agenda=LiveAgenda([LiveItem(item, now) for item in agenda_of(meeting.pk)]),
        speakers=speakers_of(meeting),
        roll=roll,
        quorum=quorum_of(meeting),
        presence=presence,
        own=own_presence(meeting, viewer, row, presence.claim),
        rights=rights_of(meeting, viewer),
        notes=notes,
        markers=_latest(_markers(notes.source)) if notes else [],
    )


def rights_of(meeting: Meeting, viewer: Viewer) -> OwnRights:
    runs = permissions.can_run_meeting(viewer, meeting)
    return OwnRights(
        can_run=runs and is_open(LiveAct.RUN_AGENDA, meeting),
        can_show_law=runs and is_open(LiveAct.SHOW_COMPETITION_LAW, meeting),
        can_raise_hand=permissions.can_raise_hand(viewer, meeting)
        and is_open(LiveAct.SPEAK, meeting),
        can_record=permissions.can_record_attendance(viewer, meeting)
        and is_open(LiveAct.RECORD_OTHERS, meeting),
        can_add_guests=permissions.can_manage_guests(viewer, meeting)
        and is_open(LiveAct.ADD_GUESTS, meeting),
        can_answer_claims=permissions.can_answer_claims(viewer, meeting)
        and is_open(LiveAct.ANSWER_CLAIM, meeting),
        can_write=permissions.can_write_notes(viewer, meeting)
        and not (meeting.is_cancelled or meeting.is_approved),
    )


@lru_cache(maxsize=64)
def _markers(source: str) -> tuple[Marker, ...]:
    """Return the markers of a text, which everybody in the meeting asks for again and again."""
    try:
        return tuple(markers_in(source))
    except Invalid:
        return ()


def _latest(markers: Iterable[Marker]) -> list[Marker]:
    """Return the markers of decisions and of open actions, the latest line first."""
    shown = [one for one in markers if one.kind == MarkerKind.DECISION or not one.is_done]
    return shown[::-1]
