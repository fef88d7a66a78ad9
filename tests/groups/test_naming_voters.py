"""Naming, removing and asking: who may, who is told, what is on record."""

import pytest

from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.times import ended
from members.organizations.models import Affiliation, Organization
from members.people.exports import export
from members.people.models import Person
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.models import Group, VoterRequest, VotingRepresentative
from workinggroups.groups.voters import voters_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(organization: Organization) -> Person:
    return factories.member_of(organization, "Cleo Colleague")


@pytest.fixture
def secret(chair: Person) -> Group:
    return factories.group("Incident Response", preset="secret", chair=chair)


def told(kind: str) -> set[Person]:
    fan_out_waiting()
    rows = Notification.objects.filter(event__kind=kind).select_related("person")
    return {row.person for row in rows}


def current(group: Group) -> list[tuple[Person, str]]:
    rows = VotingRepresentative.objects.current().filter(group=group).order_by("pk")
    return [(row.person, row.role) for row in rows]


def test_the_representative_names_voter_and_alternates(
    group: Group, organization: Organization, representative: Person, chair: Person,
    colleague: Person, member: Person,
) -> None:  # fmt: skip
    actions.name_voters(
        actor=representative, group=group, organization=organization,
        voter=colleague, alternates=[member],
    )  # fmt: skip

    assert current(group) == [(colleague, "primary"), (member, "alternate")]
    assert told("voter_named") == {colleague, member, chair}
    facts = (
        Record.objects.filter(verb="voter_named").order_by("uuid").values_list("facts", flat=True)
    )
    assert [str(colleague.uuid) in facts[0], str(member.uuid) in facts[1]] == [True, True]


