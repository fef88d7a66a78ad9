import hashlib
import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from common.access import Level, viewer_for
from common.errors import Conflict, Invalid, NotAllowed, WrongState
from common.record.models import Record
from common.search.models import SearchEntry
from common.vocabulary.models import FocusArea
from members.organizations.models import Organization
from members.people.models import Person
from notifications.models import Event
from tests import factories
from tests.groups.concluding import conclude
from workinggroups.groups import actions
from workinggroups.groups.models import ActionItem, Group
from workinggroups.groups.rules import DEFAULT


def new_group(actor: Person, chair: Person, organization: Organization, **fields: str) -> Group:
    return actions.create_group(
        actor=actor,
        chair=chair,
        chair_organization=organization,
        **{
            "name": "Shared Evaluations",
            "kind": "working_group",
            "purpose": "We write shared tests.",
            "focus_area": FocusArea.objects.first(),
            "listing": "public",
            "admission": "open",
            "content": "alliance",
            "charter": "## Scope\n\nTests.",
            **fields,
        },
    )


def edit(actor: Person, group: Group, **fields: object) -> Group:
    return actions.edit_group(
        **{
            "actor": actor,
            "group": group,
            "version": group.version,
            "name": group.name,
            "kind": group.kind,
            "purpose": group.purpose,
            "focus_area": group.focus_area,
            "listing": group.listing,
            "admission": group.admission,
            "content": group.content,
            **fields,
        }
    )


def test_new_group_has_its_chair_and_its_charter(
    staff: Person, representative: Person, organization: Organization
) -> None:
    group = new_group(staff, representative, organization)

    assert group.state == "active"
    assert viewer_for(representative.pk).is_chair(group.pk)
    assert group.charters.in_force().get().number == 1
    verbs = [row.verb for row in Record.objects.order_by("uuid")]
    assert verbs == ["created", "added", "office_given", "adopted"]
    kinds = sorted(event.kind for event in Event.objects.all())
    assert kinds == ["charter_adopted", "group_created", "office_given"]
    entry = SearchEntry.objects.get(kind="group", uuid=group.uuid)
    assert entry.level == Level.PUBLIC


def test_record_of_an_adoption_names_the_checksum(
    staff: Person, representative: Person, organization: Organization
) -> None:
    new_group(staff, representative, organization, charter="tests")

    facts = json.loads(Record.objects.get(verb="adopted").facts)

    content = {"form": 4, "rules": DEFAULT.as_columns(), "source": "tests"}
    text = json.dumps(content, separators=(",", ":"), sort_keys=True)
    assert facts["sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_only_staff_creates_groups(chair: Person, organization: Organization) -> None:
    with pytest.raises(NotAllowed):
        new_group(chair, chair, organization)


def test_staff_cannot_name_itself_chair(staff: Person, organization: Organization) -> None:
    with pytest.raises(Invalid) as refused:
        new_group(staff, staff, organization)

    assert refused.value.field == "chair"


def test_secret_group_cannot_write_for_the_alliance(
    staff: Person, representative: Person, organization: Organization
) -> None:
    with pytest.raises(Invalid) as refused:
        new_group(staff, representative, organization, listing="members", content="alliance")

    assert refused.value.field == "content"


def test_a_group_with_the_name_of_a_concluded_one_has_an_address_of_its_own(
    staff: Person, representative: Person, organization: Organization
) -> None:
    first = new_group(staff, representative, organization)
    conclude(staff, first)
    second = new_group(staff, representative, organization)
    named_new = new_group(staff, representative, organization, name="New")

    assert (first.slug, second.slug) == ("shared-evaluations", "shared-evaluations-2")
    assert named_new.slug == "new-2"


def test_group_named_in_another_script_has_an_address(
    staff: Person, representative: Person, organization: Organization
) -> None:
    assert new_group(staff, representative, organization, name="安全性").slug == "安全性"


def test_narrowing_the_content_closes_what_was_open(chair: Person, outsider: Person) -> None:
    group = factories.group(preset="open", chair=chair)
    item = factories.action_item(group, owner=chair, level=Level.ALLIANCE)
    released = factories.action_item(group, owner=chair, level=Level.PUBLIC)
    viewer = viewer_for(outsider.pk)
    assert ActionItem.objects.visible_to(viewer).filter(pk=item.pk).exists()

    edit(chair, group, content="members")

    visible = ActionItem.objects.visible_to(viewer).filter(group=group)
    assert list(visible) == [released]


def test_widening_the_content_opens_nothing_of_the_past(chair: Person, outsider: Person) -> None:
    group = factories.group(preset="closed", chair=chair)
    past = factories.action_item(group, owner=chair)

    group = edit(chair, group, content="alliance")
    new = actions.create_action_item(actor=chair, group=group, text="Plan")

    visible = ActionItem.objects.visible_to(viewer_for(outsider.pk)).filter(group=group)
    assert past not in visible
    assert list(visible) == [new]


def test_group_that_becomes_secret_leaves_the_search_of_others(chair: Person) -> None:
    group = factories.group(preset="listed", chair=chair)

    edit(chair, group, listing="members")

    assert SearchEntry.objects.get(kind="group", uuid=group.uuid).level == Level.MEMBERS


def test_editing_what_somebody_changed_is_a_conflict(chair: Person) -> None:
    group = factories.group(chair=chair)
    edit(chair, group, name="Renamed")

    with pytest.raises(Conflict):
        edit(chair, group, name="Renamed otherwise")

    group.refresh_from_db()
    assert group.name == "Renamed"


def test_member_cannot_edit_the_group(group: Group, member: Person) -> None:
    with pytest.raises(NotAllowed):
        edit(member, group, name="Mine")


def test_concluded_group_can_be_reopened_and_not_concluded_twice(
    group: Group, staff: Person, member: Person, chair: Person
) -> None:
    conclude(staff, group)

    with pytest.raises(WrongState):
        conclude(staff, group)
    with pytest.raises(WrongState, match="This group has concluded"):
        actions.create_action_item(actor=member, group=group, text="Late")
    assert actions.reopen_group(actor=staff, group=group).state == "active"
    with pytest.raises(NotAllowed):
        conclude(chair, group)


def test_settings_of_a_concluded_group_are_closed_until_it_is_opened_again(
    client_of: Callable[..., Client], group: Group, chair: Person, staff: Person
) -> None:
    settings = reverse("group-settings", args=[group.slug])
    assert settings in client_of(chair).get(group.get_absolute_url()).text
    conclude(staff, group)

    answer = client_of(chair).get(settings)

    assert answer.status_code == 409
    assert "This group has concluded." in answer.text
    assert settings not in client_of(chair).get(group.get_absolute_url()).text
    actions.reopen_group(actor=staff, group=group)
    assert client_of(chair).get(settings).status_code == 200
