"""Organizations with their membership, and the people who belong to or act for them."""

from itertools import count
from typing import Any

from django.utils.text import slugify

from common.times import since
from members.onboarding.models import Application
from members.organizations.models import Affiliation, Membership, Organization, Representation
from members.people.models import Person
from tests.factories.people import person
from tests.factories.times import ago

_numbers = count(1)


def organization(name: str = "", *, status: str | None = "active", **fields: Any) -> Organization:
    """A member organization; `status` is its membership's, None gives it no membership."""
    name = name or f"Organization {next(_numbers)}"
    made = Organization.objects.create(
        **{
            "name": name,
            "slug": slugify(name),
            "legal_name": f"{name} Ltd",
            "kind": "company",
            "country": "CH",
            **fields,
        }
    )
    if status is not None:
        membership(organization=made, status=status)
    return made


def membership(**fields: Any) -> Membership:
    """The membership of `organization=` or of `person=`, active since a month."""
    kind = "member" if fields.get("organization") else "collaborator"
    during = fields.get("during") or since(ago(days=30))
    return Membership.objects.create(
        **{
            "kind": kind,
            "status": "active",
            "during": during,
            "joined_on": during.lower.date(),
            **fields,
        }
    )


def affiliate(somebody: Person, where: Organization, **fields: Any) -> Affiliation:
    """The person belongs to the organization since a month."""
    return Affiliation.objects.create(
        person=somebody,
        organization=where,
        **{"source": "staff", "during": since(ago(days=30)), **fields},
    )


def represent(
    somebody: Person, where: Organization, role: str = "primary", **fields: Any
) -> Representation:
    """The person acts for the organization since a month."""
    return Representation.objects.create(
        person=somebody,
        organization=where,
        role=role,
        **{"during": since(ago(days=30)), **fields},
    )


def member_of(where: Organization, name: str = "", **fields: Any) -> Person:
    """A new person who belongs to the organization."""
    made = person(name, **fields)
    affiliate(made, where)
    return made


def application(applicant: Person, **fields: Any) -> Application:
    """An application that was received a day ago."""
    number = next(_numbers)
    return Application.objects.create(
        applicant=applicant,
        **{
            "number": f"A-{number:05d}",
            "state": "received",
            "name": f"Applying Organization {number}",
            "legal_name": f"Applying Organization {number} Ltd",
            "kind": "company",
            "country": "NO",
            "purpose": "To test together.",
            "representative_name": applicant.name,
            "representative_email": applicant.email,
            "signatory_name": applicant.name,
            "signatory_email": applicant.email,
            "received_at": ago(days=1),
            **fields,
        },
    )
