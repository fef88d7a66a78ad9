"""The agreements in force, accepted by persons and signed for organizations, where there are any."""

from datetime import datetime

from bench.large.chronicle import Chronicle
from members.onboarding.choices import FOR_ORGANIZATIONS, FOR_PERSONS, AgreementAct, AgreementKind
from members.onboarding.models import Acceptance, AgreementVersion
from members.organizations.choices import RepresentativeRole
from members.organizations.models import Organization, Representation
from members.people.models import Person

AUTHORITY = "Authorised signatory"
TITLE = "Director"


def accept_for_self(chronicle: Chronicle, people: list[Person]) -> None:
    chronicle.save(
        [
            _acceptance(chronicle, version, person, None, person.joined_at)
            for version in _in_force(FOR_PERSONS)
            for person in people
        ]
    )


def sign(chronicle: Chronicle, named: list[Representation]) -> None:
    """The representative of each organization signed for it."""
    chronicle.save(
        [
            _acceptance(chronicle, version, one.person, one.organization, one.during.lower)
            for version in _in_force(FOR_ORGANIZATIONS)
            for one in named
            if one.role == RepresentativeRole.PRIMARY and one.organization in chronicle.signed
        ]
    )


def _in_force(kinds: list[AgreementKind]) -> list[AgreementVersion]:
    return [one for one in AgreementVersion.objects.in_force() if one.kind in kinds]


def _acceptance(
    chronicle: Chronicle,
    version: AgreementVersion,
    person: Person,
    organization: Organization | None,
    since: datetime,
) -> Acceptance:
    assert version.in_force_at is not None
    at = chronicle.soon_after(max(since, version.in_force_at), 3)
    acceptance = Acceptance(
        uuid=chronicle.uuid(at),
        version=version,
        person=person,
        organization=organization,
        signatory_name=person.name,
        signatory_title=TITLE if organization else "",
        authority=AUTHORITY if organization else "",
        accepted_at=at,
    )
    chronicle.act(
        AgreementAct.ACCEPTED,
        version,
        at,
        person,
        kind=version.kind,
        number=version.number,
        sha256=version.sha256,
        acceptance=acceptance.uuid,
        **({"organization": organization.uuid} if organization else {}),
    )
    return acceptance
