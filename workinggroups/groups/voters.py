"""Who votes for an organization in a group: derived from who is named and who still belongs to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from members.onboarding.standing import Standing, standings
from members.organizations.choices import RepresentativeRole
from members.organizations.models import Insider, Organization, Representation
from members.people.models import Person
from workinggroups.groups.choices import ParticipationLevel, VoterRole
from workinggroups.groups.models import Group, Seat, VotingRepresentative


@dataclass(frozen=True, slots=True)
class OrganizationVoters:
    """Who votes for one organization in one group now.

    `voter` is None where nobody can: an organization without a representative, and in a group that
    only its members know of, several participants who have named nobody. `is_named` says whether
    the voter was named for this group or votes by default. `proposed` is the only person who takes
    part for the organization, to be offered when it names someone. The voter and the alternates
    belong to the organization and can sign in; whether the vote counts is `standing`.
    """

    organization: Organization
    voter: Person | None
    alternates: tuple[Person, ...]
    is_named: bool
    proposed: Person | None
    standing: Standing

    @property
    def is_good(self) -> bool:
        return self.standing == Standing.GOOD


@dataclass(frozen=True, slots=True)
class GroupVoters:
    """The voters of an organization in one group, and the rows by which people are named there."""

    group: Group
    voters: OrganizationVoters
    named: tuple[VotingRepresentative, ...]


Pair = tuple[int, int]  # the ids of a group and an organization


def organization_voters(group: Group) -> list[OrganizationVoters]:
    """Return the voters of each organization with a participant in the group now, by name.

    Observers and invited experts give an organization no vote. Nine queries.
    """
    return [each.voters for each in voters_in(group)]


def voters_in(group: Group) -> list[GroupVoters]:
    """Return the same with the rows of who is named."""
    return _derived(_participants().filter(group=group), {group.pk: group})


def voting_organizations(group: Group) -> QuerySet[Organization]:
    """Return the organizations with a participant in the group now."""
    return Organization.objects.filter(
        pk__in=_participants().filter(group=group).values("organization")
    )


def voters_of(group: Group, organization: Organization) -> OrganizationVoters | None:
    """Return the organization's voters in the group; None if nobody takes part for it."""
    seats = _participants().filter(group=group, organization=organization)
    return next((each.voters for each in _derived(seats, {group.pk: group})), None)


def voters_by_group(organization: Organization, groups: QuerySet[Group]) -> list[GroupVoters]:
    """Return the organization's voters in each of these groups in which it takes part, by name."""
    by_pk = {group.pk: group for group in groups}
    seats = _participants().filter(organization=organization, group__in=by_pk)
    return sorted(_derived(seats, by_pk), key=lambda each: (each.group.sort_name, each.group.pk))


def electable(group: Group, organization: Organization) -> QuerySet[Person]:
    """Return the people who can be named to vote for the organization in the group, by name.

    Its people in the alliance, with or without a seat; in a group that only its members know of,
    its participants.
    """
    if group.is_secret:
        able = _participants().filter(group=group, organization=organization)
        people = Person.objects.active().filter(pk__in=able.values("person"))
    else:
        insiders = Insider.objects.filter(organization=organization)
        people = Person.objects.active().filter(pk__in=insiders.values("person"))
    return people.order_by("sort_name", "pk")


def namers(group: Group, organization_id: int) -> QuerySet[Person]:
    """Return the people who name the organization's voters in the group: the mirror of
    `can_name_voter`, except that members in grace are told though they cannot name."""
    if group.is_secret:
        able = _participants().filter(group=group, organization=organization_id)
        return Person.objects.active().filter(pk__in=able.values("person"))
    acting = Representation.objects.current().filter(organization=organization_id)
    return Person.objects.active().filter(pk__in=acting.values("person"))


def _participants() -> QuerySet[Seat]:
    return Seat.objects.filter(level=ParticipationLevel.PARTICIPANT, organization__isnull=False)


def _derived(seats: QuerySet[Seat], groups: Mapping[int, Group]) -> list[GroupVoters]:
    """Return the voters of each group and organization with one of these seats, by organization.

    Of a thousand participants only those are read who are the only one of their organization.
    """
    in_order = seats.order_by("organization__sort_name", "organization_id", "person_id")
    participants: dict[Pair, list[int]] = defaultdict(list)
    for group_id, organization_id, person_id in in_order.values_list(
        "group_id", "organization_id", "person_id"
    ):
        assert organization_id is not None  # `_participants`
        participants[group_id, organization_id].append(person_id)
    organizations = Organization.objects.in_bulk({pair[1] for pair in participants})
    only = Person.objects.in_bulk(ids[0] for ids in participants.values() if len(ids) == 1)
    named, acting = _named(participants), _acting(organizations)
    people_named = ([row.person for row in rows] for rows in named.values())
    able = _able(organizations, [*people_named, *acting.values()])
    standing = standings(organizations)
    rows = []
    for (group_id, organization_id), own in participants.items():
        group = groups[group_id]
        proposed = only.get(own[0]) if len(own) == 1 else None
        ids = own if group.is_secret else able[organization_id]
        named_here = named.get((group_id, organization_id), [])
        speaking = [row.person for row in named_here if row.person_id in ids]
        order = speaking or _default(group, proposed, acting.get(organization_id, ()), ids)
        voters = OrganizationVoters(
            organization=organizations[organization_id],
            voter=order[0] if order else None,
            alternates=tuple(order[1:]),
            is_named=bool(speaking),
            proposed=proposed,
            standing=standing[organization_id],
        )
        rows.append(GroupVoters(group, voters, tuple(named_here)))
    return rows


def _default(
    group: Group, only: Person | None, acting: Iterable[Person], able: Collection[int]
) -> list[Person]:
    """Return who votes while nobody who is named can: the representative, then its alternates.

    In a group that only its members know of: the only participant, or nobody.
    """
    if group.is_secret:
        return [only] if only else []
    return [person for person in acting if person.pk in able]


def _named(pairs: Collection[Pair]) -> dict[Pair, list[VotingRepresentative]]:
    """Return the rows of who is named for each pair: the voter, then the alternates as they were named."""
    rows = VotingRepresentative.objects.current().filter(
        group__in={group_id for group_id, _organization_id in pairs},
        organization__in={organization_id for _group_id, organization_id in pairs},
    )
    named: dict[Pair, list[VotingRepresentative]] = defaultdict(list)
    in_order = sorted(
        rows.select_related("person"), key=lambda row: (row.role != VoterRole.PRIMARY, row.pk)
    )
    for row in in_order:
        named[row.group_id, row.organization_id].append(row)
    return named


def _acting(organization_ids: Collection[int]) -> dict[int, list[Person]]:
    """Return the representatives of each organization, the primary one first."""
    rows = Representation.objects.current().filter(organization__in=organization_ids)
    acting: dict[int, list[Person]] = defaultdict(list)
    in_order = sorted(
        rows.select_related("person"),
        key=lambda row: (row.role != RepresentativeRole.PRIMARY, row.during.lower, row.pk),
    )
    for row in in_order:
        acting[row.organization_id].append(row.person)
    return acting


def _able(
    organization_ids: Collection[int], people: Iterable[Iterable[Person]]
) -> dict[int, set[int]]:
    """Return which of these people are in the alliance through each organization and can sign in."""
    ids = {person.pk for several in people for person in several}
    able: dict[int, set[int]] = defaultdict(set)
    insiders = Insider.objects.filter(organization__in=organization_ids, person__in=ids)
    for organization_id, person_id in insiders.values_list("organization_id", "person_id"):
        able[organization_id].add(person_id)
    return able
