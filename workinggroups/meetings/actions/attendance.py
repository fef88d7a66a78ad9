"""Who is coming, and who attended for which organization."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import WrongState
from common.record.actions import record
from common.undo.light_acts import changed_since
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


def answer_meeting(
    *, actor: Person, meeting: Meeting, is_coming: bool, and_following: bool = False
) -> Attendance:
    """Record whether the actor is coming; a later answer replaces an earlier one.

    With `and_following` it is also the answer to the meetings that follow in the series, and in those
    that continue it, of which the rows exist; to a meeting of no series it makes no difference. Where
    the actor is recorded as present already, that stays.
    """
    answer, _before = answer_and_remember(
        actor=actor, meeting=meeting, is_coming=is_coming, and_following=and_following
    )
    return answer


@transaction.atomic
def answer_and_remember(
    *, actor: Person, meeting: Meeting, is_coming: bool, and_following: bool = False
) -> tuple[Attendance, dict[int, str]]:
    """As `answer_meeting`; return also the actor's answers before, "" for none, by the meeting's id."""
    meeting = lock_meeting(meeting)
    viewer = viewer_for(actor.pk)
    _require_answerable(actor, meeting)
    meetings = [meeting]
    if and_following and meeting.series:
        series = with_continuations(meeting.series)
        same = Meeting.objects.filter(series__in=series).upcoming()
        meetings += same.filter(starts_at__gt=meeting.starts_at)
    earlier = Attendance.objects.filter(meeting__in=meetings, person=actor)
    locked = earlier.select_for_update().order_by("pk")
    states = dict(locked.values_list("meeting_id", "state"))
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
    earlier.exclude(state=AttendanceState.PRESENT).update(**given)
    before = {each.pk: states.get(each.pk, "") for each in meetings}
    before = {pk: state for pk, state in before.items() if state != AttendanceState.PRESENT}
    changed(meeting)
    return earlier.get(meeting=meeting), before


@transaction.atomic
def take_back_answer(
    *, actor: Person, meeting: Meeting, before: Mapping[int, str], at: datetime
) -> None:
    """Return the actor's answers to what they were before an answer `at` this moment.

    `before` is that of `answer_and_remember`. Raises Conflict if any of them was changed since, and
    what `answer_meeting` raises. Locks the meeting.
    """
    meeting = lock_meeting(meeting)
    _require_answerable(actor, meeting)
    rows = Attendance.objects.select_for_update().filter(meeting__in=before, person=actor)
    answers = [
        row
        for row in rows.order_by("pk")
        if row.changed_at == at and row.state in {AttendanceState.COMING, AttendanceState.REGRETS}
    ]
    if len(answers) != len(before):
        raise changed_since()
    now = timezone.now()
    for row in answers:
        row.state, row.changed_at = before[row.meeting_id] or row.state, now
    Attendance.objects.bulk_update(answers, ["state", "changed_at"])
    unanswered = [row.pk for row in answers if not before[row.meeting_id]]
    Attendance.objects.filter(pk__in=unanswered).delete()
    changed(meeting)


def _require_answerable(actor: Person, meeting: Meeting) -> None:
    can_answer_meeting.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    if meeting.is_over or meeting.state != MeetingState.PLANNED:
        raise WrongState(
            _("This meeting has taken place. The chairs and the secretary record who attended.")
        )
    if meeting.attendance.present().filter(person=actor).exists():
        raise WrongState(
            _("You have checked in to this meeting. Undo the check-in first if you can't come.")
        )


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
    write_rows(meeting, roster, present)
    close_requests_of_absent(meeting=meeting)
    note_recorded(actor=actor, meeting=meeting)
    return meeting


def note_recorded(*, actor: Person, meeting: Meeting, **facts: object) -> None:
    """Count the meeting as held, and record that its attendance was recorded, with more `facts`."""
    meeting.state = MeetingState.HELD
    touch(meeting, "state")
    present_count = Attendance.objects.present().filter(meeting=meeting).count()
    counted = {"present": present_count, "competition_notice": competition.VERSION}
    record(actor, MeetingAct.ATTENDANCE_RECORDED, meeting, facts={**counted, **facts})


def write_rows(
    meeting: Meeting,
    roster: Collection[int],
    present: Collection[int],
    how: PresenceSource = PresenceSource.OFFICER,
) -> int:
    """Write what has changed of the people of `roster`; return how many. See `record_attendance`."""
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
                how=how if state == AttendanceState.PRESENT else "",
                changed_at=now,
            )
        )
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["meeting", "person"],
        update_fields=["organization", "state", "how", "checked_in_at", "changed_at"],
    )
    return len(rows)


def _state(row: Attendance | None, *, is_present: bool) -> str:
    if is_present:
        return AttendanceState.PRESENT
    has_regrets = row is not None and row.state == AttendanceState.REGRETS
    return AttendanceState.REGRETS if has_regrets else AttendanceState.ABSENT
