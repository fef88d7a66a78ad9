"""Coming into a group and leaving it, by one's own step or by that of its chairs.

An admission request:  open ──▶ approved | declined | withdrawn
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import ended
from members.organizations.models import Organization
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.choices import (
    Admission,
    AdmissionRequestAct,
    GroupAct,
    OfficeKind,
    ParticipationLevel,
    RequestState,
)
from workinggroups.groups.models import AdmissionRequest, Group, Office, Participation, Seat
from workinggroups.groups.notifications import (
    AdmissionDecided,
    AdmissionRequested,
    LevelChanged,
    MemberAdded,
    MemberJoined,
    MemberLeft,
)
from workinggroups.groups.permissions import (
    can_ask_to_join,
    can_leave,
    can_manage_person,
    can_take_part,
    can_withdraw_request,
    is_closed,
)
from workinggroups.groups.queries import eligible_affiliations


def join(
    *,
    actor: Person,
    group: Group,
    organization: Organization | None,
    level: str = ParticipationLevel.PARTICIPANT,
) -> Participation:
    """The actor takes part in an open group on behalf of the organization, or of itself (None).

    Raises NotAllowed, WrongState, and Invalid for an organization the actor is not inside by.
    Locks the group, so that joining twice at once makes one place. Tells the chairs.
    """
    with transaction.atomic():
        group = lock_group(group)
        refuse_second_place(group, actor)
        require_running(group)
        can_take_part.require(viewer_for(actor.pk), group)
        if group.admission != Admission.OPEN:
            raise WrongState(_("This group does not admit everybody any more. Ask its chairs."))
        place = seat_person(
            actor=actor,
            group=group,
            person=actor,
            organization=_own_way(actor, organization),
            level=_own_level(level),
            verb=GroupAct.JOINED,
        )
        withdraw_request_of(actor, group)
        notify(
            MemberJoined(group=group.pk, person=actor.pk),
            cause=f"{group.pk}:{place.pk}",
            actor=actor,
            scope_uuid=group.uuid,
        )
    return place


def ask_to_join(
    *,
    actor: Person,
    group: Group,
    organization: Organization | None,
    level: str = ParticipationLevel.PARTICIPANT,
    note: str = "",
) -> AdmissionRequest:
    """The actor waits for the chairs' answer. Asking twice is one request. Tells the chairs."""
    with transaction.atomic():
        group = lock_group(group)
        refuse_second_place(group, actor)
        require_running(group)
        can_ask_to_join.require(viewer_for(actor.pk), group)
        waiting = AdmissionRequest.objects.waiting().filter(group=group, person=actor).first()
        if waiting is not None:
            return waiting
        request = AdmissionRequest.objects.create(
            group=group,
            person=actor,
            organization=_own_way(actor, organization),
            level=_own_level(level),
            note=note.strip(),
        )
        record(actor, AdmissionRequestAct.REQUESTED, request, facts=_request_facts(request))
        notify(
            AdmissionRequested(group=group.pk, request=request.pk),
            cause=request.uuid,
            actor=actor,
            scope_uuid=group.uuid,
        )
    return request


def withdraw_request(*, actor: Person, request: AdmissionRequest) -> AdmissionRequest:
    """The actor no longer asks. Raises WrongState once the chairs have answered."""
    with transaction.atomic():
        lock_group(request.group)
        request = _waiting(request)
        can_withdraw_request.require(viewer_for(actor.pk), request)
        return _decide(actor, request, RequestState.WITHDRAWN)


def approve_request(*, actor: Person, request: AdmissionRequest) -> Participation:
    """The person takes part as it asked to. Answered once: a second answer raises WrongState.

    Raises WrongState too where the person may not come in any more. Tells the person.
    """
    with transaction.atomic():
        group = lock_group(request.group)
        request = _waiting(request)
        can_manage_person.require(viewer_for(actor.pk), group, request.person)
        require_running(group)
        if request.organization not in eligible_affiliations(request.person):
            raise WrongState(
                _("%(person)s is not in the alliance that way any more. Decline the request.")
                % {"person": request.person}
            )
        place = seat_person(
            actor=actor,
            group=group,
            person=request.person,
            organization=request.organization,
            level=ParticipationLevel(request.level),
            verb=GroupAct.ADMITTED,
        )
        _decide(actor, request, RequestState.APPROVED)
        _tell_decision(actor, request)
        notify(
            MemberJoined(group=group.pk, person=request.person_id),
            cause=f"{group.pk}:{place.pk}",
            actor=actor,
            scope_uuid=group.uuid,
        )
    return place


