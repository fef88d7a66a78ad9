"""The organizations, and how their memberships stand."""

from datetime import datetime

from bench.large.chronicle import AGE, Chronicle
from bench.large.names import BEGINNINGS, BODIES, ENDINGS, KINDS, PARTS
from common.addresses.spelling import address_of
from common.names import lookup_key, sort_key
from common.times import between, since
from members.organizations.actions.search_entries import organization_entries
from members.organizations.choices import MembershipAct, MembershipKind, OrganizationAct
from members.organizations.choices import MembershipStatus as Status
from members.organizations.models import Membership, Organization, OrganizationDomain

# Of a hundred members: how many are not, or no longer, simply active.
STATUSES = [Status.ACTIVE] * 90 + [Status.GRACE] * 3 + [Status.SUSPENDED] * 2 + [Status.ENDED] * 3
STATUSES += [Status.AWAITING] * 2
REASONS = {
    Status.GRACE: "The yearly report of the member is late.",
    Status.SUSPENDED: "The body is being reorganised; at its own request.",
    Status.ENDED: "Its work goes on in another member.",
}
# The first ones are there from the beginning, and simply active.
FOUNDERS = 5


def add(chronicle: Chronicle) -> list[Membership]:
    count = chronicle.sizes.organizations
    places = [begin + end for begin in BEGINNINGS for end in ENDINGS]
    chronicle.dice.shuffle(places)
    taken = set(Organization.objects.values_list("slug", flat=True))
    made: list[Organization] = []
    number = 0
    while len(made) < count:
        one = _organization(chronicle, number, places[number % len(places)])
        number += 1
        if one.slug not in taken:
            taken.add(one.slug)
            made.append(one)
    chronicle.organizations = chronicle.save(made, 0.5)
    chronicle.save(
        OrganizationDomain(organization=one, domain=f"{one.slug}.example") for one in made
    )
    return chronicle.save(
        _membership(chronicle, one, Status.ACTIVE if number < FOUNDERS else None)
        for number, one in enumerate(made)
    )


def _organization(chronicle: Chronicle, number: int, place: str) -> Organization:
    dice = chronicle.dice
    kind = KINDS[number % len(KINDS)]
    form, suffix, sector = dice.choice(BODIES[kind])
    name = form.format(place)
    joined = _joined(chronicle, number)
    return Organization(
        uuid=chronicle.uuid(joined),
        slug=address_of(name),
        name=name,
        sort_name=sort_key(name),
        search_name=lookup_key(name, f"{name} {suffix}"),
        legal_name=f"{name} {suffix}".strip(),
        kind=kind,
        sector=sector,
        country=dice.choice(dice.choice(PARTS).countries),
        website=f"https://{address_of(name)}.example",
        summary=f"{name} works in {sector.lower()} and takes part in open tests of it.",
        shows_representatives=chronicle.happens(0.3),
        created_at=joined,
    )


def _joined(chronicle: Chronicle, number: int) -> datetime:
    """A quarter from the beginning, the others over the years until a month ago."""
    if number < max(chronicle.sizes.organizations // 4, FOUNDERS):
        return chronicle.between(chronicle.ago(AGE), chronicle.ago(AGE - 10))
    return chronicle.between(chronicle.ago(AGE), chronicle.ago(30))


def _membership(
    chronicle: Chronicle, organization: Organization, status: Status | None
) -> Membership:
    joined = organization.created_at
    status = status or chronicle.dice.choice(STATUSES)
    changed = chronicle.between(chronicle.ago(25), chronicle.ago(2))
    membership = Membership(
        uuid=chronicle.uuid(joined),
        organization=organization,
        kind=MembershipKind.MEMBER,
        status=status,
        reason=REASONS.get(status, ""),
        during=between(joined, changed) if status == Status.ENDED else since(joined),
        joined_on=joined.date(),
    )
    _tell(chronicle, organization, membership, changed)
    return membership


def _tell(
    chronicle: Chronicle, organization: Organization, membership: Membership, changed: datetime
) -> None:
    joined, staff = organization.created_at, chronicle.staff
    holder = organization.uuid
    chronicle.act(OrganizationAct.CREATED, organization, joined, staff, slug=organization.slug)
    awaiting = Status.AWAITING.value
    chronicle.act(MembershipAct.BEGUN, membership, joined, staff, holder=holder, status=awaiting)
    if membership.status == Status.AWAITING:
        return
    chronicle.signed.add(organization)
    steps = [(Status.AWAITING, Status.ACTIVE, joined)]
    if membership.status != Status.ACTIVE:
        steps.append((Status.ACTIVE, Status(membership.status), changed))
    for before, after, at in steps:
        facts = {"from": before.value, "to": after.value}
        chronicle.act(MembershipAct.STATUS_CHANGED, membership, at, staff, holder=holder, **facts)
    if membership.status in (Status.ACTIVE, Status.GRACE):
        chronicle.entries += organization_entries(organization, at=chronicle.now)
