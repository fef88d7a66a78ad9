"""Several owners of an action item: each of them acts, and the column of the first never drifts."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from common.access import viewer_for
from common.errors import Conflict, Invalid, NotAllowed
from common.record.models import Record
from members.people.exports import export
from members.people.models import Person
from notifications.content import contents_of
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories
from tests.committed import together
from workinggroups.groups import actions
from workinggroups.groups.choices import OWNERS_MAX
from workinggroups.groups.models import ActionItem, ActionItemOwner, Group


def drifted() -> list[ActionItem]:
    """The items whose column differs from the first of their owners."""
    first = ActionItemOwner.objects.filter(item=OuterRef("pk")).order_by("position")
    items = ActionItem.objects.annotate(first=Subquery(first.values("person")[:1]))
    return [item for item in items if item.owner_id != item.first]


def change(item: ActionItem, actor: Person, owners: list[Person]) -> ActionItem:
    item.refresh_from_db()
    return actions.change_action_item(
        actor=actor,
        item=item,
        version=item.version,
        text=item.text,
        owners=owners,
        due_on=item.due_on,
    )


# --- acting ------------------------------------------------------------------------------------


def test_each_owner_is_notified_once_and_the_first_leads(
    group: Group, chair: Person, member: Person, secretary: Person
) -> None:
    item = actions.create_action_item(
        actor=chair, group=group, text="One", owners=[member, secretary, member]
    )

    item.refresh_from_db()
    assert (item.owner, item.owners) == (member, [member, secretary])
    notified = [payload_of(event).recipients().get() for event in Event.objects.order_by("pk")]
    assert notified == [member, secretary]


def test_of_several_owners_only_new_ones_are_notified(
    group: Group, chair: Person, member: Person, secretary: Person
) -> None:
    item = factories.action_item(group, owner=member)

    change(item, chair, [secretary, member])
    change(item, chair, [member, secretary])

    event = Event.objects.get()
    assert list(payload_of(event).recipients()) == [secretary]
    item.refresh_from_db()
    assert (item.owner, item.owners) == (member, [member, secretary])


@pytest.mark.parametrize("place", [0, 1])
def test_each_owner_changes_and_closes_the_item(
    group: Group, chair: Person, member: Person, secretary: Person, place: int
) -> None:
    owners = [member, secretary]
    item = factories.action_item(group, owners=owners)

    change(item, owners[place], owners)
    actions.close_action_item(actor=owners[place], item=item)

    item.refresh_from_db()
    assert (item.state, item.closed_by) == ("done", owners[place])


def test_who_owns_nothing_of_it_changes_nothing(
    group: Group, chair: Person, member: Person, secretary: Person
) -> None:
    item = factories.action_item(group, owners=[chair, member])

    with pytest.raises(NotAllowed):
        actions.close_action_item(actor=secretary, item=item)


def test_an_owner_who_is_not_in_the_group_is_refused_beside_the_field(
    group: Group, chair: Person, member: Person, outsider: Person
) -> None:
    with pytest.raises(Invalid) as first:
        actions.create_action_item(actor=chair, group=group, text="One", owners=[outsider])
    with pytest.raises(Invalid) as second:
        actions.create_action_item(actor=chair, group=group, text="One", owners=[member, outsider])

    assert (first.value.field, second.value.field) == ("owner", "others")


def test_an_owner_who_left_can_stay_while_the_rest_changes(
    group: Group, chair: Person, member: Person, secretary: Person
) -> None:
    item = factories.action_item(group, owner=member)
    actions.remove_member(actor=chair, group=group, person=member)

    change(item, chair, [member, secretary])
    item.refresh_from_db()
    change(item, chair, [secretary])

    with pytest.raises(Invalid):
        change(item, chair, [secretary, member])


def test_owners_are_bounded(group: Group, chair: Person) -> None:
    people = [factories.person() for _number in range(OWNERS_MAX + 1)]
    for person in people:
        factories.seat(group, person, level="expert")

    with pytest.raises(Invalid) as refused:
        actions.create_action_item(actor=chair, group=group, text="One", owners=people)
    item = actions.create_action_item(actor=chair, group=group, text="One", owners=people[1:])

    assert (refused.value.field, item.owners) == ("others", people[1:])


def test_the_record_names_all_owners_by_their_ids(
    group: Group, chair: Person, member: Person, secretary: Person
) -> None:
    item = actions.create_action_item(actor=chair, group=group, text="One", owners=[member])
    change(item, chair, [secretary, member])

    created, changed = Record.objects.about("action_item", item.uuid)
    assert f'"owner":"{member.uuid}"' in created.facts
    assert "others" not in created.facts
    assert f'"others":["{member.uuid}"],"owner":"{secretary.uuid}"' in changed.facts


def test_of_two_who_change_the_owners_at_once_one_is_told(committed_db: str) -> None:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", chair=chair)
    people = [factories.person(f"Person {number}") for number in range(3)]
    for person in people:
        factories.seat(group, person, level="expert")
    item = factories.action_item(group, owner=people[0])

    outcomes = together(
        *(
            lambda owners=owners: actions.change_action_item(
                actor=chair, item=item, version=1, text="One", owners=owners, due_on=None
            )
            for owners in ([people[1], people[0]], [people[2]])
        )
    )

    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    assert drifted() == []
    assert len(ActionItem.objects.get().owners) in {1, 2}


# --- the column and the rows ---------------------------------------------------------------------


@pytest.mark.django_db
def test_the_column_written_alone_names_the_only_owner(group: Group, member: Person) -> None:
    """As a bulk load does, or a process of the release before during an upgrade."""
    other = factories.person()
    [item] = ActionItem.objects.bulk_create(
        [ActionItem(group=group, number=1, text="One", owner=member, created_by=member)]
    )
    item.ownerships.create(person=other, position=1)
    assert [row.person for row in item.ownerships.all()] == [member, other]

    ActionItem.objects.filter(pk=item.pk).update(owner=other)
    assert [row.person for row in item.ownerships.all()] == [other]

    ActionItem.objects.update(owner=None)
    assert list(item.ownerships.all()) == []


ACTS = ("name", "clear", "add", "remove", "reverse", "replace")


@pytest.mark.django_db
@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), max_size=12))
def test_no_way_of_writing_makes_the_column_drift(acts: list[tuple[str, int]]) -> None:
    uuid = uuid4().hex[:8]
    group = factories.group(f"Group {uuid}")
    people = [factories.person(f"{uuid} {number}") for number in range(4)]
    item = factories.action_item(group)

    for act, number in acts:
        person = people[number]
        rows = ActionItemOwner.objects.filter(item=item)
        match act:
            case "name":
                ActionItem.objects.filter(pk=item.pk).update(owner=person)
            case "clear":
                ActionItem.objects.filter(pk=item.pk).update(owner=None)
            case "add":
                last = max([row.position for row in rows], default=-1)
                rows.get_or_create(person=person, defaults={"item": item, "position": last + 1})
            case "remove":
                rows.filter(person=person).delete()
            case "reverse":
                last = max([row.position for row in rows], default=0)
                rows.update(position=last - F("position"))
            case "replace":
                if not rows.filter(person=people[number - 1]).exists():
                    rows.filter(person=person).update(person=people[number - 1])
        assert drifted() == []


# --- pages ---------------------------------------------------------------------------------------


def test_the_form_offers_one_who_leads_and_others(
    group: Group,
    chair: Person,
    member: Person,
    secretary: Person,
    client_of: Callable[..., Client],
) -> None:
    client = client_of(chair)
    client.post(
        reverse("action-new", args=[group.slug]),
        {"text": "One", "owner": member.uuid, "others": [secretary.uuid, member.uuid]},
    )
    item = ActionItem.objects.get()
    assert item.owners == [member, secretary]

    page = client.get(item.get_absolute_url())
    assert f'<option value="{member.uuid}" selected>' in page.text
    assert page.text.count(" checked>") == 1
    assert "Mira Member, Sefa Secretary" in page.text

    client.post(
        item.get_absolute_url(), {"text": "One", "others": [secretary.uuid], "version": "1"}
    )
    item.refresh_from_db()
    assert (item.owner, item.owners) == (secretary, [secretary])


def test_the_second_editor_sees_who_was_assigned_meanwhile(
    group: Group,
    chair: Person,
    member: Person,
    secretary: Person,
    client_of: Callable[..., Client],
) -> None:
    item = factories.action_item(group, owner=chair)
    change(item, chair, [member, secretary])

    answer = client_of(chair).post(
        item.get_absolute_url(),
        {"text": item.text, "owner": chair.uuid, "others": [secretary.uuid], "version": "1"},
    )

    assert answer.status_code == 409
    assert answer.context["theirs"] == [("Assigned to", "Mira Member, Sefa Secretary")]
    assert f'<option value="{chair.uuid}" selected>' in answer.text


def test_a_list_costs_the_same_queries_for_many_items_of_several_owners(
    group: Group,
    chair: Person,
    member: Person,
    secretary: Person,
    client_of: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
) -> None:
    client, path = client_of(member), reverse("group-actions", args=[group.slug])
    factories.action_item(group, owners=[chair, member])
    client.get(path)
    with connection.execute_wrapper(counted := Counted()):
        client.get(path)
    few = counted.count
    for _number in range(30):
        factories.action_item(group, owners=[secretary, member, chair])
    with connection.execute_wrapper(counted := Counted()):
        client.get(path)

    assert counted.count == few


class Counted:
    count = 0

    def __call__(self, execute: Callable[..., object], *args: object) -> object:
        self.count += 1
        return execute(*args)


def test_items_shared_with_others_are_on_my_work_and_in_my_figures(
    group: Group, chair: Person, member: Person, client_of: Callable[..., Client]
) -> None:
    shared = factories.action_item(group, owners=[chair, member], text="Call the hospitals")

    page = client_of(member).get(reverse("my-work"))

    assert shared in page.context["work"].later
    mine = client_of(member).get(reverse("group-actions", args=[group.slug]), {"mine": "1"})
    assert list(mine.context["page"]) == [shared]
    assert viewer_for(member.pk).is_member(group.pk)


# --- leaving -------------------------------------------------------------------------------------


def test_who_leaves_hands_open_items_over_with_one_notification(
    group: Group, chair: Person, member: Person, secretary: Person
) -> None:
    alone = factories.action_item(group, owner=member)
    shared = factories.action_item(group, owners=[chair, member])
    both = factories.action_item(group, owners=[member, secretary])
    done = factories.action_item(group, owner=member, state="done")

    actions.leave(actor=member, group=group, items_to=secretary)

    assert [item.owners for item in (alone, shared, both, done)] == [
        [secretary],
        [chair, secretary],
        [secretary],
        [member],
    ]
    events = Event.objects.filter(kind__startswith="action_item")
    assert [event.ref["count"] for event in events] == [3]
    assert list(payload_of(events[0]).recipients()) == [secretary]
    content = contents_of(events, viewer_for(secretary.pk))[events[0].pk]
    assert content.title == "Mira Member handed 3 action items over to you"
    assert contents_of(events, viewer_for(chair.pk)) == {}
    assert Record.objects.filter(verb="changed", kind="action_item").count() == 3


def test_one_item_is_handed_over_by_its_name(
    group: Group, member: Person, secretary: Person
) -> None:
    factories.action_item(group, owner=member)

    actions.leave(actor=member, group=group, items_to=secretary)

    assert Event.objects.get(kind="action_item_assigned").ref["person"] == secretary.pk


def test_items_are_handed_over_within_the_group_only(
    group: Group, member: Person, outsider: Person
) -> None:
    item = factories.action_item(group, owner=member)

    for person in (outsider, member):
        with pytest.raises(Invalid) as refused:
            actions.leave(actor=member, group=group, items_to=person)
        assert refused.value.field == "items_to"

    assert item.owners == [member]
    assert viewer_for(member.pk).is_member(group.pk)


def test_the_page_for_leaving_lists_open_items_and_offers_to_hand_them_over(
    group: Group, chair: Person, member: Person, client_of: Callable[..., Client]
) -> None:
    path = reverse("group-leave", args=[group.slug])
    client = client_of(member)
    assert "items_to" not in client.get(path).text
    item = factories.action_item(group, owner=member, text="Call the hospitals")

    page = client.get(path).text
    assert ("Call the hospitals" in page, "Hand them over to" in page) == (True, True)
    assert f'value="{member.uuid}"' not in page
    refused = client.post(path, {"items_to": member.uuid})
    client.post(path, {"items_to": chair.uuid})

    assert refused.status_code == 422
    assert item.owners == [chair]
    assert not viewer_for(member.pk).is_member(group.pk)


def test_own_items_are_in_a_persons_export(group: Group, chair: Person, member: Person) -> None:
    factories.action_item(group, owners=[chair, member], text="Call the hospitals")
    factories.action_item(group, owner=chair)

    assert [row["text"] for row in export(member)["action_items"]] == ["Call the hospitals"]
