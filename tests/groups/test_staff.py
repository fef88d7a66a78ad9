"""What staff can do about a group, and who hears of each change of who knows, joins or reads."""

from typing import Any

import pytest

from common.access import Level, viewer_for
from common.errors import Invalid, NotAllowed
from members.people.models import Person
from notifications.content import contents_of
from notifications.fan_out import fan_out_waiting
from notifications.models import Event, Notification
from tests import factories
from tests.groups.concluding import conclude
from workinggroups.groups import actions
from workinggroups.groups.choices import WIDENING
from workinggroups.groups.models import ActionItem, Group, Office, Seat

pytestmark = pytest.mark.django_db


def edit(actor: Person, group: Group, **changes: str) -> Group:
    group.refresh_from_db()
    kept = ["version", "name", "kind", "purpose", "focus_area", "listing", "admission", "content"]
    fields: dict[str, Any] = {name: getattr(group, name) for name in kept}
    return actions.edit_group(actor=actor, group=group, **fields | changes)


def notified(kind: str) -> set[Person]:
    """Who was told of the last event of this kind, and is shown a line of it."""
    fan_out_waiting()
    event = Event.objects.filter(kind=kind).latest("pk")
    people = {
        notification.person
        for notification in Notification.objects.filter(event=event).select_related("person")
    }
    assert all(contents_of([event], viewer_for(person.pk)) for person in people)
    return people


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (name, before, after)
        for name, order in WIDENING.items()
        for at, before in enumerate(order)
        for after in order[at + 1 :]
    ],
)
def test_staff_never_lets_more_people_know_join_or_read(
    group: Group, chair: Person, staff: Person, name: str, before: str, after: str
) -> None:
    hidden = {"listing": "public", "admission": "invitation", "content": "members", name: before}
    Group.objects.filter(pk=group.pk).update(**hidden)

    with pytest.raises(Invalid) as refused:
        edit(staff, group, **{name: after})

    assert refused.value.field == name
    assert getattr(edit(chair, group, **{name: after}), name) == after


def test_staff_restricts_and_the_chairs_hear_of_it(
    group: Group, chair: Person, co_chair: Person, member: Person, staff: Person
) -> None:
    edit(staff, group, listing="alliance")

    assert notified("group_access_changed") == {chair, co_chair}


def test_a_chair_opens_what_is_new_tells_all_members_and_keeps_what_was_written(
    client_of: Any,
    group: Group,
    chair: Person,
    co_chair: Person,
    member: Person,
    outsider: Person,
) -> None:
    before = factories.action_item(group, owner=member)
    factories.milestone(group, "Promised among us")

    edit(chair, group, content="alliance")
    group.refresh_from_db()
    factories.milestone(group, "Promised to all")
    after = actions.create_action_item(actor=member, group=group, text="New", owners=[member])

    assert notified("group_access_changed") == {co_chair, member}
    assert list(ActionItem.objects.visible_to(viewer_for(outsider.pk))) == [after]
    for path in (group.get_absolute_url(), f"/groups/{group.slug}/milestones/"):
        shown = client_of(outsider).get(path).content.decode()
        assert "Promised to all" in shown
        assert "Promised among us" not in shown
    before.refresh_from_db()
    assert before.level == Level.MEMBERS


@pytest.mark.parametrize("preset", ["listed", "closed", "secret"])
def test_only_a_chair_adds_to_a_closed_group(
    preset: str, chair: Person, member: Person, staff: Person
) -> None:
    group = factories.group(preset=preset, chair=chair)
    newcomer = factories.person("Nia Newcomer")
    adding = {"group": group, "person": newcomer, "organization": None, "level": "expert"}

    with pytest.raises(NotAllowed):
        actions.add_member(actor=staff, **adding)
    assert actions.add_member(actor=chair, **adding)


def test_staff_adds_to_a_closed_group_without_a_chair_and_all_members_hear_of_it(
    group: Group, chair: Person, member: Person, staff: Person
) -> None:
    Office.objects.all().delete()
    newcomer = factories.person("Nia Newcomer")

    actions.add_member(actor=staff, group=group, person=newcomer, organization=None, level="expert")
    actions.set_chair(actor=staff, group=group, person=member)

    assert notified("member_added") == {newcomer, chair, member}


def test_chairs_hear_of_whoever_is_admitted_leaves_or_is_given_an_office_by_another(
    group: Group, chair: Person, co_chair: Person, member: Person, outsider: Person
) -> None:
    asked = factories.admission_request(group, outsider)
    actions.approve_request(actor=chair, request=asked)
    assert notified("member_joined") == {co_chair}

    actions.appoint(actor=co_chair, group=group, person=member, office="secretary")
    assert notified("office_given") == {chair, member}

    actions.leave(actor=outsider, group=group)
    assert notified("member_left") == {chair, co_chair}


@pytest.mark.parametrize("preset", ["open", "closed", "secret"])
def test_staff_that_opened_a_group_reads_and_does_nothing_else(
    preset: str, chair: Person, member: Person, outsider: Person, staff: Person
) -> None:
    group = factories.group(preset=preset, chair=chair)
    factories.seat(group, member)
    asked = factories.admission_request(group, outsider)
    actions.break_glass(actor=staff, group=group, reason="A complaint.", minutes=30)
    before = Event.objects.count()
    expert = {"organization": None, "level": "expert"}

    attempts = [
        lambda: edit(staff, group, listing="members", content="members"),
        lambda: actions.choose_address(actor=staff, group=group, address="elsewhere"),
        lambda: conclude(staff, group),
        lambda: actions.reopen_group(actor=staff, group=group),
        lambda: actions.set_chair(actor=staff, group=group, person=member),
        lambda: actions.add_member(actor=staff, group=group, person=outsider, **expert),
        lambda: actions.remove_member(actor=staff, group=group, person=member),
        lambda: actions.change_level(actor=staff, group=group, person=member, level="observer"),
        lambda: actions.approve_request(actor=staff, request=asked),
        lambda: actions.decline_request(actor=staff, request=asked),
    ]

    for attempt in attempts:
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert "You opened this group to read it." in refused.value.message
    assert Event.objects.count() == before
    assert Seat.objects.filter(group=group).count() == 2


def test_a_chair_is_seated_in_a_secret_group_without_showing_who_is_in_it(
    client_of: Any, chair: Person, member: Person, staff: Person
) -> None:
    group = factories.group("Hidden", preset="secret", chair=chair)
    factories.seat(group, member)
    page = f"/staff/groups/{group.uuid}/chair/"
    browser = client_of(staff)

    shown = browser.get(page).content.decode()
    refused = browser.post(page, {"address": "nobody@else.example"})
    answer = browser.post(page, {"address": member.email})

    assert "Hidden" not in shown
    assert member.name not in shown
    assert refused.status_code == 422
    assert answer.status_code == 302
    assert viewer_for(member.pk).is_chair(group.pk)
