import pytest

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from members.organizations.models import Membership, Organization
from members.people.models import Person
from notifications.models import Event
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.models import AdmissionRequest, Group, Participation


@pytest.fixture
def open_group(chair: Person) -> Group:
    return factories.group("Open Tools", preset="open", chair=chair)


def own_organization(person: Person) -> Organization:
    return person.affiliations.get().organization


def test_member_of_the_alliance_joins_an_open_group(open_group: Group, outsider: Person) -> None:
    actions.join(actor=outsider, group=open_group, organization=own_organization(outsider))

    seat = viewer_for(outsider.pk).seats[open_group.pk]
    assert seat.level == "participant"
    assert seat.organization_id == own_organization(outsider).pk
    assert Event.objects.get().kind == "member_joined"


def test_individual_joins_for_itself(open_group: Group, individual: Person) -> None:
    actions.join(actor=individual, group=open_group, organization=None)

    assert viewer_for(individual.pk).seats[open_group.pk].organization_id is None


def test_joining_twice_is_refused(open_group: Group, outsider: Person) -> None:
    organization = own_organization(outsider)
    actions.join(actor=outsider, group=open_group, organization=organization)

    with pytest.raises(WrongState):
        actions.join(actor=outsider, group=open_group, organization=organization)


def test_nobody_joins_for_a_foreign_organization(
    open_group: Group, outsider: Person, organization: Organization
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.join(actor=outsider, group=open_group, organization=organization)

    assert refused.value.field == "organization"


@pytest.mark.parametrize("who", ["applicant", "staff"])
def test_who_is_outside_or_staff_does_not_join(
    open_group: Group, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        actions.join(actor=request.getfixturevalue(who), group=open_group, organization=None)


def test_group_that_admits_by_request_is_not_joined(group: Group, outsider: Person) -> None:
    with pytest.raises(WrongState):
        actions.join(actor=outsider, group=group, organization=own_organization(outsider))


def test_place_lost_with_an_organization_is_taken_again_for_another(open_group: Group) -> None:
    first, second = factories.organization(), factories.organization()
    person = factories.member_of(first)
    factories.seat(open_group, person, organization=first)
    factories.affiliate(person, second)
    Membership.objects.filter(organization=first).update(status="suspended")

    actions.join(actor=person, group=open_group, organization=second)

    assert viewer_for(person.pk).seats[open_group.pk].organization_id == second.pk
    assert Participation.objects.filter(person=person).count() == 2


def test_request_waits_and_is_approved_once(group: Group, chair: Person, outsider: Person) -> None:
    organization = own_organization(outsider)
    asked = actions.ask_to_join(actor=outsider, group=group, organization=organization)
    again = actions.ask_to_join(actor=outsider, group=group, organization=organization)

    actions.approve_request(actor=chair, request=asked)

    assert again == asked
    assert viewer_for(outsider.pk).is_member(group.pk)
    with pytest.raises(WrongState):
        actions.decline_request(actor=chair, request=asked)
    assert sorted(event.kind for event in Event.objects.all()) == [
        "admission_decided",
        "admission_requested",
        "member_joined",
    ]


def test_declined_request_gives_no_place_and_may_be_asked_again(
    group: Group, chair: Person, outsider: Person
) -> None:
    asked = factories.admission_request(group, outsider)

    declined = actions.decline_request(actor=chair, request=asked, reason="Not yet chartered")

    assert declined.state == "declined"
    assert declined.reason == "Not yet chartered"
    assert not viewer_for(outsider.pk).is_member(group.pk)
    anew = actions.ask_to_join(actor=outsider, group=group, organization=own_organization(outsider))
    assert anew.pk != asked.pk


def test_request_of_somebody_who_left_the_alliance_is_not_approved(
    group: Group, chair: Person, outsider: Person
) -> None:
    asked = factories.admission_request(group, outsider)
    Membership.objects.filter(organization=own_organization(outsider)).update(status="suspended")

    with pytest.raises(WrongState):
        actions.approve_request(actor=chair, request=asked)

    assert AdmissionRequest.objects.get().state == "open"


def test_only_the_asker_withdraws_and_only_chairs_answer(
    group: Group, member: Person, outsider: Person
) -> None:
    asked = factories.admission_request(group, outsider)

    with pytest.raises(NotAllowed):
        actions.withdraw_request(actor=member, request=asked)
    with pytest.raises(NotAllowed):
        actions.approve_request(actor=member, request=asked)
    with pytest.raises(NotAllowed):
        actions.approve_request(actor=outsider, request=asked)
    assert actions.withdraw_request(actor=outsider, request=asked).state == "withdrawn"


def test_chair_adds_a_member_of_the_alliance(group: Group, chair: Person, outsider: Person) -> None:
    factories.admission_request(group, outsider)

    actions.add_member(
        actor=chair, group=group, person=outsider, organization=own_organization(outsider)
    )

    assert viewer_for(outsider.pk).is_member(group.pk)
    assert AdmissionRequest.objects.get().state == "withdrawn"
    assert Event.objects.get(kind="member_added").ref["person"] == outsider.pk


def test_chair_invites_an_expert_from_outside(
    group: Group, chair: Person, stranger: Person
) -> None:
    actions.add_member(actor=chair, group=group, person=stranger, organization=None, level="expert")

    viewer = viewer_for(stranger.pk)
    assert viewer.may_write(group.pk)
    assert not viewer.in_alliance


def test_chair_cannot_add_an_outsider_of_the_alliance_as_participant(
    group: Group, chair: Person, stranger: Person
) -> None:
    with pytest.raises(Invalid):
        actions.add_member(actor=chair, group=group, person=stranger, organization=None)


def test_staff_adds_others_to_an_open_group_and_never_itself(
    group: Group, staff: Person, outsider: Person
) -> None:
    Group.objects.filter(pk=group.pk).update(content="alliance")
    actions.add_member(
        actor=staff, group=group, person=outsider, organization=own_organization(outsider)
    )

    assert viewer_for(outsider.pk).is_member(group.pk)
    with pytest.raises(NotAllowed):
        actions.add_member(actor=staff, group=group, person=staff, organization=None)


def test_leaving_ends_the_place_and_the_offices(group: Group, co_chair: Person) -> None:
    actions.leave(actor=co_chair, group=group)

    assert not viewer_for(co_chair.pk).is_member(group.pk)
    assert not group.offices.current().filter(person=co_chair).exists()


def test_last_chair_cannot_leave_or_be_removed(
    group: Group, chair: Person, co_chair: Person
) -> None:
    with pytest.raises(WrongState):
        actions.leave(actor=chair, group=group)
    with pytest.raises(WrongState):
        actions.remove_member(actor=co_chair, group=group, person=chair)


def test_last_chair_who_can_act_cannot_leave(group: Group, chair: Person) -> None:
    gone = factories.organization(status="suspended")
    factories.seat(group, factories.member_of(gone), organization=gone, office="chair")

    with pytest.raises(WrongState):
        actions.leave(actor=chair, group=group)


def test_office_does_not_come_back_with_a_new_place(open_group: Group) -> None:
    first, second = factories.organization(), factories.organization()
    person = factories.member_of(first)
    factories.seat(open_group, person, organization=first, office="co_chair")
    factories.affiliate(person, second)
    Membership.objects.filter(organization=first).update(status="suspended")

    actions.join(actor=person, group=open_group, organization=second, level="observer")

    assert viewer_for(person.pk).seats[open_group.pk].offices == frozenset()
    assert not open_group.offices.current().filter(person=person).exists()


def test_chair_removes_a_member(group: Group, chair: Person, member: Person) -> None:
    actions.remove_member(actor=chair, group=group, person=member)

    assert not viewer_for(member.pk).is_member(group.pk)
    with pytest.raises(WrongState):
        actions.remove_member(actor=chair, group=group, person=member)


def test_level_changes_and_the_old_place_stays_known(
    group: Group, chair: Person, member: Person
) -> None:
    actions.change_level(actor=chair, group=group, person=member, level="observer")

    assert not viewer_for(member.pk).may_write(group.pk)
    assert [place.level for place in member.participations.order_by("pk")] == [
        "participant",
        "observer",
    ]


def test_officer_cannot_become_an_observer(group: Group, chair: Person, secretary: Person) -> None:
    with pytest.raises(WrongState):
        actions.change_level(actor=chair, group=group, person=secretary, level="observer")
