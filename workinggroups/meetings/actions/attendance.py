"""Who is coming, and who attended for which organization."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.models import Seat
from workinggroups.meetings import competition
from workinggroups.meetings.actions.live import changed
from workinggroups.meetings.actions.locking import (
    lock_meeting,
    refuse_approved,
    refuse_cancelled,
    touch,
)
from workinggroups.meetings.actions.speakers import close_requests_of_absent
from workinggroups.meetings.choices import (
    AttendanceState,
    MeetingAct,
    MeetingState,
    PresenceSource,
)
from workinggroups.meetings.models import Attendance, Meeting
from workinggroups.meetings.permissions import can_answer_meeting, can_record_attendance
from workinggroups.meetings.queries.series import with_continuations


@transaction.atomic
def answer_meeting(
    *, actor: Person, meeting: Meeting, is_coming: bool, and_following: bool = False
) -> Attendance:
    """Record whether the actor is coming; a later answer replaces an earlier one.

    With `and_following` it is also the answer to the meetings that follow in the series, and in those
    that continue it, of which the rows exist; to a meeting of no series it makes no difference. Where
    the actor is recorded as present already, that stays.
    """
    meeting = lock_meeting(meeting)
    viewer = viewer_for(actor.pk)
    can_answer_meeting.require(viewer, meeting)
    refuse_cancelled(meeting)
    if meeting.is_over or meeting.state != MeetingState.PLANNED:
        raise WrongState(
            _("This meeting has taken place. The chairs and the secretary record who attended.")
        )
    if meeting.attendance.present().filter(person=actor).exists():
        raise WrongState(
            _("You have checked in to this meeting. Undo the check-in first if you can't come.")
        )
    meetings = [meeting]
    if and_following and meeting.series:
        series = with_continuations(meeting.series)
        same = Meeting.objects.filter(series__in=series).upcoming()
        meetings += same.filter(starts_at__gt=meeting.starts_at)
    given = {
        "state": AttendanceState.COMING if is_coming else AttendanceState.REGRETS,
        "organization_id": viewer.seats[meeting.group_id].organization_id,
        "changed_at": timezone.now(),
    }
    Attendance.objects.bulk_create(
        [Attendance(meeting=each, person=actor, **given) for each in meetings],
        ignore_conflicts=True,
    )
    # Whoever is recorded as present at one that follows by now is there, whatever they say here.
    earlier = Attendance.objects.filter(meeting__in=meetings, person=actor)
    earlier.exclude(state=AttendanceState.PRESENT).update(**given)
    changed(meeting)
    return earlier.get(meeting=meeting)


@transaction.atomic
def record_attendance(
    *,
    actor: Person,
    meeting: Meeting,
    roster: Collection[int],
    present: Collection[int],
    seen_at: datetime | None = None,
) -> Meeting:
    """Record which people of `roster` (ids) were `present`; the meeting counts as held.

    People outside the roster keep what is recorded for them, so a long list can be recorded a page
    at a time. Regrets stay regrets for people who did not come. The organization is that of the
    seat at this moment. People without a seat count only if they are already in the list. Who
    became present after `seen_at`, when the actor saw the list, stays present.
    """
    meeting = lock_meeting(meeting)
    can_record_attendance.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    refuse_approved(meeting)
    if not meeting.has_begun:
        raise WrongState(_("You can record attendance once the meeting has begun."))
    if seen_at is not None:
        came_since = meeting.attendance.present().filter(changed_at__gt=seen_at)
        present = {*present, *came_since.values_list("person_id", flat=True)}
    _write_rows(meeting, roster, present)
    close_requests_of_absent(meeting=meeting)
    meeting.state = MeetingState.HELD
    touch(meeting, "state")
    present_count = Attendance.objects.present().filter(meeting=meeting).count()
    facts = {"present": present_count, "competition_notice": competition.VERSION}
    record(actor, MeetingAct.ATTENDANCE_RECORDED, meeting, facts=facts)
    return meeting


def _write_rows(meeting: Meeting, roster: Collection[int], present: Collection[int]) -> None:
    recorded = {row.person_id: row for row in meeting.attendance.filter(person_id__in=list(roster))}
    seats = Seat.objects.filter(group=meeting.group_id, person_id__in=list(roster))
    organizations = dict(seats.values_list("person_id", "organization_id"))
    now = timezone.now()
    rows = []
    for person_id in roster:
        row = recorded.get(person_id)
        if row is None and person_id not in organizations:
            continue
        state = _state(row, is_present=person_id in present)
        if row is not None and row.state == state:
            continue
        organization_id = organizations.get(person_id, row.organization_id if row else None)
        rows.append(
            Attendance(
                meeting=meeting,
                person_id=person_id,
                organization_id=organization_id,
                state=state,
                how=PresenceSource.OFFICER if state == AttendanceState.PRESENT else "",
                changed_at=now,
            )
        )
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["meeting", "person"],
        update_fields=["organization", "state", "how", "checked_in_at", "changed_at"],
    )


def _state(row: Attendance | None, *, is_present: bool) -> str:
    if is_present:
        return AttendanceState.PRESENT
    has_regrets = row is not None and row.state == AttendanceState.REGRETS
    return AttendanceState.REGRETS if has_regrets else AttendanceState.ABSENT
