import pytest

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from members.people.models import Person
from notifications.models import Event
from notifications.registry import kind_named
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.models import ActionItem, Group


def test_staff_reads_a_group_it_opened_and_the_chairs_are_told(
    group: Group, staff: Person, chair: Person
) -> None:
    item = factories.action_item(group, owner=chair)

    actions.break_glass(actor=staff, group=group, reason="A complaint.", minutes=30)

    assert list(ActionItem.objects.visible_to(viewer_for(staff.pk))) == [item]
    event = Event.objects.get()
    kind = kind_named(event.kind)
    assert kind.mandatory
    assert list(kind.audience(event)) == [chair]
    line = kind.lines([event], viewer_for(chair.pk))[event.pk]
    assert line.detail == "A complaint."


def test_it_ends_by_itself_or_by_hand(group: Group, staff: Person, chair: Person) -> None:
    factories.action_item(group, owner=chair)
    factories.break_glass(
        factories.group(),
        staff,
        during=factories.break_glass(group, staff).during,
    )
    opened = group.break_glasses.get()

    actions.end_break_glass(actor=staff, opened=opened)

    assert not ActionItem.objects.visible_to(viewer_for(staff.pk)).exists()
    with pytest.raises(WrongState):
        actions.end_break_glass(actor=staff, opened=opened)


@pytest.mark.parametrize("minutes", [0, 61])
def test_it_lasts_at_most_an_hour(group: Group, staff: Person, minutes: int) -> None:
    with pytest.raises(Invalid) as refused:
        actions.break_glass(actor=staff, group=group, reason="Why", minutes=minutes)

    assert refused.value.field == "minutes"


def test_it_needs_a_reason_and_is_for_staff(group: Group, staff: Person, outsider: Person) -> None:
    with pytest.raises(Invalid):
        actions.break_glass(actor=staff, group=group, reason=" ", minutes=10)
    with pytest.raises(NotAllowed):
        actions.break_glass(actor=outsider, group=group, reason="Why", minutes=10)


def test_it_is_not_opened_twice(group: Group, staff: Person) -> None:
    actions.break_glass(actor=staff, group=group, reason="Why", minutes=10)

    with pytest.raises(WrongState):
        actions.break_glass(actor=staff, group=group, reason="Why", minutes=10)
