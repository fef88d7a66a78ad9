"""Scheduling, moving and cancelling meetings. A meeting's calendar identity (`uid`) never changes."""

from datetime import date, datetime, time, timedelta
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.identifiers import new_uuid
from common.record.actions import record
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import Group
from workinggroups.meetings import local_time
from workinggroups.meetings.actions.check_in import take_back_early_check_ins
from workinggroups.meetings.actions.locking import (
    index_meeting,
    lock_meeting,
    notify_group,
    refuse_cancelled,
    touch,
)
from workinggroups.meetings.actions.notes import save_notes, tidy
from workinggroups.meetings.actions.proposals import carry_over
from workinggroups.meetings.choices import MEETING_MAX_MINUTES, MeetingAct, MeetingState
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications.meetings import (
    MeetingCancelled,
    MeetingMoved,
    MeetingPlanned,
)
from workinggroups.meetings.permissions import (
    can_cancel_meeting,
    can_edit_meeting,
    can_plan_meeting,
)


class MeetingDetails(TypedDict):
    """Title, time and place of a meeting; `fold` says which of two hours is meant."""

    title: str
    local_date: date
    local_time: time
    zone: str
    duration_minutes: int
    place: NotRequired[str]
    join_url: NotRequired[str]
    fold: NotRequired[int | None]


@transaction.atomic
def plan_meeting(*, actor: Person, group: Group, **details: Unpack[MeetingDetails]) -> Meeting:
    """Schedule a meeting of the group at this hour of the zone, and notify the group.

    Locks the group, which numbers its meetings in order. Raises NotAllowed, and Invalid for an
    hour that a change of clocks skips or repeats. Past meetings are for `enter_past_meeting`.
    """
    meeting = _create(actor, group, details)
    record(actor, MeetingAct.PLANNED, meeting, facts=meeting_facts(meeting))
    notify_group(MeetingPlanned, meeting, actor=actor, cause=meeting.uuid)
    return meeting


@transaction.atomic
def enter_past_meeting(
    *, actor: Person, group: Group, notes: str = "", **details: Unpack[MeetingDetails]
) -> Meeting:
    """Record a meeting that has already taken place, with its notes; notify nobody.

    The record and the page say that it was entered afterwards. Actions in its notes stay text: no
    items are created. Attendance is recorded as for any meeting. Raises NotAllowed, and Invalid
    for a meeting that is not over.
    """
    meeting = _create(actor, group, details, MeetingState.HELD, entered_at=timezone.now())
    record(actor, MeetingAct.ENTERED_AFTERWARDS, meeting, facts=meeting_facts(meeting))
    if tidy(notes):
        save_notes(actor=actor, meeting=meeting, base=0, source=notes)
        meeting.refresh_from_db()
    return meeting


@transaction.atomic
def change_meeting(
    *, actor: Person, meeting: Meeting, sequence: int, **details: Unpack[MeetingDetails]
) -> Meeting:
    """Change title, time and place; notify the group of a new time or place.

    `sequence` is the one the actor has seen; raises Conflict when time or place changed since, or when
    the meeting was gathered into a series at the same time. A new time or place increases it (RFC 5546,
    2.1.4); `moved_from` keeps the former start.
    """
    starts_at, ends_at = checked_span(details)
    columns = columns_of(details)
    was_single = meeting.series_id is None
    meeting = lock_meeting(meeting)
    can_edit_meeting.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    _refuse_gathered(meeting, was_single)
    if meeting.state != MeetingState.PLANNED:
        raise WrongState(_("This meeting has been held. Its time and place can no longer change."))
    if meeting.sequence != sequence:
        raise Conflict(
            _("Someone moved this meeting while you were editing. Check its new time first.")
        )
    before = (meeting.starts_at, meeting.ends_at, meeting.place, meeting.join_url)
    is_moved = before != (starts_at, ends_at, columns["place"], columns["join_url"])
    if starts_at != meeting.starts_at:
        meeting.moved_from = meeting.starts_at
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    for name, value in columns.items():
        setattr(meeting, name, value)
    if is_moved:
        meeting.sequence += 1
    meeting.follows_series = False
    touch(meeting, *columns, "starts_at", "ends_at", "moved_from", "sequence", "follows_series")
    if is_moved:
        take_back_early_check_ins([meeting])
        record(actor, MeetingAct.MOVED, meeting, facts=meeting_facts(meeting))
        cause = f"{meeting.uuid}:{meeting.sequence}"
        notify_group(MeetingMoved, meeting, actor=actor, cause=cause)
    return meeting


