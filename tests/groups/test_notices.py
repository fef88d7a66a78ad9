"""What the inbox says of a group to whoever no longer has the right it was told by."""

import pytest

from common.access import viewer_for
from members.people.models import Person
from notifications.lines import lines_of
from notifications.models import Event
from workinggroups.groups import actions
from workinggroups.groups.models import Group

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
