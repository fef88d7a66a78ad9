"""Who belongs to an organization and who acts for it, both with dates."""

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
    """The person belongs to the organization from now on; whoever does already stays as they are.

    Locks the organization, so that one person comes in once. Tells its representatives.
    """
    with transaction.atomic():
        _lock(organization)
        known = Affiliation.objects.current().filter(person=person, organization=organization)
        if affiliation := known.first():
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
    """The person no longer belongs to the organization, nor acts for it; the past stays.

    Groups and ballots follow by themselves: a seat counts only with its affiliation. Raises
    WrongState when it has ended already.
    """
    can_end_affiliation.require(viewer_for(actor.pk), affiliation)
    with transaction.atomic():
        _lock(affiliation.organization)
        locked = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
        if locked.during.upper is not None:
            raise WrongState(_("This affiliation has ended already."))
        for representation in _current(locked.organization).filter(person=locked.person):
            # Else an alternate could be rid of the representative by sending them away.
            can_dismiss.require(viewer_for(actor.pk), representation)
            _leave(actor, representation)
        locked.during = ended(locked.during)
        locked.save(update_fields=["during"])
        record(
            actor, OrganizationAct.LEFT, locked.organization, facts={"person": locked.person.uuid}
        )


def appoint_representative(
    *, actor: Person, person: Person, organization: Organization, role: str
) -> Representation:
    """The person acts and votes for the organization; a primary takes the place of the one before.

    Raises Invalid for somebody who does not belong to it, NotAllowed for naming oneself.
    """
    viewer = viewer_for(actor.pk)
    can_appoint.require(viewer, organization, role)
    can_appoint_person.require(viewer, person)
    return represent(by=actor, person=person, organization=organization, role=role)


def represent(
    *, by: Person, person: Person, organization: Organization, role: str
) -> Representation:
    """The person holds this role for the organization from now on.

    Their other role there ends, and so does the primary before them when they become it. The
    exclusion constraints are the last guard; the lock on the organization keeps them quiet.
    """
    with transaction.atomic():
        _lock(organization)
        belongs = Affiliation.objects.current().filter(person=person, organization=organization)
        if not belongs.exists():
            raise Invalid(_("Choose somebody who belongs to the organization."), field="person")
        current = _current(organization).select_for_update()
        if same := current.filter(person=person, role=role).first():
            return same
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
    """The person no longer acts for the organization; they still belong to it."""
    can_dismiss.require(viewer_for(actor.pk), representation)
    with transaction.atomic():
        _lock(representation.organization)
        locked = Representation.objects.select_for_update().get(pk=representation.pk)
        if locked.during.upper is not None:
            raise WrongState(_("They do not hold this role any more."))
        _leave(actor, locked)


def end_all(*, by: Person, organization: Organization) -> None:
    """Nobody belongs to the organization or acts for it any more; tells nobody.

    For an organization that comes back: who had access when it left may have left it since.
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


def _leave(by: Person, representation: Representation) -> None:
    """Ends a representation that nobody takes over; staff hear of a member without a primary."""
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