@transaction.atomic
def cancel_meeting(*, actor: Person, meeting: Meeting, reason: str) -> Meeting:
    """Cancel the meeting and notify the group; the page keeps date, reason and who cancelled it.

    Items proposed for it that nobody answered move to the next meeting of its series.

    Raises Invalid without a reason, WrongState when it was already cancelled or has taken place, and
    Conflict when it was gathered into a series at the same time.
    """
    if not reason.strip():
        raise Invalid(_("Give a reason. It is shown on the page and in the e-mail."), "reason")
    was_single = meeting.series_id is None
    meeting = lock_meeting(meeting)
    can_cancel_meeting.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    _refuse_gathered(meeting, was_single)
    if meeting.state != MeetingState.PLANNED or meeting.is_over:
        raise WrongState(_("This meeting has taken place and can no longer be cancelled."))
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_at = timezone.now()
    meeting.cancelled_by = actor
    meeting.cancelled_reason = reason.strip()
    meeting.follows_series = False
    meeting.sequence += 1
    touch(
        meeting, "state", "cancelled_at", "cancelled_by", "cancelled_reason", "sequence",
        "follows_series",
    )  # fmt: skip
    take_back_early_check_ins([meeting])
    carry_over([meeting])
    record(actor, MeetingAct.CANCELLED, meeting, facts=meeting_facts(meeting))
    notify_group(MeetingCancelled, meeting, actor=actor, cause=meeting.uuid)
    return meeting


def _refuse_gathered(meeting: Meeting, was_single: bool) -> None:
    """Raise Conflict for a meeting that became part of a series while the actor saw a single one."""
    if was_single and meeting.series_id is not None:
        raise Conflict(
            _("This meeting was gathered into a series while you were editing. Check it first.")
        )


def _create(
    actor: Person,
    group: Group,
    details: MeetingDetails,
    state: MeetingState = MeetingState.PLANNED,
    entered_at: datetime | None = None,
) -> Meeting:
    starts_at, ends_at = checked_span(details)
    group = lock_group(group)
    can_plan_meeting.require(viewer_for(actor.pk), group)
    require_running(group)
    if entered_at and ends_at > entered_at:
        raise Invalid(_("This meeting is not over yet. Schedule it instead."), "local_date")
    uuid = new_uuid()
    meeting = Meeting.objects.create(
        uuid=uuid,
        uid=own_uid(uuid),
        group=group,
        level=group.content_level,
        number=Meeting.objects.next_number(group),
        **columns_of(details),
        starts_at=starts_at,
        ends_at=ends_at,
        state=state,
        entered_at=entered_at,
        created_by=actor,
    )
    index_meeting(meeting)
    return meeting


def own_uid(uuid: UUID) -> str:
    """Return the calendar identity (RFC 5545, 3.8.4.7) of the meeting or series with this id."""
    return f"{uuid}@{settings.MAIL_DOMAIN}"


def columns_of(details: MeetingDetails) -> dict[str, object]:
    """Return the values of a meeting by column."""
    return {"place": "", "join_url": "", **details, "fold": details.get("fold") or 0}


def checked_span(details: MeetingDetails) -> tuple[datetime, datetime]:
    """Return start and end. Raises Invalid for details that a meeting cannot have."""
    refuse_unseen(title=details["title"], place=details.get("place", ""))
    zone = local_time.zone_of_record(details["zone"])
    fold = details.get("fold")
    starts_at = local_time.instant(details["local_date"], details["local_time"], zone, fold=fold)
    minutes = details["duration_minutes"]
    if not 1 <= minutes <= MEETING_MAX_MINUTES:
        raise Invalid(_("A meeting can last from 1 minute to 24 hours."), "duration_minutes")
    return starts_at, starts_at + timedelta(minutes=minutes)


def meeting_facts(meeting: Meeting) -> dict[str, object]:
    """Return what the record says of a meeting's time."""
    return {
        "group": meeting.group.uuid,
        "number": meeting.number,
        "sequence": meeting.sequence,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
    }
