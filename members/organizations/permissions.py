"""Who can do what to an organization. Source of the rules: docs/permissions.md, "Organizations"."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.organizations.choices import RepresentativeRole
from members.organizations.models import Affiliation, Organization, Representation
from members.people.models import Person


def is_own(viewer: Viewer, organization: Organization) -> bool:
    """Whether the viewer belongs to the organization, or represents it before it is a member."""
    return organization.pk in viewer.organization_ids | viewer.represented_ids


def acts_for(viewer: Viewer, organization: Organization) -> bool:
    """Whether the viewer is representative or alternate of a member that is not read-only."""
    return organization.pk in viewer.organization_ids and viewer.represents(organization.pk)


def can_see_inside(viewer: Viewer, organization: Organization) -> bool:
    """Its own people and staff see people with roles, domains, history and signed agreements."""
    return viewer.is_staff or is_own(viewer, organization)


def can_see_people(viewer: Viewer, organization: Organization) -> bool:
    """The alliance sees its people who are in the directory; its own people and staff see all."""
    return viewer.in_alliance or can_see_inside(viewer, organization)


@rule(_("Only the organization's representatives and staff can change this."))
def can_edit_profile(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff or acts_for(viewer, organization)


@rule(_("Only staff who do not belong to the organization can answer this."))
def can_answer_legal_name(viewer: Viewer, organization: Organization) -> bool:
    """Staff, except for their own organization."""
    return viewer.is_staff and not is_own(viewer, organization)


@rule(_("Only staff who do not belong to the organization can change this."))
def can_set_status(viewer: Viewer, organization: Organization | None) -> bool:
    """Staff, except for their own organization. Nobody sets the status of a person's membership."""
    return organization is not None and viewer.is_staff and not is_own(viewer, organization)


@rule(_("Only staff can change this."))
def can_set_domains(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff


@rule(_("Only staff can choose addresses."))
def can_choose_address(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff


@rule(_("Only staff can change this."))
def can_relate(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff


@rule(_("Only staff can appoint the representative. Representatives can appoint alternates."))
def can_appoint(viewer: Viewer, organization: Organization, role: str) -> bool:
    """Staff appoint to both roles; the organization's representatives appoint alternates."""
    if viewer.is_staff:
        return True
    return role == RepresentativeRole.ALTERNATE and acts_for(viewer, organization)


@rule(_("You cannot appoint yourself. Ask a colleague or staff."))
def can_appoint_person(viewer: Viewer, person: Person) -> bool:
    """Anybody but the viewer; `can_appoint` checks the organization and the role."""
    return viewer.person_id != person.pk


@rule(_("Only staff can remove the representative. Representatives can remove alternates."))
def can_dismiss(viewer: Viewer, representation: Representation) -> bool:
    """The person themselves, and those who can appoint to the role."""
    return viewer.person_id == representation.person_id or can_appoint(
        viewer, representation.organization, representation.role
    )


@rule(_("Only this person, the organization's representatives and staff can do this."))
def can_end_affiliation(viewer: Viewer, affiliation: Affiliation) -> bool:
    """Staff, the organization's representatives, and the affiliated person."""
    return (
        viewer.is_staff
        or viewer.person_id == affiliation.person_id
        or acts_for(viewer, affiliation.organization)
    )


@rule(_("Only staff can import members."))
def can_import(viewer: Viewer) -> bool:
    return viewer.is_staff
