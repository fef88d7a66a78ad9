"""A person checks in to a meeting."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import WrongState
from members.people.models import Person
from workinggroups.meetings.actions.live import changed, lock_for
from workinggroups.meetings.actions.speakers import close_requests_of_absent
from workinggroups.meetings.choices import (
    CHECK_IN_MINUTES,
    AttendanceState,
    MeetingState,
    PresenceSource,
)
from workinggroups.meetings.models import Attendance, Meeting
from workinggroups.meetings.models.attendance import AttendanceQuerySet
from workinggroups.meetings.permissions import can_check_in
from workinggroups.meetings.phases import LiveAct


@transaction.atomic
def check_in(*, actor: Person, meeting: Meeting) -> Attendance:
    """Record that the actor is here, with the organization of their seat at this moment.

    From 15 minutes before the start until the planned end. Does nothing for someone who is recorded
    as present already. Locks the meeting.
    """
    meeting = lock_for(LiveAct.CHECK_IN, actor=actor, meeting=meeting, rule=can_check_in)
    row = meeting.attendance.filter(person=actor).first()
    if row is not None and row.state == AttendanceState.PRESENT:
        return row
    now = timezone.now()
    row, _created = Attendance.objects.update_or_create(
        meeting=meeting,
        person=actor,
        defaults={
            "state": AttendanceState.PRESENT,
            "how": PresenceSource.SELF,
            "organization_id": viewer_for(actor.pk).seats[meeting.group_id].organization_id,
            "checked_in_at": now,
            "changed_at": now,
        },
    )
    changed(meeting)
    return row


@transaction.atomic
def undo_check_in(*, actor: Person, meeting: Meeting) -> None:
    """Take the actor's own check-in back; they count as coming again, and wait to speak no more.

    Does nothing for someone who is not recorded as present. Raises WrongState where an officer or a
    report recorded it. Locks the meeting.
    """
    meeting = lock_for(LiveAct.CHECK_IN, actor=actor, meeting=meeting, rule=can_check_in)
    row = meeting.attendance.present().filter(person=actor).first()
    if row is None:
        return
    if row.how != PresenceSource.SELF:
        raise WrongState(
            _(
                "You did not check in yourself. Ask the chairs or the secretary to change your "
                "attendance."
            )
        )
    _take_back(Attendance.objects.filter(pk=row.pk))
    close_requests_of_absent(meeting=meeting)
    changed(meeting)


def take_back_early_check_ins(meetings: Iterable[Meeting]) -> None:
    """Take back who checked in to meetings that were moved or cancelled just before their start.

    For the actions that move and cancel, which hold the locks. One query.
    """
    opens_at = timezone.now() + timedelta(minutes=CHECK_IN_MINUTES)
    apart = Q(meeting__state=MeetingState.CANCELLED) | Q(meeting__starts_at__gt=opens_at)
    pks = [meeting.pk for meeting in meetings]
    _take_back(Attendance.objects.filter(apart, meeting__in=pks, how=PresenceSource.SELF))


def _take_back(rows: AttendanceQuerySet) -> None:
    rows.update(state=AttendanceState.COMING, how="", checked_in_at=None, changed_at=timezone.now())
