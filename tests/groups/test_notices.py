"""Who is told of what happens in a group, and what the inbox still says of it later."""

from types import SimpleNamespace

import pytest

from common.access import Level, viewer_for
from members.people.models import Person
from notifications.lines import lines_of
from notifications.models import Event
from workinggroups.groups import actions
from workinggroups.groups.models import Group
from workinggroups.groups.queries import members_of, members_reading, readers_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["joined", "added"])
def test_who_is_in_a_closed_group_is_not_said_to_a_former_chair(
    way: str, chair: Person, co_chair: Person, outsider: Person, group: Group
) -> None:
    organization = outsider.affiliations.get().organization
    if way == "joined":
        Group.objects.filter(pk=group.pk).update(admission="open")
        actions.join(actor=outsider, group=group, organization=organization)
    else:
        actions.add_member(actor=chair, group=group, person=outsider, organization=organization)
    events = list(Event.objects.filter(kind=f"member_{way}"))
    assert lines_of(events, viewer_for(co_chair.pk))

    actions.leave(actor=co_chair, group=group)

    assert lines_of(events, viewer_for(co_chair.pk)) == {}
    assert way == "joined" or lines_of(events, viewer_for(outsider.pk))


@pytest.mark.parametrize("level", Level.values)
def test_of_a_row_those_of_the_group_are_told_who_read_it(
    level: int, chair: Person, member: Person, outsider: Person, group: Group
) -> None:
    row = SimpleNamespace(group_id=group.pk, level=level)
    readers, members = readers_of(group.pk, level), members_of(group.pk)

    told = {chair} if level == Level.CHAIRS else {chair, member}
    assert set(members_reading(row)) == told == set(readers) & set(members)


def test_of_a_row_that_is_gone_nobody_is_told() -> None:
    assert not members_reading(None).exists()
