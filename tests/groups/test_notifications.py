"""Who is told of what happens in a group, and what the inbox still says of it later."""

from types import SimpleNamespace

import pytest

from common.access import Level, viewer_for
from members.people.models import Person
from notifications.content import contents_of
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
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
    assert contents_of(events, viewer_for(co_chair.pk))

    actions.leave(actor=co_chair, group=group)

    assert contents_of(events, viewer_for(co_chair.pk)) == {}
    assert way == "joined" or contents_of(events, viewer_for(outsider.pk))


@pytest.mark.parametrize("level", Level.values)
def test_of_a_row_those_of_the_group_are_told_who_read_it(
    level: int, chair: Person, member: Person, outsider: Person, group: Group
) -> None:
    row = SimpleNamespace(group_id=group.pk, level=level)
    readers, members = readers_of(group.pk, level), members_of(group.pk)

    notified = {chair} if level == Level.CHAIRS else {chair, member}
    assert set(members_reading(row)) == notified == set(readers) & set(members)


def test_of_a_row_that_is_gone_nobody_is_told() -> None:
    assert not members_reading(None).exists()


@pytest.mark.parametrize("change", ["level", "office given", "office released"])
def test_a_changed_place_is_told_to_the_person_and_the_other_chairs(
    change: str, chair: Person, co_chair: Person, member: Person, secretary: Person, group: Group
) -> None:
    if change == "level":
        actions.change_level(actor=chair, group=group, person=member, level="observer")
        person, to_them, to_chairs = (
            member,
            "You are now an observer",
            "Mira Member is now an observer",
        )
    elif change == "office given":
        actions.appoint(actor=chair, group=group, person=member, office="secretary")
        person, to_them, to_chairs = member, "You are now secretary", "Mira Member is now secretary"
    else:
        actions.release(actor=chair, group=group, person=secretary, office="secretary")
        person, to_them, to_chairs = secretary, "no longer secretary", "Sefa Secretary is no longer"
    fan_out_waiting()

    notified = Notification.objects.filter(channel="mail").select_related("event")
    assert {notification.person for notification in notified} == {person, co_chair}
    event = notified[0].event
    assert to_them in contents_of([event], viewer_for(person.pk))[event.pk].title
    assert to_chairs in contents_of([event], viewer_for(co_chair.pk))[event.pk].title
    other = secretary if person == member else member
    assert contents_of([event], viewer_for(other.pk)) == {}
