"""Planning, moving and cancelling. The calendar identity (`uid`) of a meeting never changes."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.identifiers import new_uuid
from common.record.actions import record
from common.unseen import refuse_unseen
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import Group
from workinggroups.meetings import local_time
from workinggroups.meetings.actions.locking import (
    index,
    locked,
    refuse_cancelled,
    touch,
)
from workinggroups.meetings.actions.notes import save_notes, tidy
from workinggroups.meetings.choices import MEETING_MAX_MINUTES, MeetingAct, MeetingState
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.notifications import MeetingCancelled, MeetingMoved, MeetingPlanned
from workinggroups.meetings.permissions import can_edit_meeting, can_plan_meeting


@transaction.atomic
def plan_meeting(
    *,
    actor: Person,
    group: Group,
    title: str,
    local_date: date,
    local_time: time,
    zone: str,
    duration_minutes: int,
    place: str = "",
    join_url: str = "",
    fold: int | None = None,
) -> Meeting:
    """The group meets at this hour of the zone, and its members are told.

    Locks the group, whose numbers are given out in order. Raises NotAllowed, and Invalid for an
    hour that a change of clocks skips or repeats. A past one is for `enter_past_meeting`.
    """
    meeting = _create(
        actor,
        group,
        title=title,
        local_date=local_date,
        local_time=local_time,
        zone=zone,
        duration_minutes=duration_minutes,
        place=place,
        join_url=join_url,
        fold=fold,
    )
    record(actor, MeetingAct.PLANNED, meeting, facts=meeting_facts(meeting))
    notify(
        MeetingPlanned(group=meeting.group_id, meeting=str(meeting.uuid)),
        cause=meeting.uuid,
        actor=actor,
        scope_uuid=meeting.group.uuid,
    )
    return meeting


@transaction.atomic
def enter_past_meeting(
    *,
    actor: Person,
    group: Group,
    title: str,
    local_date: date,
    local_time: time,
    zone: str,
    duration_minutes: int,
    place: str = "",
    fold: int | None = None,
    notes: str = "",
) -> Meeting:
    """A meeting that took place elsewhere in time is on record, with its notes; nobody is told.

    The record and the page say that it was entered afterwards. Lines of its notes marked as
    action stay text: what they ask for was done, or forgotten, long ago. Attendance is recorded as
    for any other. Raises NotAllowed, and Invalid for an hour that is not over.
    """
    meeting = _create(
        actor,
        group,
        title=title,
        local_date=local_date,
        local_time=local_time,
        zone=zone,
        duration_minutes=duration_minutes,
        place=place,
        fold=fold,
        state=MeetingState.HELD,
        entered_at=timezone.now(),
    )
    record(actor, MeetingAct.ENTERED_AFTERWARDS, meeting, facts=meeting_facts(meeting))
    if tidy(notes):
        save_notes(actor=actor, meeting=meeting, base=0, source=notes)
        meeting.refresh_from_db()
    return meeting


@transaction.atomic
def change_meeting(
    *,
    actor: Person,
    meeting: Meeting,
    sequence: int,
    title: str,
    local_date: date,
    local_time: time,
    zone: str,
    duration_minutes: int,
    place: str = "",
    join_url: str = "",
    fold: int | None = None,
) -> Meeting:
    """The meeting has this title, time and place; a change of time or place is told to everybody.

    `sequence` is the one the actor has seen: raises Conflict when time or place were changed since.
    A new time or place raises it (RFC 5546, 2.1.4); `moved_from` keeps the start that was left.
    """
    refuse_unseen(title=title, place=place)
    starts_at = _starts_at(local_date, local_time, zone, fold)
    _check_length(duration_minutes)
    meeting = locked(meeting)
    can_edit_meeting.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    if meeting.state != MeetingState.PLANNED:
        raise WrongState(_("This meeting was held. Its time and place are part of the record."))
    if meeting.sequence != sequence:
        raise Conflict(
            _("Somebody moved this meeting while you wrote. Look at its new time, then go on.")
        )
    ends_at = starts_at + timedelta(minutes=duration_minutes)
    is_moved = (starts_at, ends_at) != (meeting.starts_at, meeting.ends_at)
    is_elsewhere = (place, join_url) != (meeting.place, meeting.join_url)
    if starts_at != meeting.starts_at:
        meeting.moved_from = meeting.starts_at
    meeting.title = title
    meeting.local_date, meeting.local_time = local_date, local_time
    meeting.zone, meeting.fold = zone, fold or 0
    meeting.duration_minutes = duration_minutes
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.place, meeting.join_url = place, join_url
    if is_moved or is_elsewhere:
        meeting.sequence += 1
    touch(
        meeting, "title", "local_date", "local_time", "zone", "fold", "duration_minutes",
        "starts_at", "ends_at", "place", "join_url", "moved_from", "sequence",
    )  # fmt: skip
    if is_moved or is_elsewhere:
        record(actor, MeetingAct.MOVED, meeting, facts=meeting_facts(meeting))
        notify(
            MeetingMoved(group=meeting.group_id, meeting=str(meeting.uuid)),
            cause=f"{meeting.uuid}:{meeting.sequence}",
            actor=actor,
            scope_uuid=meeting.group.uuid,
        )
    return meeting


@transaction.atomic
def cancel_meeting(*, actor: Person, meeting: Meeting, reason: str) -> Meeting:
    """The meeting does not take place; its page keeps date, reason and who cancelled it.

    Raises Invalid without a reason, WrongState when it was cancelled already or has taken place.
    """
    if not reason.strip():
        raise Invalid(_("Say why, in a sentence: it stands on the page and in the mail."), "reason")
    meeting = locked(meeting)
    can_edit_meeting.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    if meeting.state != MeetingState.PLANNED or meeting.is_over:
        raise WrongState(_("This meeting has taken place and cannot be cancelled any more."))
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_at = timezone.now()
    meeting.cancelled_by = actor
    meeting.cancelled_reason = reason.strip()
    meeting.sequence += 1
    touch(meeting, "state", "cancelled_at", "cancelled_by", "cancelled_reason", "sequence")
    record(actor, MeetingAct.CANCELLED, meeting, facts=meeting_facts(meeting))
    notify(
        MeetingCancelled(group=meeting.group_id, meeting=str(meeting.uuid)),
        cause=meeting.uuid,
        actor=actor,
        scope_uuid=meeting.group.uuid,
    )
    return meeting


def _create(
    actor: Person,
    group: Group,
    *,
    local_date: date,
    local_time: time,
    zone: str,
    duration_minutes: int,
    fold: int | None,
    **fields: Any,
) -> Meeting:
    refuse_unseen(title=fields["title"], place=fields.get("place", ""))
    starts_at = _starts_at(local_date, local_time, zone, fold)
    _check_length(duration_minutes)
    group = lock_group(group)
    can_plan_meeting.require(viewer_for(actor.pk), group)
    require_running(group)
    ends_at = starts_at + timedelta(minutes=duration_minutes)
    if (entered_at := fields.get("entered_at")) and ends_at > entered_at:
        raise Invalid(_("This meeting is not over. Plan it instead."), "local_date")
    uuid = new_uuid()
    meeting = Meeting.objects.create(
        uuid=uuid,
        uid=f"{uuid}@{settings.MAIL_DOMAIN}",
        group=group,
        level=group.content_level,
        number=_next_number(group),
        local_date=local_date,
        local_time=local_time,
        zone=zone,
        fold=fold or 0,
        duration_minutes=duration_minutes,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=actor,
        **fields,
    )
    index(meeting)
    return meeting


def _starts_at(day: date, at: time, zone: str, fold: int | None) -> datetime:
    return local_time.instant(day, at, local_time.zone_of_record(zone), fold=fold)


def _check_length(minutes: int) -> None:
    if not 1 <= minutes <= MEETING_MAX_MINUTES:
        raise Invalid(_("A meeting lasts from a minute to a day."), "duration_minutes")


def _next_number(group: Group) -> int:
    last: int | None = Meeting.objects.filter(group=group).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def meeting_facts(meeting: Meeting) -> dict[str, object]:
    """Return what the record says of a meeting's time."""
    return {
        "group": meeting.group.uuid,
        "number": meeting.number,
        "sequence": meeting.sequence,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
    }
