"""Asking to join a group, and the chairs' answer.

An admission request:  open ──▶ approved | declined | withdrawn
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import WrongState
from common.record.actions import record
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.actions.seats import (
    checked_level,
    refuse_second_seat,
    require_affiliation,
    seat_person,
)
from workinggroups.groups.choices import (
    AdmissionRequestAct,
    GroupAct,
    ParticipationLevel,
    RequestState,
)
from workinggroups.groups.models import AdmissionRequest, Group, Participation
from workinggroups.groups.notifications import (
    AdmissionDecided,
    AdmissionRequested,
    MemberJoined,
    notify_in,
)
from workinggroups.groups.permissions import (
    can_ask_to_join,
    can_decline_request,
    can_manage_person,
    can_withdraw_request,
)
from workinggroups.groups.queries import eligible_affiliations


def ask_to_join(
    *,
    actor: Person,
    group: Group,
    organization: Organization | None,
    level: str = ParticipationLevel.PARTICIPANT,
    note: str = "",
) -> AdmissionRequest:
    """Ask the chairs to admit the actor, and notify them; return the open request if there is one."""
    with transaction.atomic():
        group = lock_group(group)
        refuse_second_seat(group, actor)
        require_running(group)
        can_ask_to_join.require(viewer_for(actor.pk), group)
        waiting = AdmissionRequest.objects.waiting().filter(group=group, person=actor).first()
        if waiting is not None:
            return waiting
        require_affiliation(actor, organization)
        request = AdmissionRequest.objects.create(
            group=group,
            person=actor,
            organization=organization,
            level=checked_level(level),
            note=note.strip(),
        )
        record(actor, AdmissionRequestAct.REQUESTED, request, facts=_facts(request))
        asked = AdmissionRequested(group=group.pk, request=request.pk)
        notify_in(group, actor, asked, cause=request.uuid)
    return request


def withdraw_request(*, actor: Person, request: AdmissionRequest) -> AdmissionRequest:
    """Withdraw the actor's own request. Raises WrongState once the chairs have answered."""
    with transaction.atomic():
        lock_group(request.group)
        request = _open_request(request)
        can_withdraw_request.require(viewer_for(actor.pk), request)
        return _close(actor, request, RequestState.WITHDRAWN)


def approve_request(*, actor: Person, request: AdmissionRequest) -> Participation:
    """Admit the person as they asked; notify them and the chairs.

    Raises WrongState for a request that was answered, and where the person can no longer take part
    on behalf of the organization of the request.
    """
    with transaction.atomic():
        group = lock_group(request.group)
        request = _open_request(request)
        can_manage_person.require(viewer_for(actor.pk), group, request.person)
        if request.organization not in eligible_affiliations(request.person):
            raise WrongState(
                _(
                    "%(person)s can no longer take part as they asked to: their membership has "
                    "changed. Decline the request."
                )
                % {"person": request.person}
            )
        participation = seat_person(
            actor=actor,
            group=group,
            person=request.person,
            organization=request.organization,
            level=ParticipationLevel(request.level),
            verb=GroupAct.ADMITTED,
        )
        _close(actor, request, RequestState.APPROVED)
        _notify_decision(actor, request)
        joined = MemberJoined(group=group.pk, person=request.person_id)
        notify_in(group, actor, joined, cause=participation.pk)
    return participation


def decline_request(
    *, actor: Person, request: AdmissionRequest, reason: str = ""
) -> AdmissionRequest:
    """Decline the request; notify the person, with the reason.

    Raises WrongState for a request that was answered.
    """
    with transaction.atomic():
        group = lock_group(request.group)
        request = _open_request(request)
        can_decline_request.require(viewer_for(actor.pk), group, request.person)
        request.reason = reason.strip()
        request = _close(actor, request, RequestState.DECLINED)
        _notify_decision(actor, request)
    return request


def decline_all(*, actor: Person, group: Group, reason: str) -> int:
    """Decline the waiting requests of a group that concludes; notify each person, with the reason.

    Return how many there were. The caller holds the lock of the group.
    """
    waiting = AdmissionRequest.objects.waiting().filter(group=group).select_for_update(of=("self",))
    requests = list(waiting.select_related("group", "person").order_by("pk"))
    for request in requests:
        request.reason = reason
        _notify_decision(actor, _close(actor, request, RequestState.DECLINED))
    return len(requests)


def withdraw_request_of(person: Person, group: Group) -> None:
    """Withdraw the open request of a person who has joined the group in another way."""
    for request in AdmissionRequest.objects.waiting().filter(group=group, person=person):
        _close(person, request, RequestState.WITHDRAWN)


def _open_request(request: AdmissionRequest) -> AdmissionRequest:
    """Lock and return the request as it is now; raise WrongState once it was answered."""
    request = (
        AdmissionRequest.objects.select_for_update(of=("self",))
        .select_related("group", "person", "organization")
        .get(pk=request.pk)
    )
    if request.state != RequestState.OPEN:
        raise WrongState(
            _("This request was already answered: %(state)s.")
            % {"state": request.get_state_display().lower()}
        )
    return request


def _close(actor: Person, request: AdmissionRequest, state: RequestState) -> AdmissionRequest:
    request.state = state
    request.decided_by = actor
    request.decided_at = timezone.now()
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    record(actor, AdmissionRequestAct(state.value), request, facts=_facts(request))
    return request


def _notify_decision(actor: Person, request: AdmissionRequest) -> None:
    decided = AdmissionDecided(group=request.group_id, request=request.pk, person=request.person_id)
    notify_in(request.group, actor, decided, cause=request.uuid)


def _facts(request: AdmissionRequest) -> dict[str, object]:
    return {"group": request.group.uuid, "person": request.person.uuid}
