import pytest

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people.models import Person
from notifications.models import Event
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.models import Group


def test_chair_names_a_secretary(group: Group, chair: Person, member: Person) -> None:
    actions.appoint(actor=chair, group=group, person=member, office="secretary")

    assert viewer_for(member.pk).seats[group.pk].offices == {"secretary"}
    assert Event.objects.get().kind == "office_given"


def test_chair_is_not_appointed_but_handed_over(
    group: Group, chair: Person, member: Person
) -> None:
    with pytest.raises(Invalid):
        actions.appoint(actor=chair, group=group, person=member, office="chair")


def test_member_gives_no_offices(group: Group, member: Person, secretary: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.appoint(actor=member, group=group, person=member, office="secretary")
    with pytest.raises(NotAllowed):
        actions.appoint(actor=secretary, group=group, person=member, office="co_chair")


@pytest.mark.parametrize("who", ["observer", "outsider"])
def test_office_needs_a_place_that_writes(
    group: Group, chair: Person, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)

    with pytest.raises(Invalid):
        actions.appoint(actor=chair, group=group, person=person, office="secretary")


def test_handing_over_moves_the_chair(group: Group, chair: Person, co_chair: Person) -> None:
    actions.hand_over(actor=chair, group=group, person=co_chair)

    assert viewer_for(co_chair.pk).seats[group.pk].offices == {"chair"}
    assert viewer_for(chair.pk).seats[group.pk].offices == frozenset()
    verbs = Record.objects.order_by("uuid").values_list("verb", flat=True)
    assert list(verbs) == ["office_ended", "office_ended", "office_given"]
    with pytest.raises(NotAllowed):
        actions.hand_over(actor=chair, group=group, person=co_chair)


def test_co_chair_does_not_hand_the_chair_over(
    group: Group, co_chair: Person, member: Person
) -> None:
    with pytest.raises(NotAllowed):
        actions.hand_over(actor=co_chair, group=group, person=member)


def test_staff_sets_the_chair_of_a_group_that_lost_it(
    group: Group, staff: Person, chair: Person, member: Person
) -> None:
    actions.set_chair(actor=staff, group=group, person=member)

    assert viewer_for(member.pk).is_chair(group.pk)
    assert not viewer_for(chair.pk).is_chair(group.pk)
    with pytest.raises(WrongState):
        actions.set_chair(actor=staff, group=group, person=member)


def test_staff_with_a_place_does_not_set_itself(group: Group, staff: Person) -> None:
    factories.seat(group, staff)

    with pytest.raises(NotAllowed):
        actions.set_chair(actor=staff, group=group, person=staff)


def test_office_can_be_released_but_not_the_chair(
    group: Group, chair: Person, secretary: Person
) -> None:
    actions.release(actor=secretary, group=group, person=secretary, office="secretary")

    assert viewer_for(secretary.pk).seats[group.pk].offices == frozenset()
    with pytest.raises(WrongState):
        actions.release(actor=chair, group=group, person=chair, office="chair")
