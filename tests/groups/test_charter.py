from uuid import uuid4

import pytest

from common.errors import Conflict, NotAllowed, WrongState
from members.people.models import Person
from notifications.models import Event
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.models import Group
from workinggroups.groups.rules import DEFAULT


def test_adopting_a_version_ends_the_one_before(group: Group, chair: Person) -> None:
    first = factories.charter(group)
    draft = actions.draft_charter(actor=chair, group=group, source="## Scope\n\nMore.")

    adopted = actions.adopt_charter(actor=chair, charter=draft, decision_uuid=uuid4())

    first.refresh_from_db()
    assert adopted.number == 2
    assert first.during.upper == adopted.during.lower
    assert group.charters.in_force().get() == adopted
    assert Event.objects.get().ref["number"] == 2


def test_group_adopts_by_decision_only(group: Group, chair: Person, staff: Person) -> None:
    factories.charter(group)
    draft = actions.draft_charter(actor=chair, group=group, source="More.")

    with pytest.raises(WrongState):
        actions.adopt_charter(actor=chair, charter=draft)
    with pytest.raises(NotAllowed):
        actions.adopt_charter(actor=staff, charter=draft, decision_uuid=uuid4())


def test_there_is_one_draft_at_a_time(group: Group, chair: Person) -> None:
    actions.draft_charter(actor=chair, group=group, source="One.")

    with pytest.raises(WrongState):
        actions.draft_charter(actor=chair, group=group, source="Two.")


def test_draft_edited_by_two_is_a_conflict(group: Group, chair: Person, co_chair: Person) -> None:
    draft = actions.draft_charter(actor=chair, group=group, source="One.")
    read_at = draft.edited_at.isoformat()
    actions.edit_charter(
        actor=co_chair,
        charter=draft,
        source="Two.",
        rules=DEFAULT,
        expires_on=None,
        read_at=read_at,
    )

    with pytest.raises(Conflict):
        actions.edit_charter(
            actor=chair,
            charter=draft,
            source="Three.",
            rules=DEFAULT,
            expires_on=None,
            read_at=read_at,
        )


def test_adopted_version_is_never_edited(group: Group, chair: Person) -> None:
    adopted = factories.charter(group)

    with pytest.raises(WrongState):
        actions.edit_charter(
            actor=chair,
            charter=adopted,
            source="Changed.",
            rules=DEFAULT,
            expires_on=None,
            read_at=adopted.edited_at.isoformat(),
        )


def test_member_does_not_draft(group: Group, member: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.draft_charter(actor=member, group=group, source="Mine.")
