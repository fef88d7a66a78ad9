"""Admit an organization by its application, for the first time or again."""

from collections.abc import Iterable

from django.db import transaction

from members.organizations.actions import memberships, people, profile
from members.organizations.choices import AffiliationSource, MembershipStatus, Relation
from members.organizations.models import Organization, OrganizationRelation
from members.people.models import Person


def admit(
    *,
    by: Person,
    applicant: Person,
    values: profile.ProfileValues,
    other_names: Iterable[str],
    domains: Iterable[str],
    returning: Organization | None = None,
    parents: Iterable[Organization] = (),
) -> Organization:
    """Give the organization a membership that awaits its agreements; affiliate the applicant.

    `values` are the fields of its profile. A former member, `returning`, keeps its row, and all of
    its former people lose their affiliation until they are invited again. `parents` are
    organizations that it is a part of. Raises Invalid when a mail domain belongs to another
    organization, and WrongState when the former member has a membership again.
    """
    with transaction.atomic():
        if returning is None:
            organization = profile.create(by=by, other_names=other_names, domains=domains, **values)
        else:
            organization = profile.renew(
                by=by, organization=returning, other_names=other_names, domains=domains, **values
            )
            people.end_all(by=by, organization=organization)
        memberships.begin(by=by, organization=organization, status=MembershipStatus.AWAITING)
        for parent in parents:
            relations = OrganizationRelation.objects.current().filter(
                organization=parent, relation=Relation.PARENT, other=organization
            )
            if not relations.exists():
                profile.relate(
                    actor=by, organization=parent, relation=Relation.PARENT, other=organization
                )
        people.affiliate(
            by=by,
            person=applicant,
            organization=organization,
            source=AffiliationSource.APPLICATION,
        )
    return organization