def decline_request(
    *, actor: Person, request: AdmissionRequest, reason: str = ""
) -> AdmissionRequest:
    """The person does not come in, and reads the reason. Answered once. Tells the person."""
    with transaction.atomic():
        group = lock_group(request.group)
        request = _waiting(request)
        can_manage_person.require(viewer_for(actor.pk), group, request.person)
        request.reason = reason.strip()
        request = _decide(actor, request, RequestState.DECLINED)
        _tell_decision(actor, request)
    return request


def add_member(
    *,
    actor: Person,
    group: Group,
    person: Person,
    organization: Organization | None,
    level: str = ParticipationLevel.PARTICIPANT,
) -> Participation:
    """The person takes part. An invited expert needs no place in the alliance; others do.

    Chairs add to their group; staff to groups that the alliance reads, and to a closed one while it
    has no chair. Nobody adds itself. Tells the person and the chairs, or all members where staff
    adds to a closed group.
    """
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_manage_person.require(viewer, group, person)
        by_staff = is_closed(group) and not viewer.is_chair(group.pk)
        require_running(group)
        if level not in ParticipationLevel.values:
            raise Invalid(_("Choose one of the levels."), field="level")
        if level == ParticipationLevel.EXPERT:
            organization = None
        elif organization not in eligible_affiliations(person):
            raise Invalid(
                _("%(person)s is not in the alliance that way. Invite them as an expert instead.")
                % {"person": person},
                field="organization",
            )
        refuse_second_place(group, person)
        place = seat_person(
            actor=actor,
            group=group,
            person=person,
            organization=organization,
            level=ParticipationLevel(level),
            verb=GroupAct.ADDED,
        )
        withdraw_request_of(person, group)
        notify(
            MemberAdded(group=group.pk, person=person.pk, all_members=int(by_staff)),
            cause=f"{group.pk}:{place.pk}",
            actor=actor,
            scope_uuid=group.uuid,
        )
    return place


def leave(*, actor: Person, group: Group) -> None:
    """The actor takes part no more and reads from this moment what the alliance reads.

    The last chair hands over first: WrongState.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_leave.require(viewer_for(actor.pk), group)
        _refuse_last_chair(group, actor, _("Hand the chair over first, then leave."))
        _end_place(actor, group, actor, GroupAct.LEFT)


def remove_member(*, actor: Person, group: Group, person: Person) -> None:
    """The person takes part no more. Not the last chair (WrongState), and nobody itself."""
    with transaction.atomic():
        group = lock_group(group)
        can_manage_person.require(viewer_for(actor.pk), group, person)
        _refuse_last_chair(group, person, _("Somebody else has to take the chair first."))
        _end_place(actor, group, person, GroupAct.REMOVED)


def change_level(*, actor: Person, group: Group, person: Person, level: str) -> Participation:
    """The person takes part at another level from now on; the old place ends and stays known.

    Officers write, so they are no observers: WrongState. Tells the person and the chairs.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_manage_person.require(viewer_for(actor.pk), group, person)
        place = _place_of(group, person)
        if level not in (ParticipationLevel.PARTICIPANT, ParticipationLevel.OBSERVER):
            raise Invalid(_("Choose participant or observer."), field="level")
        if place.level == level:
            return place
        if place.level == ParticipationLevel.EXPERT:
            raise WrongState(_("An invited expert takes part without being in the alliance."))
        if Office.objects.current().filter(group=group, person=person).exists():
            raise WrongState(_("Whoever holds an office writes. Release the office first."))
        now = timezone.now()
        place.during = ended(place.during, now)
        place.save(update_fields=["during"])
        changed = seat_person(
            actor=actor,
            group=group,
            person=person,
            organization=place.organization,
            level=ParticipationLevel(level),
            verb=GroupAct.LEVEL_CHANGED,
        )
        notify(
            LevelChanged(group=group.pk, person=person.pk, level=level),
            cause=str(changed.pk),
            actor=actor,
            scope_uuid=group.uuid,
        )
    return changed


