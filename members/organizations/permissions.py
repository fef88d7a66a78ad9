"""Who may do what to an organization. Source of the rules: docs/permissions.md, "Organizations"."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.organizations.choices import RepresentativeRole
from members.organizations.models import Affiliation, Organization, Representation
from members.people.models import Person


def is_own(viewer: Viewer, organization: Organization) -> bool:
    """The viewer belongs to the organization, or speaks for it while it is coming in."""
    return organization.pk in viewer.organization_ids | viewer.represented_ids


def acts_for(viewer: Viewer, organization: Organization) -> bool:
    """Representative or alternate of a member that is not read-only."""
    return organization.pk in viewer.organization_ids and viewer.represents(organization.pk)


def can_see_inside(viewer: Viewer, organization: Organization) -> bool:
    """People with roles, domains, history and what it signed: its own people and staff."""
    return viewer.is_staff or is_own(viewer, organization)


def can_see_people(viewer: Viewer, organization: Organization) -> bool:
    """Its people as far as the directory lists them: the alliance, and whoever sees its inside."""
    return viewer.in_alliance or can_see_inside(viewer, organization)


@rule(_("Only the organization's representatives and staff can change this."))
def can_edit_profile(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff or acts_for(viewer, organization)


@rule(_("Only staff who do not belong to the organization can answer this."))
def can_answer_legal_name(viewer: Viewer, organization: Organization) -> bool:
    """Staff, but not of the organization they belong to themselves."""
    return viewer.is_staff and not is_own(viewer, organization)


@rule(_("Only staff who do not belong to the organization can change this."))
def can_set_status(viewer: Viewer, organization: Organization | None) -> bool:
    """Staff, but not of the organization they belong to themselves.

    The membership of a person has no organization, and nobody sets its status.
    """
    return organization is not None and viewer.is_staff and not is_own(viewer, organization)


@rule(_("Only staff can change this."))
def can_set_domains(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff


@rule(_("Only staff choose addresses."))
def can_choose_address(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff


@rule(_("Only staff can change this."))
def can_relate(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff


@rule(_("Staff name the representative; the representative names alternates."))
def can_appoint(viewer: Viewer, organization: Organization, role: str) -> bool:
    """Staff name any representative, the representatives themselves name alternates."""
    if viewer.is_staff:
        return True
    return role == RepresentativeRole.ALTERNATE and acts_for(viewer, organization)


@rule(_("Nobody names themselves; ask a colleague or staff."))
def can_appoint_person(viewer: Viewer, person: Person) -> bool:
    """Anybody else; `can_appoint` says for which organization and role."""
    return viewer.person_id != person.pk


@rule(_("Staff name the representative; the representative names alternates."))
def can_dismiss(viewer: Viewer, representation: Representation) -> bool:
    """Who could have named the representative; everybody can lay down their own office."""
    return viewer.person_id == representation.person_id or can_appoint(
        viewer, representation.organization, representation.role
    )


@rule(_("Only staff, its representatives and they themselves can do this."))
def can_end_affiliation(viewer: Viewer, affiliation: Affiliation) -> bool:
    """Staff, the organization's representatives, and the person it is about."""
    return (
        viewer.is_staff
        or viewer.person_id == affiliation.person_id
        or acts_for(viewer, affiliation.organization)
    )


@rule(_("Only staff import members."))
def can_import(viewer: Viewer) -> bool:
    return viewer.is_staff
