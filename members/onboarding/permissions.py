"""Who can do what in onboarding. Source of the rules: docs/permissions.md, "Onboarding"."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.onboarding.choices import InvitationRole
from members.onboarding.models import Application, Invitation
from members.organizations.models import Organization
from members.organizations.permissions import acts_for


@rule(_("Only the applicant can change this application."))
def can_edit(viewer: Viewer, application: Application) -> bool:
    """Only its applicant; the action checks that it is not sent yet."""
    return viewer.person_id is not None and viewer.person_id == application.applicant_id


@rule(_("Only staff can work on applications."))
def can_process(viewer: Viewer, application: Application) -> bool:
    """Staff assign an application, work through its checklist, compare it and write notes."""
    return viewer.is_staff


@rule(_("Only staff who did not send this application can decide it."))
def can_decide(viewer: Viewer, application: Application) -> bool:
    """Staff who did not send it; the action also checks that they are not named in it."""
    return viewer.is_staff and viewer.person_id != application.applicant_id


@rule(_("Only the organization's representatives and staff can invite people."))
def can_invite(viewer: Viewer, organization: Organization) -> bool:
    """Its representatives, and staff, invite people, resend invitations and revoke them."""
    return viewer.is_staff or acts_for(viewer, organization)


@rule(_("You cannot invite anyone to this organization in this role."))
def can_invite_as(viewer: Viewer, organization: Organization, role: str) -> bool:
    """Representatives invite colleagues and alternates; staff invite in any role."""
    if viewer.is_staff:
        return True
    by_representative = {InvitationRole.COLLEAGUE, InvitationRole.ALTERNATE}
    return role in by_representative and acts_for(viewer, organization)


@rule(_("Only the signatory named for this organization can accept its terms."))
def can_sign(viewer: Viewer, organization: Organization) -> bool:
    """A person who accepted to sign for the organization, while they belong to it; one query."""
    if viewer.person_id is None:
        return False
    named = Invitation.objects.to_sign(viewer.person_id)
    return named.filter(organization=organization).exists()


@rule(_("Only staff can write agreements and put them in force."))
def can_publish_agreements(viewer: Viewer) -> bool:
    """Staff write the next version of an agreement and put it in force."""
    return viewer.is_staff
