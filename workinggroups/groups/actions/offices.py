"""Appointing and removing the officers of a group: chair, co-chairs and secretary."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.actions.seats import end_office, end_offices
from workinggroups.groups.choices import GroupAct, OfficeKind, ParticipationLevel
from workinggroups.groups.models import Group, Office, Seat
from workinggroups.groups.notifications import ChairHandedOver, OfficeEnded, OfficeGiven, notify_in
from workinggroups.groups.permissions import (
    can_appoint,
    can_hand_over,
    can_name_as_chair,
    can_release,
    can_set_chair,
)


def appoint(*, actor: Person, group: Group, person: Person, office: str) -> Office:
    """Appoint the person as co-chair or secretary; notify them and the chairs."""
    with transaction.atomic():
        group = lock_group(group)
        can_appoint.require(viewer_for(actor.pk), group)
        if office not in (OfficeKind.CO_CHAIR, OfficeKind.SECRETARY):
            raise Invalid(_("Choose co-chair or secretary."), field="office")
        _require_writer(group, person)
        return give_office(actor=actor, group=group, person=person, office=OfficeKind(office))


def release(*, actor: Person, group: Group, person: Person, office: str) -> None:
    """End the person's office of co-chair or secretary; notify them and the chairs."""
    with transaction.atomic():
        group = lock_group(group)
        can_release.require(viewer_for(actor.pk), group, person)
        if office not in (OfficeKind.CO_CHAIR, OfficeKind.SECRETARY):
            raise WrongState(_("A group cannot be without a chair. Hand the chair over instead."))
        held = _office_of(group, person, OfficeKind(office))
        end_office(actor=actor, group=group, office=held)
        ended = OfficeEnded(group=group.pk, person=person.pk, office=office)
        notify_in(group, actor, ended, cause=held.pk)


def hand_over(*, actor: Person, group: Group, person: Person) -> Office:
    """Make the person chair in place of the actor, who stays in the group without the office.

    Of two hand-overs at once the second is refused: the actor is no longer chair. Notifies the new
    chair and the members.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_hand_over.require(viewer_for(actor.pk), group)
        if actor.pk == person.pk:
            raise Invalid(_("Choose someone else."), field="person")
        _require_writer(group, person)
        office = _office_of(group, actor, OfficeKind.CHAIR)
        end_office(actor=actor, group=group, office=office)
        return _appoint_chair(actor, group, person)


def set_chair(*, actor: Person, group: Group, person: Person) -> Office:
    """Make the person the only chair. For staff, who cannot appoint themselves."""
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_set_chair.require(viewer, group)
        can_name_as_chair.require(viewer, person)
        _require_writer(group, person)
        chairs = Office.objects.current().filter(group=group, office=OfficeKind.CHAIR)
        if [office.person_id for office in chairs] == [person.pk]:
            raise WrongState(_("%(person)s already chairs this group.") % {"person": person})
        for office in chairs:
            end_office(actor=actor, group=group, office=office)
        return _appoint_chair(actor, group, person)


def give_office(*, actor: Person, group: Group, person: Person, office: OfficeKind) -> Office:
    """Give the person the office, unless they hold it; notify them and the chairs.

    The caller has locked the group and checked who may do this.
    """
    held = Office.objects.current().filter(group=group, person=person, office=office).first()
    if held is not None:
        return held
    given = Office.objects.create(group=group, person=person, office=office)
    facts = {"person": person.uuid, "office": office.value}
    record(actor, GroupAct.OFFICE_GIVEN, group, facts=facts)
    notification = OfficeGiven(group=group.pk, person=person.pk, office=office.value)
    notify_in(group, actor, notification, cause=given.pk)
    return given


def _appoint_chair(actor: Person, group: Group, person: Person) -> Office:
    """Make the person chair instead of co-chair or secretary; notify the members."""
    end_offices(actor=actor, group=group, person=person)
    given = give_office(actor=actor, group=group, person=person, office=OfficeKind.CHAIR)
    handed_over = ChairHandedOver(group=group.pk, person=person.pk)
    notify_in(group, actor, handed_over, cause=given.pk)
    return given


def _require_writer(group: Group, person: Person) -> None:
    """Raise Invalid for a person without a seat, an observer, and a membership in grace."""
    seat = Seat.objects.filter(group=group, person=person).first()
    if seat is None or seat.read_only or seat.level == ParticipationLevel.OBSERVER:
        raise Invalid(
            _("%(person)s cannot write in this group, so they cannot hold an office.")
            % {"person": person},
            field="person",
        )


def _office_of(group: Group, person: Person, office: OfficeKind) -> Office:
    held = Office.objects.current().filter(group=group, person=person, office=office).first()
    if held is None:
        raise WrongState(_("%(person)s no longer holds this office.") % {"person": person})
    return held
