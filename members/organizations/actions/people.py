"""Affiliate people with an organization and appoint its representatives, both with dates."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import ended
from members.organizations.choices import AffiliationSource, OrganizationAct, RepresentativeRole
from members.organizations.models import (
    Affiliation,
    Organization,
    Representation,
    RepresentationQuerySet,
)
from members.organizations.notifications import ColleagueJoined, RepresentativeMissing
from members.organizations.permissions import (
    can_appoint,
    can_appoint_person,
    can_dismiss,
    can_end_affiliation,
)
from members.people.models import Person
from notifications.actions import notify


def affiliate(
    *,
    by: Person,
    person: Person,
    organization: Organization,
    source: AffiliationSource,
    title: str = "",
) -> Affiliation:
    """Affiliate the person with the organization from now on; return a current affiliation as is.

    Locks the organization, so that the person is affiliated once. Notifies its representatives.
    """
    with transaction.atomic():
        _lock(organization)
        current = Affiliation.objects.current().filter(person=person, organization=organization)
        if affiliation := current.first():
            return affiliation
        affiliation = Affiliation.objects.create(
            person=person, organization=organization, source=source, title=title.strip()
        )
        facts = {"person": person.uuid, "source": source}
        record(by, OrganizationAct.JOINED, organization, facts=facts)
        notify(
            ColleagueJoined(organization=organization.pk, person=person.pk),
            cause=affiliation.uuid,
            actor=person,
            scope_uuid=organization.uuid,
        )
    return affiliation


def end_affiliation(*, actor: Person, affiliation: Affiliation) -> None:
    """End the person's affiliation, and their role for the organization; the past stays.

    Groups and ballots need no change: a seat counts only while its affiliation does. Raises
    NotAllowed, and WrongState when the affiliation has ended.
    """
    can_end_affiliation.require(viewer_for(actor.pk), affiliation)
    with transaction.atomic():
        _lock(affiliation.organization)
        locked = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
        if locked.during.upper is not None:
            raise WrongState(_("This affiliation has already ended."))
        for representation in _current(locked.organization).filter(person=locked.person):
            # Otherwise an alternate could dismiss the representative by ending the affiliation.
            can_dismiss.require(viewer_for(actor.pk), representation)
            _end_without_successor(actor, representation)
        locked.during = ended(locked.during)
        locked.save(update_fields=["during"])
        record(
            actor, OrganizationAct.LEFT, locked.organization, facts={"person": locked.person.uuid}
        )


def appoint_representative(
    *, actor: Person, person: Person, organization: Organization, role: str
) -> Representation:
    """Appoint the person to act for the organization; a new primary replaces the one before.

    Raises Invalid for a person who does not belong to the organization, NotAllowed for the actor.
    """
    viewer = viewer_for(actor.pk)
    can_appoint.require(viewer, organization, role)
    can_appoint_person.require(viewer, person)
    return represent(by=actor, person=person, organization=organization, role=role)


def represent(
    *, by: Person, person: Person, organization: Organization, role: str
) -> Representation:
    """Give the person this role for the organization from now on.

    Ends their other role there and, for a new primary, the role of the primary before them. The
    exclusion constraints are the last guard; the lock on the organization keeps them from firing.
    """
    with transaction.atomic():
        _lock(organization)
        affiliations = Affiliation.objects.current().filter(
            person=person, organization=organization
        )
        if not affiliations.exists():
            raise Invalid(_("Choose someone who belongs to the organization."), field="person")
        current = _current(organization).select_for_update()
        if representation := current.filter(person=person, role=role).first():
            return representation
        for representation in current.filter(person=person):
            _end(by, representation)
        if role == RepresentativeRole.PRIMARY:
            for representation in _current(organization).filter(role=role):
                _end(by, representation)
        representation = Representation.objects.create(
            person=person, organization=organization, role=role
        )
        facts = {"person": person.uuid, "role": role}
        record(by, OrganizationAct.REPRESENTATIVE_NAMED, organization, facts=facts)
    return representation


def dismiss_representative(*, actor: Person, representation: Representation) -> None:
    """End the person's role for the organization; they still belong to it."""
    can_dismiss.require(viewer_for(actor.pk), representation)
    with transaction.atomic():
        _lock(representation.organization)
        locked = Representation.objects.select_for_update().get(pk=representation.pk)
        if locked.during.upper is not None:
            raise WrongState(_("This person no longer holds this role."))
        _end_without_successor(actor, locked)


def end_all(*, by: Person, organization: Organization) -> None:
    """End all affiliations and representations of the organization; notify nobody.

    For an organization that returns: people who had access before may have left it since.
    """
    with transaction.atomic():
        _lock(organization)
        for representation in _current(organization).select_related("person", "organization"):
            _end(by, representation)
        current = Affiliation.objects.current().filter(organization=organization)
        for affiliation in current.select_related("person", "organization"):
            affiliation.during = ended(affiliation.during)
            affiliation.save(update_fields=["during"])
            facts = {"person": affiliation.person.uuid}
            record(by, OrganizationAct.LEFT, affiliation.organization, facts=facts)


def _end(by: Person, representation: Representation) -> None:
    representation.during = ended(representation.during)
    representation.save(update_fields=["during"])
    facts = {"person": representation.person.uuid, "role": representation.role}
    record(by, OrganizationAct.REPRESENTATIVE_ENDED, representation.organization, facts=facts)


def _end_without_successor(by: Person, representation: Representation) -> None:
    """End the representation; notify staff of an organization that has no primary any more."""
    _end(by, representation)
    if representation.role == RepresentativeRole.PRIMARY:
        notify(
            RepresentativeMissing(organization=representation.organization_id),
            cause=representation.uuid,
            actor=by,
            scope_uuid=representation.organization.uuid,
        )


def _current(organization: Organization) -> RepresentationQuerySet:
    return Representation.objects.current().filter(organization=organization)


def _lock(organization: Organization) -> None:
    Organization.objects.select_for_update().get(pk=organization.pk)
