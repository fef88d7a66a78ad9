"""Who does an action item: setting its owners, and handing items over."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.record.actions import record
from members.people.models import Person
from workinggroups.groups.choices import OWNERS_MAX, ActionItemAct
from workinggroups.groups.models import ActionItem, ActionItemOwner, Group
from workinggroups.groups.notifications import (
    ActionItemAssigned,
    ActionItemsHandedOver,
    notify_in,
)
from workinggroups.groups.queries import members_of


def distinct(people: Sequence[Person]) -> list[Person]:
    """Return the people in order, each once."""
    return list({person.pk: person for person in people}.values())


def require_members(group: Group, owners: Sequence[Person], *, count: int | None = None) -> None:
    """Raise Invalid for an owner who is not in the group, and for an item with too many owners.

    `count` is the number of all owners, if not all are to be checked.
    """
    if (len(owners) if count is None else count) > OWNERS_MAX:
        message = _("An action item can have at most %(most)d owners.")
        raise Invalid(message % {"most": OWNERS_MAX}, field="others")
    seated = members_of(group.pk).filter(pk__in=[owner.pk for owner in owners])
    seated_ids = set(seated.values_list("pk", flat=True)) if owners else set()
    for place, owner in enumerate(owners):
        if owner.pk not in seated_ids:
            message = _("%(person)s is not in this group.")
            raise Invalid(message % {"person": owner}, field="others" if place else "owner")


def set_owners(item: ActionItem, owners: Sequence[Person]) -> None:
    """Replace the owners of a saved item; a trigger keeps the column of the first one equal."""
    item.ownerships.exclude(person__in=owners).delete()
    ActionItemOwner.objects.bulk_create(
        [
            ActionItemOwner(item=item, person=owner, position=position)
            for position, owner in enumerate(owners)
        ],
        update_conflicts=True,
        unique_fields=["item", "person"],
        update_fields=["position"],
    )
    item.owner = owners[0] if owners else None


def notify_owners(*, actor: Person, item: ActionItem, owners: Sequence[Person]) -> None:
    """Notify these owners, who are new, that the item is assigned to them."""
    for owner in owners:
        assigned = ActionItemAssigned(group=item.group_id, item=item.pk, person=owner.pk)
        notify_in(item.group, actor, assigned, cause=f"{item.uuid}:{item.version}:{owner.pk}")


def hand_over_items(*, actor: Person, group: Group, to: Person) -> int:
    """Give the actor's open items in the group to another person; return how many there were.

    Other owners stay. The new one is notified once, however many items there are. Raises Invalid
    for a person who is not in the group. The caller holds the lock of the group.
    """
    if to == actor:
        raise Invalid(_("Choose someone else."), field="items_to")
    if not members_of(group.pk).filter(pk=to.pk).exists():
        message = _("%(person)s is not in this group.")
        raise Invalid(message % {"person": to}, field="items_to")
    own = ActionItem.objects.open().owned_by(actor.pk).filter(group=group)
    items = list(
        ActionItem.objects.filter(pk__in=own.values("pk")).select_for_update().order_by("pk")
    )
    for item in items:
        item.group = group
        owners = distinct([to if owner == actor else owner for owner in item.owners])
        set_owners(item, owners)
        item.version += 1
        item.save(update_fields=["version"])
        record(actor, ActionItemAct.CHANGED, item, facts=action_item_facts(item, owners))
    if len(items) == 1:
        notify_owners(actor=actor, item=items[0], owners=[to])
    elif items:
        handed_over = ActionItemsHandedOver(
            group=group.pk, person=actor.pk, to=to.pk, count=len(items)
        )
        cause = f"{items[-1].uuid}:{items[-1].version}"
        notify_in(group, actor, handed_over, cause=cause)
    return len(items)


def action_item_facts(item: ActionItem, owners: Sequence[Person]) -> dict[str, object]:
    """Return what the record says of an action item with these owners."""
    facts: dict[str, object] = {
        "group": item.group.uuid,
        "number": item.number,
        "version": item.version,
        "owner": owners[0].uuid if owners else None,
        "due_on": item.due_on,
    }
    if len(owners) > 1:
        facts["others"] = [owner.uuid for owner in owners[1:]]
    return facts
