"""Concluding a group of which a test says no more."""

from members.people.models import Person
from workinggroups.groups import actions
from workinggroups.groups.models import Group

KEEP = {"action_items": "keep", "deliverables": "keep"}


def conclude(actor: Person, group: Group) -> Group:
    return actions.conclude_group(
        actor=actor, group=group, reason="Its charter is done.", choices=KEEP
    )
