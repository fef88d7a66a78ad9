"""Who votes for an organization in a group is derived from who is named and who still belongs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from common.times import ended
from members.onboarding.standing import Standing
from members.organizations.models import Affiliation, Insider, Organization, Representation
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group, Participation, Seat
from workinggroups.groups.voters import (
    OrganizationVoters,
    electable,
    organization_voters,
    voters_by_group,
    voters_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(chair: Person) -> Group:
    return factories.group("Incident Response", preset="secret", chair=chair)


def of(group: Group, organization: Organization) -> OrganizationVoters:
    voters = voters_of(group, organization)
    assert voters is not None
    return voters


def test_the_representative_votes_by_default(
    group: Group, organization: Organization, representative: Person
) -> None:
    alternate = factories.member_of(organization)
    factories.represent(alternate, organization, "alternate")

    voters = of(group, organization)

    assert (voters.voter, voters.alternates) == (representative, (alternate,))
    assert not voters.is_named


def test_who_is_named_votes_also_without_a_seat(
    group: Group, organization: Organization, representative: Person
) -> None:
    colleague = factories.member_of(organization)
    factories.voter(group, colleague, organization)

    voters = of(group, organization)

    assert (voters.voter, voters.alternates, voters.is_named) == (colleague, (), True)


def test_without_a_representative_nobody_votes(group: Group, organization: Organization) -> None:
    assert of(group, organization).voter is None


def test_the_only_participant_is_proposed_and_not_appointed(
    group: Group,
    organization: Organization,
    chair: Person,
    representative: Person,
    observer: Person,
) -> None:
    assert of(group, organization).proposed == chair
    assert of(group, organization).voter == representative

    factories.seat(group, factories.member_of(organization))

    assert of(group, organization).proposed is None


@pytest.mark.parametrize("leaving", ["affiliation", "account"])
def test_a_voter_who_left_speaks_no_longer_and_alternates_move_up(
    leaving: str, group: Group, organization: Organization, representative: Person
) -> None:
    people = [factories.member_of(organization) for _ in range(3)]
    factories.voter(group, people[1], organization, "alternate")
    factories.voter(group, people[0], organization)
    factories.voter(group, people[2], organization, "alternate")
    assert of(group, organization).alternates == (people[1], people[2])

    leave(people[0], leaving)
    assert (of(group, organization).voter, of(group, organization).alternates) == (
        people[1],
        (people[2],),
    )

    leave(people[1], leaving)
    leave(people[2], leaving)
    voters = of(group, organization)
    assert (voters.voter, voters.is_named) == (representative, False)


def leave(person: Person, how: str) -> None:
    if how == "account":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    for affiliation in Affiliation.objects.current().filter(person=person):
        if how == "affiliation":
            affiliation.during = ended(affiliation.during)
            affiliation.save()


def test_in_a_secret_group_only_participants_vote(
    secret: Group, organization: Organization, chair: Person, representative: Person
) -> None:
    voters = of(secret, organization)
    assert (voters.voter, voters.alternates, voters.is_named) == (chair, (), False)

    observer, member = factories.member_of(organization), factories.member_of(organization)
    factories.seat(secret, observer, level="observer")
    participation = factories.seat(secret, member)
    assert of(secret, organization).voter is None
    assert set(electable(secret, organization)) == {chair, member}

    factories.voter(secret, representative, organization)
    factories.voter(secret, observer, organization, "alternate")
    factories.voter(secret, member, organization, "alternate")
    assert of(secret, organization).voter == member

    participation.during = ended(participation.during)
    participation.save()
    assert of(secret, organization).voter == chair
    assert not of(secret, organization).is_named


def test_only_organizations_with_a_participant_vote(
    group: Group, organization: Organization, outsider: Person
) -> None:
    factories.seat(group, outsider, level="observer")
    factories.seat(group, factories.person("Eve Expert"), level="expert")

    assert [each.organization for each in organization_voters(group)] == [organization]
    assert voters_of(group, outsider.affiliations.get().organization) is None


def test_a_voter_of_another_organization_is_not_taken(
    group: Group, organization: Organization, outsider: Person, representative: Person
) -> None:
    factories.voter(group, outsider, organization)

    assert of(group, organization).voter == representative


def test_standing_is_told_beside_the_voter(
    group: Group, organization: Organization, representative: Person
) -> None:
    organization.memberships.update(status="grace")

    voters = of(group, organization)

    assert (voters.voter, voters.standing) == (representative, Standing.NOT_ACTIVE)
    assert not voters.is_good


def test_an_organization_reads_its_groups_by_name(
    group: Group, organization: Organization, chair: Person
) -> None:
    first = factories.group("Alpha", chair=chair)

    rows = voters_by_group(organization, Group.objects.all())

    assert [row.group for row in rows] == [first, group]
    assert {row.voters.organization for row in rows} == {organization}


def test_queries_do_not_grow(group: Group, django_assert_num_queries: Any) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            organization = factories.organization()
            people = [factories.member_of(organization) for _ in range(3)]
            factories.represent(people[0], organization)
            factories.seat(group, people[1])
            factories.voter(group, people[1], organization)
            factories.voter(group, people[2], organization, "alternate")

    factories.agreement("membership")
    add(1)
    factories.represent(group.seats.get(is_chair=True).person, Organization.objects.all()[0])
    with django_assert_num_queries(7):
        assert len(organization_voters(group)) == 2
    add(198)
    with django_assert_num_queries(7):
        assert len(organization_voters(group)) == 200


CHANGES = ("affiliation", "account", "seat", "observer", "role", "membership")


@hypothesis_settings(max_examples=40)
@given(data=st.data())
def test_a_voter_always_belongs_to_the_organization_and_can_sign_in(data: st.DataObject) -> None:
    preset = data.draw(st.sampled_from(["open", "closed", "secret"]))
    group = factories.group(preset=preset, slug=factories.person().uuid.hex)
    home = factories.organization(slug=factories.person().uuid.hex)
    away = factories.organization(slug=factories.person().uuid.hex)
    people = [factories.member_of(home) for _ in range(4)]
    people.append(factories.member_of(away))
    factories.represent(people[0], home)
    factories.represent(people[1], home, "alternate")
    for person in data.draw(st.sets(st.sampled_from(people[:4]), min_size=1)):
        factories.seat(group, person)
    order = data.draw(st.permutations(people))
    for place, person in enumerate(order[: data.draw(st.integers(0, 4))]):
        factories.voter(group, person, home, "alternate" if place else "primary")
    for person in people:
        for change in data.draw(st.sets(st.sampled_from(CHANGES), max_size=2)):
            apply(change, person, group)

    for voters in organization_voters(group):
        speaking = [each for each in (voters.voter, *voters.alternates) if each]
        insiders = Insider.objects.filter(organization=voters.organization)
        assert {each.pk for each in speaking} <= set(insiders.values_list("person", flat=True))
        assert all(Person.objects.get(pk=each.pk).is_active for each in speaking)
        assert len(set(speaking)) == len(speaking)
        assert voters.voter or not voters.alternates
        if preset == "secret":
            seats = Seat.objects.filter(
                group=group, organization=voters.organization, level="participant"
            )
            assert {each.pk for each in speaking} <= set(seats.values_list("person", flat=True))


def apply(change: str, person: Person, group: Group) -> None:
    if change in ("affiliation", "account"):
        leave(person, change)
    elif change == "observer":
        Participation.objects.filter(group=group, person=person).update(level="observer")
    elif change == "membership":
        person.affiliations.get().organization.memberships.update(status="grace")
    else:
        rows: Any = Participation if change == "seat" else Representation
        for row in rows.objects.current().filter(person=person):
            row.during = ended(row.during)
            row.save()
