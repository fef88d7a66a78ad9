import pytest
from django.utils import timezone

from common.errors import NotAllowed, WrongState
from members.people.models import Person
from tests import factories
from workinggroups.groups import actions
from workinggroups.groups.models import Group


def test_milestone_is_planned_and_reached_once(group: Group, chair: Person) -> None:
    planned = actions.add_milestone(
        actor=chair, group=group, title="First release", due_on=timezone.localdate()
    )

    reached = actions.reach_milestone(actor=chair, milestone=planned)

    assert (reached.state, reached.reached_on) == ("reached", timezone.localdate())
    with pytest.raises(WrongState):
        actions.drop_milestone(actor=chair, milestone=planned)


def test_member_plans_none(group: Group, member: Person) -> None:
    milestone = factories.milestone(group)

    with pytest.raises(NotAllowed):
        actions.drop_milestone(actor=member, milestone=milestone)
