"""Who may do what on the way in. Source of the rules: docs/permissions.md, "Applications"."""

from common.access import Viewer
from members.onboarding.choices import InvitationRole
from members.onboarding.models import Application, Invitation
from members.organizations.models import Organization
from members.organizations.permissions import acts_for, is_own


def can_edit(viewer: Viewer, application: Application) -> bool:
    """Only its applicant, and only until it is sent (the state is the action's to check)."""
    return viewer.person_id is not None and viewer.person_id == application.applicant_id


def can_process(viewer: Viewer, application: Application) -> bool:
    """Staff work on an application: checklist, notes, duplicates, who is in charge."""
    return viewer.is_staff


def can_decide(viewer: Viewer, application: Application) -> bool:
    """Staff who did not send it; that they are not named in it, the action asks as well."""
    return viewer.is_staff and viewer.person_id != application.applicant_id


def can_invite(viewer: Viewer, organization: Organization) -> bool:
    return viewer.is_staff or acts_for(viewer, organization)


def can_invite_as(viewer: Viewer, organization: Organization, role: str) -> bool:
    """Representatives ask in colleagues and alternates; staff also who leads or signs."""
    if viewer.is_staff:
        return True
    by_representative = {InvitationRole.COLLEAGUE, InvitationRole.ALTERNATE}
    return role in by_representative and acts_for(viewer, organization)


def can_revoke(viewer: Viewer, invitation: Invitation) -> bool:
    return can_invite(viewer, invitation.organization)


def can_see_agreements(viewer: Viewer, organization: Organization) -> bool:
    """What an organization signed, and by whom: its own people and staff."""
    return viewer.is_staff or is_own(viewer, organization)


def can_publish_agreements(viewer: Viewer) -> bool:
    return viewer.is_staff
