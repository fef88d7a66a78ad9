"""The lists of who votes, on a group's page of people and on an organization's page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from members.onboarding.standing import Standing
from members.organizations.models import Organization
from members.organizations.permissions import is_own
from members.people.models import Person
from workinggroups.groups.choices import Content, Listing
from workinggroups.groups.models import Group, VoterRequest, VotingRepresentative
from workinggroups.groups.models.voters import today
from workinggroups.groups.voter_permissions import (
    can_ask_for_voter,
    can_name_voter,
    can_see_standing,
)
from workinggroups.groups.voters import GroupVoters, OrganizationVoters, voters_by_group, voters_in

WHY_NOT: dict[Standing, Promise] = {
    Standing.NOT_ACTIVE: _("Cannot vote: its membership is not active."),
    Standing.KIND_HAS_NO_VOTE: _("Cannot vote: its kind of membership has no vote."),
    Standing.AGREEMENTS_DUE: _("Cannot vote: it has not accepted the agreements in force."),
}
CANNOT_VOTE = _("Cannot vote at present.")


@dataclass(frozen=True, slots=True)
class VotersRow:
    """One organization in one group: who votes for it, and what the viewer can do about it."""

    group: Group
    voters: OrganizationVoters
    why_not: str | Promise  # "" in good standing
    can_name: bool
    own_role: VotingRepresentative | None  # the viewer's, to step down from
    asks: str = ""  # whom a chair can ask to name someone; "" if nobody
    asked_today: bool = False
    needs_representative: bool = False  # nobody could name a voter


def why_not(viewer: Viewer, group: Group, voters: OrganizationVoters) -> str | Promise:
    """Return why the organization cannot vote, as much of it as this viewer can read; or ""."""
    if voters.is_good:
        return ""
    if can_see_standing(viewer, group, voters.organization):
        return WHY_NOT[voters.standing]
    return CANNOT_VOTE


def voters_section(viewer: Viewer, group: Group, number: int, size: int) -> dict[str, object]:
    """Return what `groups/_voters.html` shows on page `number` of a group's people.

    An organization has at least one person in the group, so its row is on one of these pages. Chairs
    see, on the first page, which organizations have no voter.
    """
    rows = voters_in(group)
    asks = can_ask_for_voter(viewer, group)
    asked = _asked_today(group) if asks else frozenset()
    shown = rows[(number - 1) * size : number * size]
    is_chair = group.pk in viewer.chaired_ids
    return {
        "voters_count": len(rows),
        "shows_voters": bool(shown) or not rows,
        "voters_missing": [row.voters.organization for row in rows if row.voters.voter is None]
        if is_chair and number == 1
        else [],
        "voters_rows": [
            VotersRow(
                group=group,
                voters=row.voters,
                why_not=why_not(viewer, group, row.voters),
                can_name=can_name_voter(viewer, group, row.voters.organization),
                own_role=_own_role(viewer, row),
                asks=_whom_to_ask(group, row.voters) if asks and not row.voters.is_named else "",
                asked_today=row.voters.organization.pk in asked,
                needs_representative=is_chair and not row.voters.voter and not group.is_secret,
            )
            for row in shown
        ],
    }


def rows_of_organization(viewer: Viewer, organization: Organization) -> list[VotersRow]:
    """Return who votes for the organization in each running group, for its own people and for staff.

    Not in groups that only their members know of; for staff of no organization, not in those that
    only their members read.
    """
    groups = Group.objects.running().exclude(listing=Listing.MEMBERS)
    if not is_own(viewer, organization):
        groups = groups.filter(content=Content.ALLIANCE)
    rows = voters_by_group(organization, groups)
    return [
        VotersRow(
            group=row.group,
            voters=row.voters,
            why_not=why_not(viewer, row.group, row.voters),
            can_name=can_name_voter(viewer, row.group, organization),
            own_role=_own_role(viewer, row),
        )
        for row in rows
    ]


def _asked_today(group: Group) -> frozenset[int]:
    requests = VoterRequest.objects.filter(group=group, asked_on=today())
    return frozenset(requests.values_list("organization", flat=True))


def _own_role(viewer: Viewer, row: GroupVoters) -> VotingRepresentative | None:
    return next((each for each in row.named if each.person_id == viewer.person_id), None)


def _whom_to_ask(group: Group, voters: OrganizationVoters) -> str:
    """Return who names the voter, as the button says it; "" where nobody can.

    While nobody is named the voter is the representative. In a group that only its members know of,
    the organization's participants choose.
    """
    if group.is_secret:
        return str(voters.proposed or voters.organization)
    return str(voters.voter or "")


def initial(group: Group, voters: OrganizationVoters) -> tuple[Person | None, list[Person]]:
    """Return whom the naming form shows as chosen: who is named, or else who is proposed."""
    if voters.is_named:
        return voters.voter, list(voters.alternates)
    return voters.proposed, []
