from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from common.access import viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from members.people.models import Person
from notifications.content import contents_of
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.models import Group


def test_item_is_numbered_and_its_owner_told(group: Group, chair: Person, member: Person) -> None:
    first = actions.create_action_item(actor=chair, group=group, text="One", owners=[member])
    second = actions.create_action_item(actor=member, group=group, text="Two")

    assert (first.number, second.number) == (1, 2)
    assert Event.objects.get().ref == {"group": group.pk, "item": first.pk, "person": member.pk}


def test_line_of_minutes_makes_one_item(group: Group, member: Person) -> None:
    source = {"source_kind": "meeting", "source_uuid": uuid4(), "source_line": "12"}

    first = actions.create_action_item(actor=member, group=group, text="One", **source)
    again = actions.create_action_item(actor=member, group=group, text="One", **source)

    assert again == first


def test_observer_and_outsider_note_nothing(
    group: Group, observer: Person, outsider: Person
) -> None:
    for person in (observer, outsider):
        with pytest.raises(NotAllowed):
            actions.create_action_item(actor=person, group=group, text="One")


def test_owner_takes_part(group: Group, chair: Person, outsider: Person) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_action_item(actor=chair, group=group, text="One", owners=[outsider])

    assert refused.value.field == "owner"


def test_owner_closes_its_own_and_not_that_of_others(
    group: Group, chair: Person, member: Person
) -> None:
    own = factories.action_item(group, owner=member)
    other = factories.action_item(group, owner=chair)

    actions.close_action_item(actor=member, item=own)

    own.refresh_from_db()
    assert own.state == "done"
    assert own.closed_by == member
    with pytest.raises(NotAllowed):
        actions.close_action_item(actor=member, item=other)


def test_chair_closes_any_item_once(group: Group, chair: Person, member: Person) -> None:
    item = factories.action_item(group, owner=member)
    actions.close_action_item(actor=chair, item=item)

    with pytest.raises(WrongState):
        actions.drop_action_item(actor=chair, item=item)

    assert actions.reopen_action_item(actor=member, item=item).state == "open"


def test_new_owner_hears_of_it(group: Group, chair: Person, member: Person) -> None:
    item = factories.action_item(group, owner=chair)

    actions.change_action_item(
        actor=chair, item=item, version=item.version, text=item.text, owners=[member], due_on=None
    )

    event = Event.objects.get()
    assert list(payload_of(event).recipients()) == [member]
    content = contents_of([event], viewer_for(member.pk))[event.pk]
    assert content.title == "Assigned to you: Write the test plan"
    assert contents_of([event], viewer_for(chair.pk)) == {}


def test_owner_who_left_is_told_nothing(group: Group, chair: Person, member: Person) -> None:
    actions.create_action_item(actor=chair, group=group, text="One", owners=[member])
    event = Event.objects.get()

    actions.remove_member(actor=chair, group=group, person=member)

    assert list(payload_of(event).recipients()) == []
    assert contents_of([event], viewer_for(member.pk)) == {}


def test_of_two_editors_the_second_is_told_and_loses_nothing(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    item = factories.action_item(group, owner=chair, text="Write to the authors")
    client = client_of(chair)
    page = client.get(item.get_absolute_url())
    seen = page.context["form"].initial["version"]
    client.post(item.get_absolute_url(), {"text": "Call the authors", "version": seen})

    answer = client.post(item.get_absolute_url(), {"text": "Visit the authors", "version": seen})

    item.refresh_from_db()
    assert (answer.status_code, item.text) == (409, "Call the authors")
    assert "Call the authors" in answer.text
    assert 'value="Visit the authors"' in answer.text
    again = client.post(
        item.get_absolute_url(),
        {"text": "Visit the authors", "version": answer.context["form"]["version"].value()},
    )
    item.refresh_from_db()
    assert (again.status_code, item.text) == (302, "Visit the authors")


def test_a_change_from_an_old_version_is_a_conflict(group: Group, chair: Person) -> None:
    item = factories.action_item(group, owner=chair)
    said = {
        "actor": chair,
        "item": item,
        "version": item.version,
        "owners": [chair],
        "due_on": None,
    }
    actions.change_action_item(**said, text="One")

    with pytest.raises(Conflict):
        actions.change_action_item(**said, text="Two")
