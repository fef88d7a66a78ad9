"""The staff of this alliance, its people, and who acts for the organizations."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from bench.large import agreements
from bench.large.chronicle import AGE, Chronicle, Colleague
from bench.large.names import PARTS, TITLES
from common.names import lookup_key, sort_key
from members.organizations.choices import (
    AffiliationSource,
    MembershipStatus,
    OrganizationAct,
    RepresentativeRole,
)
from members.organizations.models import Affiliation, Membership, Representation
from members.people.actions import person_entries
from members.people.choices import PersonAct
from members.people.models import Person

# Who founds groups here; also how one knows that this demo is loaded.
STAFF_ADDRESS = "programme@office.example"
INSIDE = (MembershipStatus.ACTIVE, MembershipStatus.GRACE)


def add_staff(chronicle: Chronicle) -> None:
    joined = chronicle.ago(AGE + 30)
    name = "Odalys Brennholt"
    chronicle.staff = Person.objects.create(
        uuid=chronicle.uuid(joined),
        name=name,
        email=STAFF_ADDRESS,
        password=make_password(None),
        zone="Europe/Lisbon",
        is_staff=True,
        joined_at=joined,
    )
    EmailAddress.objects.create(
        user=chronicle.staff, email=STAFF_ADDRESS, verified=True, primary=True
    )
    chronicle.act(PersonAct.CREATED, chronicle.staff, joined, chronicle.staff)
    chronicle.act(PersonAct.MADE_STAFF, chronicle.staff, joined, None)


def add(chronicle: Chronicle, memberships: list[Membership]) -> None:
    """Everybody belongs to one organization and came some time after it."""
    people: list[Person] = []
    homes: list[Membership] = []
    for number in range(1, chronicle.sizes.people + 1):
        # The first are spread, so that every organization has somebody; then some are larger.
        few = number <= 2 * len(memberships)
        place = number - 1 if few else int(len(memberships) * chronicle.dice.random() ** 2)
        membership = memberships[place % len(memberships)]
        homes.append(membership)
        people.append(_person(chronicle, number, membership))
    chronicle.save(people, 0.4)
    chronicle.save(
        EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in people
    )
    affiliations = chronicle.save(
        Affiliation(
            uuid=chronicle.uuid(person.joined_at),
            person=person,
            organization=membership.organization,
            title=chronicle.dice.choice(TITLES),
            source=chronicle.dice.choice(
                [
                    AffiliationSource.INVITATION,
                    AffiliationSource.STAFF,
                    AffiliationSource.INVITATION,
                ]
            ),
            during=type(membership.during)(person.joined_at, membership.during.upper, "[)"),
        )
        for person, membership in zip(people, homes, strict=True)
    )
    for person, membership, affiliation in zip(people, homes, affiliations, strict=True):
        _tell(chronicle, person, membership, affiliation)
    _represent(chronicle, affiliations)
    agreements.accept_for_self(chronicle, people)


def _person(chronicle: Chronicle, number: int, membership: Membership) -> Person:
    dice, home = chronicle.dice, membership.organization
    assert home is not None
    near = [part for part in PARTS if home.country in part.countries]
    part = dice.choice(near if near and chronicle.happens(0.8) else PARTS)
    name = part.name(dice.choice(part.given), dice.choice(part.family))
    latest = membership.during.upper or chronicle.now
    # Most came early.
    spread = (latest - membership.during.lower) * dice.random() ** 2
    joined = chronicle.between(membership.during.lower, membership.during.lower + spread)
    return Person(
        uuid=chronicle.uuid(joined),
        name=name,
        sort_name=sort_key(name)[:200],
        search_name=lookup_key(name),
        email=f"p{number:05d}@{home.slug}.example",
        password=make_password(None),
        zone=dice.choice(part.zones),
        in_directory=number == 1 or chronicle.happens(0.7),
        joined_at=joined,
    )


def _tell(
    chronicle: Chronicle, person: Person, membership: Membership, affiliation: Affiliation
) -> None:
    home = affiliation.organization
    chronicle.act(PersonAct.CREATED, person, person.joined_at, person)
    chronicle.act(
        OrganizationAct.JOINED,
        home,
        person.joined_at,
        chronicle.staff,
        person=person.uuid,
        source=affiliation.source,
    )
    if person.in_directory:
        chronicle.act(PersonAct.LISTED, person, person.joined_at, person)
        chronicle.entries += person_entries(person)
    if membership.status in INSIDE:
        chronicle.colleagues.append(
            Colleague(
                person,
                home,
                person.joined_at,
                may_write=membership.status != MembershipStatus.GRACE,
            )
        )


def _represent(chronicle: Chronicle, affiliations: list[Affiliation]) -> None:
    """The earliest of each organization acts for it, and often a second one beside."""
    at_home: dict[int, list[Affiliation]] = {}
    for one in affiliations:
        at_home.setdefault(one.organization_id, []).append(one)
    named: list[Representation] = []
    for own in at_home.values():
        # The ordinary member whom the bench measures is nobody's representative.
        others = [one for one in own if one.person_id != affiliations[0].person_id]
        own = sorted(others or own, key=lambda one: one.during.lower)
        wanted = [RepresentativeRole.PRIMARY, RepresentativeRole.ALTERNATE]
        if chronicle.happens(0.5):
            wanted.pop()
        # A few organizations have lost theirs, which the overview of staff shows.
        if chronicle.happens(0.01):
            wanted = []
        for role, one in zip(wanted, own, strict=False):
            named.append(
                Representation(
                    uuid=chronicle.uuid(one.during.lower),
                    person=one.person,
                    organization=one.organization,
                    role=role,
                    during=one.during,
                )
            )
            chronicle.act(
                OrganizationAct.REPRESENTATIVE_NAMED,
                one.organization,
                one.during.lower,
                chronicle.staff,
                person=one.person.uuid,
                role=role.value,
            )
    chronicle.save(named)
    agreements.sign(chronicle, named)
