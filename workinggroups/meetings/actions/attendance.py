"""Who comes, and who was there on whose behalf."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.models import Seat
from workinggroups.meetings import competition
from workinggroups.meetings.actions.locking import (
    locked,
    refuse_approved,
    refuse_cancelled,
    touch,
)
from workinggroups.meetings.choices import AttendanceState, MeetingAct, MeetingState
from workinggroups.meetings.models import Attendance, Meeting
from workinggroups.meetings.permissions import can_answer_meeting, can_record_attendance


@transaction.atomic
def answer_meeting(*, actor: Person, meeting: Meeting, is_coming: bool) -> Attendance:
    """The actor has said that it comes, or that it cannot; the last word counts."""
    meeting = locked(meeting)
    viewer = viewer_for(actor.pk)
    can_answer_meeting.require(viewer, meeting)
    refuse_cancelled(meeting)
    if meeting.is_over or meeting.state != MeetingState.PLANNED:
        raise WrongState(_("This meeting has taken place; the officers record who was there."))
    seat = viewer.seats[meeting.group_id]
    attendance, _created = Attendance.objects.update_or_create(
        meeting=meeting,
        person=actor,
        defaults={
            "state": AttendanceState.COMING if is_coming else AttendanceState.REGRETS,
            "organization_id": seat.organization_id,
            "changed_at": timezone.now(),
        },
    )
    return attendance


@transaction.atomic
def record_attendance(
    *, actor: Person, meeting: Meeting, roster: Collection[int], present: Collection[int]
) -> Meeting:
    """Of the people in `roster` (ids), those in `present` were there and the others were not.

    Others keep what stands for them, so that a long roll can be recorded a page at a time. Whoever
    sent regrets and did not come keeps its regrets. The organization is that of the seat at this
    moment and stays so. People without a seat count only where they already stand in the list.
    """
    meeting = locked(meeting)
    can_record_attendance.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    refuse_approved(meeting)
    if not meeting.has_begun:
        raise WrongState(_("Attendance is recorded once the meeting has begun."))
    _write_rows(meeting, roster, present)
    meeting.state = MeetingState.HELD
    touch(meeting, "state")
    record(
        actor,
        MeetingAct.ATTENDANCE_RECORDED,
        meeting,
        facts={
            "present": Attendance.objects.present().filter(meeting=meeting).count(),
            "competition_notice": competition.VERSION,
        },
    )
    return meeting


def _write_rows(meeting: Meeting, roster: Collection[int], present: Collection[int]) -> None:
    standing = {row.person_id: row for row in meeting.attendance.filter(person_id__in=list(roster))}
    organizations = dict(
        Seat.objects.filter(group=meeting.group_id, person_id__in=list(roster)).values_list(
            "person_id", "organization_id"
        )
    )
    now = timezone.now()
    rows = []
    for person_id in roster:
        row = standing.get(person_id)
        if row is None and person_id not in organizations:
            continue
        state = _state(row, person_id in present)
        if row is not None and row.state == state:
            continue
        behalf = organizations.get(person_id, row.organization_id if row else None)
        rows.append(
            Attendance(
                meeting=meeting,
                person_id=person_id,
                organization_id=behalf,
                state=state,
                changed_at=now,
            )
        )
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["meeting", "person"],
        update_fields=["organization", "state", "changed_at"],
    )


def _state(row: Attendance | None, was_there: bool) -> str:
    if was_there:
        return AttendanceState.PRESENT
    has_regrets = row is not None and row.state == AttendanceState.REGRETS
    return AttendanceState.REGRETS if has_regrets else AttendanceState.ABSENT
