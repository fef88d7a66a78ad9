"""Who votes for an organization in a group: derived from who is named and who still belongs to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
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

    Observers and invited experts give an organization no vote. Seven queries.
    """
    return [each.voters for each in voters_in(group)]


def voters_in(group: Group) -> list[GroupVoters]:
    """Return the same with the rows of who is named."""
    return _derived(_participants().filter(group=group))


def voting_organizations(group: Group) -> QuerySet[Organization]:
    """Return the organizations with a participant in the group now."""
    return Organization.objects.filter(
        pk__in=_participants().filter(group=group).values("organization")
    )


def voters_of(group: Group, organization: Organization) -> OrganizationVoters | None:
    """Return the organization's voters in the group; None if nobody takes part for it."""
    seats = _participants().filter(group=group, organization=organization)
    return next((each.voters for each in _derived(seats)), None)


def voters_by_group(organization: Organization, groups: QuerySet[Group]) -> list[GroupVoters]:
    """Return the organization's voters in each of these groups in which it takes part, by name."""
    seats = _participants().filter(organization=organization, group__in=groups)
    return sorted(_derived(seats), key=lambda each: (each.group.sort_name, each.group.pk))


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


def _derived(seats: QuerySet[Seat]) -> list[GroupVoters]:
    """Return the voters of each group and organization with one of these seats, by organization."""
    in_order = seats.select_related("group", "organization", "person").order_by(
        "organization__sort_name", "organization_id", "person__sort_name", "person_id"
    )
    participants: dict[Pair, list[Seat]] = defaultdict(list)
    for seat in in_order:
        participants[seat.group_id, seat.organization_id or 0].append(seat)
    organization_ids = {organization_id for _group_id, organization_id in participants}
    named = _named(participants)
    acting = _acting(organization_ids)
    people_named = ([row.person for row in rows] for rows in named.values())
    able = _able(organization_ids, [*people_named, *acting.values()])
    standing = standings(organization_ids)
    rows = []
    for (group_id, organization_id), own in participants.items():
        group, organization = own[0].group, own[0].organization
        assert organization is not None  # `_participants`
        people = [seat.person for seat in own]
        ids = {person.pk for person in people} if group.is_secret else able[organization_id]
        named_here = named.get((group_id, organization_id), [])
        speaking = [row.person for row in named_here if row.person_id in ids]
        default = _default(group, people, acting.get(organization_id, ()), ids)
        order = speaking or default
        rows.append(
            GroupVoters(
                group,
                OrganizationVoters(
                    organization=organization,
                    voter=order[0] if order else None,
                    alternates=tuple(order[1:]),
                    is_named=bool(speaking),
                    proposed=people[0] if len(people) == 1 else None,
                    standing=standing[organization_id],
                ),
                tuple(named_here),
            )
        )
    return rows


def _default(
    group: Group, participants: Sequence[Person], acting: Iterable[Person], able: Collection[int]
) -> list[Person]:
    """Return who votes while nobody who is named can: the representative, then its alternates.

    In a group that only its members know of: the only participant, or nobody.
    """
    if group.is_secret:
        return list(participants) if len(participants) == 1 else []
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
