from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.record.models import Record
from members.people.models import Person
from notifications.content import contents_of
from notifications.models import Event
from notifications.registry import payload_of
from tests import factories
from tests.factories import works
from workinggroups.discussion import actions as actions_of_discussion
from workinggroups.groups import actions
from workinggroups.groups.models import ActionItem, Group

Browsers = Callable[[Person], Client]


def test_staff_reads_a_group_it_opened_and_the_chairs_are_told(
    group: Group, staff: Person, chair: Person
) -> None:
    item = factories.action_item(group, owner=chair)

    actions.break_glass(actor=staff, group=group, reason="A complaint.", minutes=30)

    assert list(ActionItem.objects.visible_to(viewer_for(staff.pk))) == [item]
    event = Event.objects.get()
    payload = payload_of(event)
    assert payload.mandatory
    assert list(payload.recipients()) == [chair]
    content = contents_of([event], viewer_for(chair.pk))[event.pk]
    assert content.detail == "A complaint."


def test_it_ends_by_itself_or_by_hand(group: Group, staff: Person, chair: Person) -> None:
    factories.action_item(group, owner=chair)
    factories.break_glass(
        factories.group(),
        staff,
        during=factories.break_glass(group, staff).during,
    )
    opened = group.break_glasses.get()

    actions.end_break_glass(actor=staff, opening=opened)

    assert not ActionItem.objects.visible_to(viewer_for(staff.pk)).exists()
    with pytest.raises(WrongState):
        actions.end_break_glass(actor=staff, opening=opened)


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


@pytest.mark.parametrize("preset", ["closed", "secret"])
def test_what_is_read_is_on_record_once_and_shown_to_the_chairs(
    client_of: Browsers, staff: Person, chair: Person, member: Person, preset: str
) -> None:
    group = factories.group("Red Teaming", preset=preset, chair=chair)
    topic = actions_of_discussion.start_topic(
        actor=chair, group=group, title="Zebrafinch results", source="Only for us."
    )
    reader, other = client_of(staff), client_of(member)
    actions.break_glass(actor=staff, group=group, reason="A complaint.", minutes=30)
    page = topic.get_absolute_url()

    for path in (
        page,
        page,
        f"/api/v1/topics/{topic.uuid}/",
        "/api/v1/topics/",
        "/search/?q=zebrafinch",
        "/api/v1/search/?q=zebrafinch",
        f"/groups/{group.slug}/people/",
        f"/api/v1/groups/{group.slug}/members/",
        "/my/",
        "/groups/",
    ):
        assert reader.get(path).status_code == 200, path
    other.get(page)
    reader.get(f"/groups/{group.slug}/discussion/99/")

    opened = group.break_glasses.get()
    read = [row.address for row in opened.reads.all()]
    assert read == [
        page,
        f"/groups/{group.slug}/people/",
        f"/api/v1/groups/{group.slug}/members/",
    ]
    on_record = Record.objects.filter(kind="break_glass", verb="read", object_uuid=opened.uuid)
    assert on_record.count() == len(read)
    assert all(row.actor_uuid == staff.uuid for row in on_record)
    shown = client_of(chair).get(f"/groups/{group.slug}/openings/").content.decode()
    assert "A complaint." in shown
    assert all(address in shown for address in read)
    assert reader.get(f"/groups/{group.slug}/openings/").status_code == 404


def test_pages_outside_of_the_group_that_show_its_things_are_on_record_too(
    client_of: Browsers, staff: Person, chair: Person
) -> None:
    one, two = (
        factories.group(name, preset="secret", chair=chair) for name in ("Red", "Green teaming")
    )
    decision = works.decision(chair, one, "Zebrafinch is out")
    for group in (one, two):
        actions.break_glass(actor=staff, group=group, reason="A complaint.", minutes=30)
    reader = client_of(staff)

    story = f"/why/decision/{decision.uuid}/"
    assert "Zebrafinch" in reader.get(story).content.decode()
    card = f"/people/{chair.uuid}/"
    assert "Green teaming" in reader.get(card).content.decode()
    other = works.decision(chair, two, "Yakking is in")
    assert "Yakking is in" in reader.get(reverse("staff-record")).content.decode()

    read = [[row.address for row in group.break_glasses.get().reads.all()] for group in (one, two)]
    assert read == [[decision.get_absolute_url(), card], [card, other.get_absolute_url()]]


def test_nothing_is_shown_that_cannot_be_put_on_record(
    client_of: Browsers, staff: Person, chair: Person, group: Group
) -> None:
    actions.break_glass(actor=staff, group=group, reason="A complaint.", minutes=30)
    reader = client_of(staff)
    reader.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE groups_breakglassread ADD CONSTRAINT shut CHECK (address = '') NOT VALID"
        )

    answer = reader.get(f"/groups/{group.slug}/people/")

    assert answer.status_code == 500
    assert chair.name not in answer.content.decode()