def seat_person(
    *,
    actor: Person,
    group: Group,
    person: Person,
    organization: Organization | None,
    level: ParticipationLevel,
    verb: GroupAct,
) -> Participation:
    """The person has a place; one that no longer held, since its organization left, is ended.

    With it end the offices that rested on it: whoever comes in anew is not chair of old. The
    caller holds the group and has asked for the rights. Recorded under `verb`.
    """
    now = timezone.now()
    end_offices(actor=actor, group=group, person=person)
    for stale in Participation.objects.current().filter(group=group, person=person):
        stale.during = ended(stale.during, now)
        stale.save(update_fields=["during"])
    place = Participation.objects.create(
        group=group, person=person, organization=organization, level=level
    )
    record(actor, verb, group, facts={**_facts(person, organization), "level": level})
    return place


def end_offices(*, actor: Person, group: Group, person: Person) -> None:
    """Whoever leaves holds no office in the group any more. The caller holds the group."""
    now = timezone.now()
    for office in Office.objects.current().filter(group=group, person=person):
        office.during = ended(office.during, now)
        office.save(update_fields=["during"])
        facts = {"person": person.uuid, "office": office.office}
        record(actor, GroupAct.OFFICE_ENDED, group, facts=facts)


def _end_place(actor: Person, group: Group, person: Person, verb: GroupAct) -> None:
    place = _place_of(group, person)
    end_offices(actor=actor, group=group, person=person)
    place.during = ended(place.during)
    place.save(update_fields=["during"])
    record(actor, verb, group, facts=_facts(person, place.organization))
    notify(
        MemberLeft(group=group.pk, person=person.pk),
        cause=f"{group.pk}:{place.pk}",
        actor=actor,
        scope_uuid=group.uuid,
    )


def _place_of(group: Group, person: Person) -> Participation:
    place = Participation.objects.current().filter(group=group, person=person).first()
    if place is None:
        raise WrongState(
            _("%(person)s does not take part in this group any more.") % {"person": person}
        )
    return place


def refuse_second_place(group: Group, person: Person) -> None:
    """Raises WrongState where the person has a seat in the group."""
    if Seat.objects.filter(group=group, person=person).exists():
        raise WrongState(_("%(person)s takes part in this group already.") % {"person": person})


def _refuse_last_chair(group: Group, person: Person, way_out: str) -> None:
    """Counts chairs who can act: one whose organization left holds the office by name only."""
    chairs = Office.objects.current().filter(group=group, office=OfficeKind.CHAIR)
    acting = Seat.objects.filter(group=group, person__in=chairs.values("person"))
    if set(acting.values_list("person_id", flat=True)) == {person.pk}:
        raise WrongState(_("This is the only chair of the group.") + " " + way_out)


def _own_way(actor: Person, organization: Organization | None) -> Organization | None:
    if organization not in eligible_affiliations(actor):
        raise Invalid(
            _("You cannot take part on behalf of this organization."), field="organization"
        )
    return organization


def _own_level(level: str) -> ParticipationLevel:
    if level not in (ParticipationLevel.PARTICIPANT, ParticipationLevel.OBSERVER):
        raise Invalid(_("Choose participant or observer."), field="level")
    return ParticipationLevel(level)


def _waiting(request: AdmissionRequest) -> AdmissionRequest:
    """The request as it is now, locked; WrongState once it is answered."""
    found = (
        AdmissionRequest.objects.select_for_update(of=("self",))
        .select_related("group", "person", "organization")
        .get(pk=request.pk)
    )
    if found.state != RequestState.OPEN:
        raise WrongState(
            _("This request was answered already: %(state)s.")
            % {"state": found.get_state_display().lower()}
        )
    return found


def _decide(actor: Person, request: AdmissionRequest, state: RequestState) -> AdmissionRequest:
    request.state = state
    request.decided_by = actor
    request.decided_at = timezone.now()
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    record(actor, AdmissionRequestAct(state.value), request, facts=_request_facts(request))
    return request


def withdraw_request_of(person: Person, group: Group) -> None:
    """Whoever is in has nothing left to ask for."""
    for request in AdmissionRequest.objects.waiting().filter(group=group, person=person):
        _decide(person, request, RequestState.WITHDRAWN)


def _tell_decision(actor: Person, request: AdmissionRequest) -> None:
    notify(
        AdmissionDecided(group=request.group_id, request=request.pk, person=request.person_id),
        cause=request.uuid,
        actor=actor,
        scope_uuid=request.group.uuid,
    )


def _request_facts(request: AdmissionRequest) -> dict[str, object]:
    return {"group": request.group.uuid, "person": request.person.uuid}


def _facts(person: Person, organization: Organization | None) -> dict[str, object]:
    return {"person": person.uuid, "organization": organization.uuid if organization else None}
