"""Who chairs, co-chairs and keeps the minutes of a group, with dates."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import ended
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.choices import GroupAct, OfficeKind, ParticipationLevel
from workinggroups.groups.models import Group, Office, Seat
from workinggroups.groups.notifications import ChairHandedOver, OfficeEnded, OfficeGiven
from workinggroups.groups.permissions import (
    can_appoint,
    can_hand_over,
    can_name_as_chair,
    can_release,
    can_set_chair,
)


def appoint(*, actor: Person, group: Group, person: Person, office: str) -> Office:
    """The person is co-chair or secretary from now on. Tells the person and the chairs."""
    with transaction.atomic():
        group = lock_group(group)
        can_appoint.require(viewer_for(actor.pk), group)
        require_running(group)
        if office not in (OfficeKind.CO_CHAIR, OfficeKind.SECRETARY):
            raise Invalid(_("Choose co-chair or secretary."), field="office")
        _require_writer(group, person)
        return give_office(actor=actor, group=group, person=person, office=OfficeKind(office))


def release(*, actor: Person, group: Group, person: Person, office: str) -> None:
    """The person holds the office of co-chair or secretary no more. Tells them and the chairs."""
    with transaction.atomic():
        group = lock_group(group)
        can_release.require(viewer_for(actor.pk), group, person)
        if office not in (OfficeKind.CO_CHAIR, OfficeKind.SECRETARY):
            raise WrongState(_("The chair is handed over, never left empty."))
        ended_office = _held_by(group, person, OfficeKind(office))
        _end(actor, group, ended_office)
        notify(
            OfficeEnded(group=group.pk, person=person.pk, office=office),
            cause=str(ended_office.pk),
            actor=actor,
            scope_uuid=group.uuid,
        )


def hand_over(*, actor: Person, group: Group, person: Person) -> Office:
    """The person chairs the group and the actor does no more, but goes on taking part.

    Two hand-overs at once have one effect: the second finds the actor no longer in the chair.
    Tells the new chair and the members.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_hand_over.require(viewer_for(actor.pk), group)
        require_running(group)
        if actor.pk == person.pk:
            raise Invalid(_("Choose somebody else."), field="person")
        _require_writer(group, person)
        _end(actor, group, _held_by(group, actor, OfficeKind.CHAIR))
        return _seat_chair(actor, group, person)


def set_chair(*, actor: Person, group: Group, person: Person) -> Office:
    """The person is the only chair. For staff, where a group lost its chair; never for oneself."""
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_set_chair.require(viewer, group)
        can_name_as_chair.require(viewer, person)
        require_running(group)
        _require_writer(group, person)
        chairs = Office.objects.current().filter(group=group, office=OfficeKind.CHAIR)
        if [office.person_id for office in chairs] == [person.pk]:
            raise WrongState(_("%(person)s chairs the group already.") % {"person": person})
        for office in chairs:
            _end(actor, group, office)
        return _seat_chair(actor, group, person)


def give_office(*, actor: Person, group: Group, person: Person, office: OfficeKind) -> Office:
    """The person holds the office; the caller holds the group and has asked for the rights."""
    holding = Office.objects.current().filter(group=group, person=person, office=office).first()
    if holding is not None:
        return holding
    given = Office.objects.create(group=group, person=person, office=office)
    facts = {"person": person.uuid, "office": office.value}
    record(actor, GroupAct.OFFICE_GIVEN, group, facts=facts)
    notify(
        OfficeGiven(group=group.pk, person=person.pk, office=office.value),
        cause=str(given.pk),
        actor=actor,
        scope_uuid=group.uuid,
    )
    return given


def _seat_chair(actor: Person, group: Group, person: Person) -> Office:
    """The person leaves lower offices for the chair; the members hear of it."""
    for lower in Office.objects.current().filter(group=group, person=person):
        _end(actor, group, lower)
    given = give_office(actor=actor, group=group, person=person, office=OfficeKind.CHAIR)
    notify(
        ChairHandedOver(group=group.pk, person=person.pk),
        cause=str(given.pk),
        actor=actor,
        scope_uuid=group.uuid,
    )
    return given


def _require_writer(group: Group, person: Person) -> None:
    """Officers take part and may write: no observers, no members in grace."""
    seat = Seat.objects.filter(group=group, person=person).first()
    if seat is None or seat.read_only or seat.level == ParticipationLevel.OBSERVER:
        raise Invalid(
            _("%(person)s does not take part in the group as somebody who writes.")
            % {"person": person},
            field="person",
        )


def _held_by(group: Group, person: Person, office: OfficeKind) -> Office:
    held_office = Office.objects.current().filter(group=group, person=person, office=office).first()
    if held_office is None:
        raise WrongState(_("%(person)s does not hold this office any more.") % {"person": person})
    return held_office


def _end(actor: Person, group: Group, office: Office) -> None:
    office.during = ended(office.during)
    office.save(update_fields=["during"])
    facts = {"person": office.person.uuid, "office": office.office}
    record(actor, GroupAct.OFFICE_ENDED, group, facts=facts)
