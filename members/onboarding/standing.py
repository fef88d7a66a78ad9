"""Good standing: whether an organization's vote counts now, and if not, why."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from django.conf import settings

from members.onboarding.choices import FOR_ORGANIZATIONS
from members.onboarding.models import Acceptance, AgreementVersion
from members.organizations.choices import MembershipStatus
from members.organizations.models import Membership


class Standing(StrEnum):
    """Whether an organization can vote; the first reason that holds, in this order."""

    NOT_ACTIVE = "not_active"
    KIND_HAS_NO_VOTE = "kind_has_no_vote"
    AGREEMENTS_DUE = "agreements_due"
    GOOD = "good"


def standings(organization_ids: Collection[int]) -> dict[int, Standing]:
    """Return the standing of each of these organizations now. Three queries.

    It is good while the membership is active (not awaiting, in grace, suspended or ended), its kind
    is one of VOTING_MEMBERSHIP_KINDS, and every agreement in force for organizations was accepted
    for this membership.
    """
    memberships = (
        Membership.objects.current()
        .filter(organization__in=organization_ids, status=MembershipStatus.ACTIVE)
        .values_list("organization_id", "kind")
    )
    kinds = dict(memberships)
    in_force = AgreementVersion.objects.in_force().filter(kind__in=FOR_ORGANIZATIONS)
    due = _with_agreements_due(organization_ids, list(in_force.values_list("pk", flat=True)))
    return {pk: _standing(kinds.get(pk), is_due=pk in due) for pk in organization_ids}


def _standing(kind: str | None, *, is_due: bool) -> Standing:
    if kind is None:
        return Standing.NOT_ACTIVE
    if kind not in settings.VOTING_MEMBERSHIP_KINDS:
        return Standing.KIND_HAS_NO_VOTE
    return Standing.AGREEMENTS_DUE if is_due else Standing.GOOD


def _with_agreements_due(
    organization_ids: Collection[int], version_ids: Sequence[int]
) -> frozenset[int]:
    """Return the organizations that have not accepted all of these versions."""
    accepted: dict[int, set[int]] = {pk: set() for pk in organization_ids}
    acceptances = Acceptance.objects.filter(
        organization__in=organization_ids, version__in=version_ids, lapsed_at__isnull=True
    )
    for organization_id, version_id in acceptances.values_list("organization_id", "version_id"):
        accepted[organization_id].add(version_id)
    return frozenset(pk for pk, versions in accepted.items() if len(versions) < len(version_ids))
