"""Items proposed for agendas: what a meeting has, and to which meeting those without an answer go."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from common.access import Viewer
from workinggroups.meetings.choices import MeetingState, MinutesState
from workinggroups.meetings.models import AgendaItem, AgendaProposal, Meeting, MeetingSeries

SHOWN_WITH = ("author", "organization", "closed_by", "item", "moved_from")


def proposals_of(meeting: Meeting, viewer: Viewer) -> list[AgendaProposal]:
    """Return what was proposed for the meeting, if the viewer can see it: what is open comes first."""
    rows = AgendaProposal.objects.visible_to(viewer).filter(meeting=meeting)
    listed = list(rows.select_related(*SHOWN_WITH))
    for proposal in listed:
        _share_group(proposal, meeting)
    return sorted(listed, key=lambda proposal: not proposal.is_open)


def proposal_near(meeting: Meeting, uuid: UUID, viewer: Viewer) -> AgendaProposal | None:
    """Return the proposal for this meeting, or one that moved on, such as from there.

    None where there is none that the viewer can see.
    """
    rows = AgendaProposal.objects.visible_to(viewer).filter(
        Q(meeting=meeting) | Q(moved_from__isnull=False), meeting__group=meeting.group_id
    )
    proposal = rows.select_related(*SHOWN_WITH, "meeting__series").filter(uuid=uuid).first()
    if proposal is not None:
        own = meeting if proposal.meeting_id == meeting.pk else proposal.meeting
        own.group = meeting.group
        _share_group(proposal, own)
    return proposal


def count_open_proposals(meeting: Meeting) -> int:
    return AgendaProposal.objects.open().filter(meeting=meeting).count()


def takes_proposals(meeting: Meeting) -> bool:
    """Tell whether items can be proposed for the agenda, and proposals be accepted."""
    return not (meeting.is_cancelled or meeting.is_over or meeting.is_approved)


def meeting_to_propose_for(meeting: Meeting) -> Meeting | None:
    """Return the meeting for which an item is proposed on the page of this one.

    Once it has begun or is cancelled, that is the next meeting of its series. Without one a running
    meeting takes the item itself; None where its agenda is closed.
    """
    if takes_proposals(meeting) and not meeting.has_begun:
        return meeting
    later = next_after(meeting)
    if later is not None:
        later.group = meeting.group
        return later
    return meeting if takes_proposals(meeting) else None


def next_of_series(series: MeetingSeries) -> Meeting | None:
    """Return the next meeting of the series, also of what continues it or takes turns with it."""
    return _next_after(series.pk, timezone.now())


def next_after(meeting: Meeting) -> Meeting | None:
    """Return the meeting that comes next after this one in its series; None without one.

    It has not begun. A series that goes on by a changed rule, or whose hours rotate, is one.
    """
    if meeting.series_id is None:
        return None
    return _next_after(meeting.series_id, max(meeting.starts_at, timezone.now()))


def closed_with_proposals() -> QuerySet[Meeting]:
    """Return the meetings of series whose agenda is closed, while proposals wait for an answer."""
    is_closed = (
        Q(state=MeetingState.CANCELLED)
        | Q(ends_at__lte=timezone.now())
        | Q(minutes_state=MinutesState.APPROVED)
    )
    waiting = AgendaProposal.objects.open().values("meeting")
    return Meeting.objects.filter(is_closed, pk__in=waiting, series__isnull=False)


def _share_group(proposal: AgendaProposal, meeting: Meeting) -> None:
    """Let the proposal have this meeting, and the meeting it came from the same group."""
    proposal.meeting = meeting
    if proposal.moved_from:
        proposal.moved_from.group = meeting.group


def places_of(meeting: Meeting) -> list[AgendaItem]:
    """Return the items before which an accepted item can be placed."""
    return list(meeting.agenda.only("uuid", "position", "title"))


def _next_after(series_id: int, moment: datetime) -> Meeting | None:
    meetings = Meeting.objects.filter(
        series__in=_as_one([series_id]), state=MeetingState.PLANNED, starts_at__gt=moment
    )
    return meetings.select_related("group").order_by("starts_at", "pk").first()


def _as_one(series: Iterable[int]) -> set[int]:
    """Return these series with those that continue them, and those that take turns with them."""
    known: set[int] = set()
    added = set(series)
    while added:
        known |= added
        rotations = MeetingSeries.objects.filter(pk__in=added, rotation__isnull=False)
        more = MeetingSeries.objects.filter(
            Q(continues__in=added) | Q(rotation__in=rotations.values("rotation"))
        )
        added = set(more.values_list("pk", flat=True)) - known
    return known
