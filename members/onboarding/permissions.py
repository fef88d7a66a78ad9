"""Who may do what on the way in. Source of the rules: docs/permissions.md, "Applications"."""

from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.onboarding.choices import InvitationRole
from members.onboarding.models import Application, Invitation
from members.organizations.models import Organization
from members.organizations.permissions import acts_for


@rule(_("This is not yours to do."))
def can_edit(viewer: Viewer, application: Application) -> bool:
    """Only its applicant, and only until it is sent (the state is the action's to check)."""
    return viewer.person_id is not None and viewer.person_id == application.applicant_id


@rule(_("Only staff can work on applications."))
def can_process(viewer: Viewer, application: Application) -> bool:
    """Staff work on an application: checklist, notes, duplicates, who is in charge."""
    return viewer.is_staff


@rule(_("This is not yours to do."))
def can_decide(viewer: Viewer, application: Application) -> bool:
    """Staff who did not send it; that they are not named in it, the action asks as well."""
    return viewer.is_staff and viewer.person_id != application.applicant_id


@rule(_("Only the organization's representatives and staff can invite people."))
def can_invite(viewer: Viewer, organization: Organization) -> bool:
    """Ask somebody in, send an invitation again, revoke one: its representatives, and staff."""
    return viewer.is_staff or acts_for(viewer, organization)


@rule(_("You cannot invite anyone to this organization in this role."))
def can_invite_as(viewer: Viewer, organization: Organization, role: str) -> bool:
    """Representatives ask in colleagues and alternates; staff also who leads or signs."""
    if viewer.is_staff:
        return True
    by_representative = {InvitationRole.COLLEAGUE, InvitationRole.ALTERNATE}
    return role in by_representative and acts_for(viewer, organization)


@rule(_("Only the signatory named for this organization can accept its terms."))
def can_sign(viewer: Viewer, organization: Organization) -> bool:
    """Whoever accepted to sign for the organization, while they belong to it; one query."""
    if viewer.person_id is None:
        return False
    named = Invitation.objects.to_sign(viewer.person_id)
    return named.filter(organization=organization).exists()


@rule(_("Only staff can write agreements and put them in force."))
def can_publish_agreements(viewer: Viewer) -> bool:
    """Write the next version of an agreement, and put it in force."""
    return viewer.is_staff
