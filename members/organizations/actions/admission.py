"""An organization comes in by an application, for the first time or again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from members.organizations.actions import memberships, people, profile
from members.organizations.choices import AffiliationSource, MembershipStatus, Relation
from members.organizations.models import Organization, OrganizationRelation
from members.people.models import Person


def admit(
    *,
    by: Person,
    applicant: Person,
    values: Mapping[str, Any],
    other_names: Iterable[str],
    domains: Iterable[str],
    returning: Organization | None = None,
    parents: Iterable[Organization] = (),
) -> Organization:
    """Give the organization a membership that awaits its agreements; the applicant belongs to it.

    It is described by `values`. A former member, `returning`, is renewed under its old record, and
    all of its former people are outside until they are invited again. `parents` are organizations
    that it is a part of. Raises Invalid when a mail domain belongs to another organization, and
    WrongState when the former member has a membership again.
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
            known = OrganizationRelation.objects.current().filter(
                organization=parent, relation=Relation.PARENT, other=organization
            )
            if not known.exists():
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