@pytest.mark.parametrize("who", ["chair", "member", "outsider", "staff"])
def test_nobody_else_names(
    who: str, group: Group, organization: Organization, colleague: Person,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    actor = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        actions.name_voters(actor=actor, group=group, organization=organization, voter=colleague)


def test_an_alternate_representative_names_too(
    group: Group, organization: Organization, member: Person
) -> None:
    factories.represent(member, organization, "alternate")

    actions.name_voters(actor=member, group=group, organization=organization, voter=member)

    assert current(group) == [(member, "primary")]


def test_a_representative_in_grace_does_not_name(
    group: Group, organization: Organization, representative: Person
) -> None:
    organization.memberships.update(status="grace")

    with pytest.raises(NotAllowed):
        actions.name_voters(
            actor=representative, group=group, organization=organization, voter=representative
        )


@pytest.mark.parametrize("who", ["outsider", "stranger"])
def test_people_of_others_cannot_be_named(
    who: str, group: Group, organization: Organization, representative: Person, colleague: Person,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    person = request.getfixturevalue(who)
    for named in ({"voter": person}, {"voter": colleague, "alternates": [person]}):
        with pytest.raises(Invalid):
            actions.name_voters(
                actor=representative, group=group, organization=organization, **named
            )
    assert current(group) == []


def test_alternates_need_a_voter(
    group: Group, organization: Organization, representative: Person, colleague: Person
) -> None:
    with pytest.raises(Invalid):
        actions.name_voters(
            actor=representative, group=group, organization=organization,
            voter=None, alternates=[colleague],
        )  # fmt: skip


def test_nobody_is_named_where_nobody_takes_part(
    organization: Organization, representative: Person, outsider: Person
) -> None:
    elsewhere = factories.group(preset="open", chair=outsider)

    with pytest.raises(WrongState):
        actions.name_voters(
            actor=representative, group=elsewhere, organization=organization, voter=representative
        )


def test_in_a_secret_group_its_participants_name_and_the_representative_does_not(
    secret: Group, organization: Organization, chair: Person, representative: Person,
    colleague: Person,
) -> None:  # fmt: skip
    observer = factories.member_of(organization)
    factories.seat(secret, observer, level="observer")
    for actor in (representative, observer):
        with pytest.raises(NotAllowed):
            actions.name_voters(actor=actor, group=secret, organization=organization, voter=chair)
    for person in (representative, observer):
        with pytest.raises(Invalid):
            actions.name_voters(actor=chair, group=secret, organization=organization, voter=person)

    factories.seat(secret, colleague)
    actions.name_voters(actor=chair, group=secret, organization=organization, voter=colleague)

    assert current(secret) == [(colleague, "primary")]
    assert told("voter_named") == {colleague}


def test_handing_on_ends_the_vote_before_and_keeps_who_stays(
    group: Group, organization: Organization, representative: Person, colleague: Person,
    member: Person, chair: Person,
) -> None:  # fmt: skip
    kept = factories.voter(group, member, organization, "alternate")
    factories.voter(group, colleague, organization)

    actions.name_voters(
        actor=representative, group=group, organization=organization,
        voter=representative, alternates=[member, colleague],
    )  # fmt: skip

    assert current(group) == [
        (member, "alternate"), (representative, "primary"), (colleague, "alternate"),
    ]  # fmt: skip
    assert VotingRepresentative.objects.current().get(person=member) == kept
    assert told("voter_named") == {colleague, chair}
    assert not Event.objects.filter(kind="voter_ended").exists()

    actions.name_voters(actor=representative, group=group, organization=organization, voter=member)

    assert current(group) == [(member, "primary")]
    assert told("voter_ended") == {colleague, chair}


def test_alternates_vote_in_the_order_in_which_they_are_named(
    group: Group, organization: Organization, representative: Person, colleague: Person,
    member: Person, chair: Person,
) -> None:  # fmt: skip
    for alternates in ([member, colleague], [colleague, member], [colleague, chair, member]):
        actions.name_voters(
            actor=representative, group=group, organization=organization,
            voter=representative, alternates=alternates,
        )  # fmt: skip
        voters = voters_of(group, organization)
        assert voters is not None
        assert list(voters.alternates) == alternates


def test_a_voter_steps_down_and_the_representative_removes(
    group: Group, organization: Organization, representative: Person, colleague: Person,
    member: Person, chair: Person,
) -> None:  # fmt: skip
    own = factories.voter(group, colleague, organization)
    other = factories.voter(group, member, organization, "alternate")
    with pytest.raises(NotAllowed):
        actions.remove_voter(actor=chair, voter=own)

    actions.remove_voter(actor=colleague, voter=own)
    assert told("voter_ended") == {representative, chair}
    actions.remove_voter(actor=representative, voter=other)

    assert current(group) == []
    assert Record.objects.filter(verb="voter_ended").count() == 2
    with pytest.raises(WrongState):
        actions.remove_voter(actor=representative, voter=other)


def test_in_a_concluded_group_a_voter_only_steps_down(
    group: Group,
    organization: Organization,
    representative: Person,
    colleague: Person,
    chair: Person,
) -> None:
    own = factories.voter(group, colleague, organization)
    Group.objects.update(state="concluded")
    for refused in (
        lambda: actions.name_voters(
            actor=representative, group=group, organization=organization, voter=None
        ),
        lambda: actions.remove_voter(actor=representative, voter=own),
        lambda: actions.ask_for_voter(actor=chair, group=group, organization=organization),
    ):
        with pytest.raises(WrongState):
            refused()

    own.refresh_from_db()
    actions.remove_voter(actor=colleague, voter=own)

    assert current(group) == []


def test_chairs_ask_the_representatives_once_a_day(
    group: Group, organization: Organization, representative: Person, chair: Person, member: Person
) -> None:
    with pytest.raises(NotAllowed):
        actions.ask_for_voter(actor=member, group=group, organization=organization)

    actions.ask_for_voter(actor=chair, group=group, organization=organization)

    assert told("voter_asked") == {representative}
    with pytest.raises(WrongState):
        actions.ask_for_voter(actor=chair, group=group, organization=organization)
    VoterRequest.objects.update(asked_on=factories.ago(days=1).date())
    actions.ask_for_voter(actor=chair, group=group, organization=organization)


def test_in_a_secret_group_the_participants_are_asked(
    secret: Group, organization: Organization, representative: Person, chair: Person,
    colleague: Person,
) -> None:  # fmt: skip
    factories.seat(secret, colleague)

    actions.ask_for_voter(actor=chair, group=secret, organization=organization)

    assert told("voter_asked") == {colleague}


def test_lapsed_voters_end_once_and_the_representative_is_told(
    group: Group, organization: Organization, representative: Person, chair: Person,
    colleague: Person, member: Person,
) -> None:  # fmt: skip
    factories.voter(group, colleague, organization)
    factories.voter(group, member, organization, "alternate")
    assert actions.end_lapsed_voters() == 0
    affiliation = Affiliation.objects.get(person=colleague)
    affiliation.during = ended(affiliation.during)
    affiliation.save()

    assert actions.end_lapsed_voters() == 1

    assert current(group) == [(member, "alternate")]
    assert told("voter_ended") >= {representative, chair}
    assert actions.end_lapsed_voters() == 0


def test_voters_stay_named_while_the_membership_is_suspended(
    group: Group, organization: Organization, colleague: Person
) -> None:
    factories.voter(group, colleague, organization)
    organization.memberships.update(status="suspended")

    assert actions.end_lapsed_voters() == 0


def test_in_a_secret_group_a_voter_lapses_with_the_seat(
    secret: Group, organization: Organization, colleague: Person, chair: Person,
    representative: Person,
) -> None:  # fmt: skip
    participation = factories.seat(secret, colleague)
    factories.voter(secret, colleague, organization)
    participation.during = ended(participation.during)
    participation.save()

    assert actions.end_lapsed_voters() == 1
    assert told("voter_ended") == {chair}


def test_the_own_export_says_where_a_person_voted(
    group: Group, organization: Organization, colleague: Person
) -> None:
    factories.voter(group, colleague, organization)

    [own] = export(colleague)["voting"]

    assert (own["group"], own["organization"], own["until"]) == (
        group.slug, organization.name, None,
    )  # fmt: skip
