"""The speakers of a meeting: hands raised and lowered, called one after the other, done."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.undo.light_acts import changed_since
from members.people.models import Person
from workinggroups.meetings.actions.live import changed, hold, lock_for
from workinggroups.meetings.models import Meeting, SpeakerRequest
from workinggroups.meetings.permissions import can_check_in, can_raise_hand, can_run_meeting
from workinggroups.meetings.phases import LiveAct
from workinggroups.meetings.queries.speakers import turn_of
from workinggroups.meetings.speaking_order import speaking_order


@transaction.atomic
def raise_hand(*, actor: Person, meeting: Meeting) -> SpeakerRequest:
    """Ask to speak. Returns the open request of someone who waits or speaks already.

    Raises WrongState for someone who is not recorded as present. Locks the meeting; the unique
    constraint is the last guard.
    """
    meeting = lock_for(LiveAct.SPEAK, actor=actor, meeting=meeting, rule=can_raise_hand)
    if not _is_present(meeting, actor):
        raise WrongState(_("Check in first, then raise your hand."))
    waiting = meeting.speakers.open().filter(person=actor).first()
    if waiting is not None:
        return waiting
    organization_id = viewer_for(actor.pk).seats[meeting.group_id].organization_id
    request = SpeakerRequest.objects.create(
        meeting=meeting, person=actor, organization_id=organization_id, raised_at=timezone.now()
    )
    changed(meeting)
    return request


@transaction.atomic
def lower_hand(*, actor: Person, meeting: Meeting) -> SpeakerRequest | None:
    """Withdraw the actor's own request, or end it while they speak. Returns it; None without one."""
    meeting = lock_for(LiveAct.SPEAK, actor=actor, meeting=meeting, rule=can_check_in)
    request = meeting.speakers.open().filter(person=actor).first()
    if request is not None:
        _close(request)
        changed(meeting)
    return request


@transaction.atomic
def add_speaker(*, actor: Person, meeting: Meeting, person: Person) -> SpeakerRequest:
    """Put someone who is present on the list, such as an observer or who asks aloud.

    Returns the open request of someone who waits or speaks already. Raises Invalid for someone who
    is not recorded as present. Locks the meeting.
    """
    meeting = lock_for(LiveAct.SPEAK, actor=actor, meeting=meeting, rule=can_run_meeting)
    row = meeting.attendance.present().filter(person=person).first()
    if row is None:
        raise Invalid(_("Choose someone who is recorded as present."), "person")
    waiting = meeting.speakers.open().filter(person=person).first()
    if waiting is not None:
        return waiting
    request = SpeakerRequest.objects.create(
        meeting=meeting,
        person=person,
        organization_id=row.organization_id,
        added_by=actor,
        raised_at=timezone.now(),
    )
    changed(meeting)
    return request


@transaction.atomic
def call_next(
    *, actor: Person, meeting: Meeting, after: UUID | None, chosen: UUID | None = None
) -> SpeakerRequest | None:
    """End the turn of the speaker and call the next in order, or the one `chosen`; return who speaks.

    `after` is the request of the speaker whom the actor saw, None for nobody. When someone else
    speaks by now, another officer was faster: nothing changes. Without anybody waiting the turn
    just ends. Raises Conflict when the chosen one no longer waits. Locks the meeting; the unique
    constraint is the last guard against two speakers.
    """
    meeting = lock_for(LiveAct.SPEAK, actor=actor, meeting=meeting, rule=can_run_meeting)
    current = meeting.speakers.speaking().first()
    if (current.uuid if current else None) != after:
        return current
    called = _chosen(meeting, chosen) if chosen else _first_in_order(meeting)
    now = timezone.now()
    if current is not None:
        current.done_at = now
        current.save(update_fields=["done_at"])
    if called is not None:
        called.called_at = now
        called.save(update_fields=["called_at"])
    if current is not None or called is not None:
        hold(meeting)
    return called


@transaction.atomic
def close_request(*, actor: Person, request: SpeakerRequest) -> SpeakerRequest | None:
    """End the turn of a speaker, or remove someone who waits: officers, and people their own.

    Returns the request, or None for one that is closed already. Locks the meeting.
    """
    meeting = lock_for(LiveAct.SPEAK, actor=actor, meeting=request.meeting, rule=can_check_in)
    if request.person_id != actor.pk and not can_run_meeting(viewer_for(actor.pk), meeting):
        raise NotAllowed(can_run_meeting.refusal(viewer_for(actor.pk), meeting))
    current = meeting.speakers.open().filter(pk=request.pk).first()
    if current is not None:
        _close(current)
        changed(meeting)
    return current


@transaction.atomic
def ask_again(*, actor: Person, request: SpeakerRequest, at: datetime) -> None:
    """Let a request that was withdrawn `at` this moment wait again, at its place in the line.

    For the person themselves, and officers. Raises Conflict if it is no longer as it was left, if the
    person has asked anew, or is not present any more. Locks the meeting.
    """
    meeting = lock_for(LiveAct.SPEAK, actor=actor, meeting=request.meeting, rule=can_check_in)
    viewer = viewer_for(actor.pk)
    if request.person_id != actor.pk and not can_run_meeting(viewer, meeting):
        raise NotAllowed(can_run_meeting.refusal(viewer, meeting))
    current = meeting.speakers.filter(pk=request.pk, withdrawn_at=at).first()
    waits_again = meeting.speakers.open().filter(person=request.person_id).exists()
    if current is None or waits_again or not _is_present(meeting, request.person):
        raise changed_since()
    current.withdrawn_at = None
    current.save(update_fields=["withdrawn_at"])
    changed(meeting)


def close_requests_of_absent(*, meeting: Meeting) -> None:
    """Close the requests of people who are no longer recorded as present. The caller holds the lock."""
    present = meeting.attendance.present().values("person")
    now = timezone.now()
    absent = meeting.speakers.open().exclude(person__in=present)
    absent.waiting().update(withdrawn_at=now)
    absent.speaking().update(done_at=now)


def _is_present(meeting: Meeting, person: Person) -> bool:
    return meeting.attendance.present().filter(person=person).exists()


def _close(request: SpeakerRequest) -> None:
    if request.called_at is None:
        request.withdrawn_at = timezone.now()
        request.save(update_fields=["withdrawn_at"])
    else:
        request.done_at = timezone.now()
        request.save(update_fields=["done_at"])


def _chosen(meeting: Meeting, uuid: UUID) -> SpeakerRequest:
    request = meeting.speakers.waiting().filter(uuid=uuid).first()
    if request is None:
        raise Conflict(_("This person no longer waits to speak."))
    return request


def _first_in_order(meeting: Meeting) -> SpeakerRequest | None:
    requests = list(meeting.speakers.filter(withdrawn_at__isnull=True))
    order = speaking_order(turn_of(request) for request in requests)
    by_pk = {request.pk: request for request in requests}
    return by_pk[order[0].pk] if order else None
