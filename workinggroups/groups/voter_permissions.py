"""Who can name, remove and ask for those who vote for an organization in a group."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.access.rules import rule
from members.organizations.models import Organization
from members.organizations.permissions import acts_for, is_own
from workinggroups.groups.choices import ParticipationLevel
from workinggroups.groups.models import Group, VotingRepresentative
from workinggroups.groups.permissions import rule_while_running, why_concluded


def speaks_in(viewer: Viewer, group: Group, organization: Organization) -> bool:
    """Whether the viewer takes part in the group for the organization, and can write there."""
    seat = viewer.seats.get(group.pk)
    return bool(
        seat
        and not seat.read_only
        and seat.level == ParticipationLevel.PARTICIPANT
        and seat.organization_id == organization.pk
    )


def _why_not_name_voter(viewer: Viewer, group: Group, organization: Organization) -> Promise:
    if group.is_secret:
        return _("Only the organization's participants in this group choose who votes for it.")
    return _("Only the organization's representatives can name who votes for it.")


@rule_while_running(_why_not_name_voter)
def can_name_voter(viewer: Viewer, group: Group, organization: Organization) -> bool:
    """Naming who votes for the organization in the group: its representatives.

    In a group that only its members know of, its participants in the group instead.
    """
    if group.is_secret:
        return speaks_in(viewer, group, organization)
    return acts_for(viewer, organization)


def _why_not_remove_voter(viewer: Viewer, voter: VotingRepresentative) -> Promise | str:
    return "" if viewer.person_id == voter.person_id else why_concluded(viewer, voter)


@rule(
    lambda viewer, voter: _why_not_name_voter(viewer, voter.group, voter.organization),
    closed=_why_not_remove_voter,
)
def can_remove_voter(viewer: Viewer, voter: VotingRepresentative) -> bool:
    """Those who can name voters, and voters who step down at any time."""
    return viewer.person_id == voter.person_id or can_name_voter.gives_right(
        viewer, voter.group, voter.organization
    )


@rule_while_running(_("Only the group's chairs can ask an organization who votes for it."))
def can_ask_for_voter(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk)


def can_see_standing(viewer: Viewer, group: Group, organization: Organization) -> bool:
    """Why an organization cannot vote at present: chairs, staff and the organization's own people."""
    return viewer.is_staff or group.pk in viewer.chaired_ids or is_own(viewer, organization)
