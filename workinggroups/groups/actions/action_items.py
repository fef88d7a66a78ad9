"""Changes of action items.   open ──▶ done | dropped ──reopen──▶ open"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, WrongState
from common.record.actions import record
from common.unseen import without_reordering
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.actions.indexing import index_item
from workinggroups.groups.actions.owners import (
    action_item_facts,
    distinct,
    notify_owners,
    require_members,
    set_owners,
)
from workinggroups.groups.choices import ActionItemAct, ActionItemState
from workinggroups.groups.models import ActionItem, ActionItemEdit, Group
from workinggroups.groups.permissions import can_change_action_item, can_create_action_item


def create_action_item(
    *,
    actor: Person,
    group: Group,
    text: str,
    owners: Sequence[Person] = (),
    due_on: date | None = None,
    level: int | None = None,
    source_kind: str = "",
    source_uuid: UUID | None = None,
    source_line: str = "",
) -> ActionItem:
    """Create an action item, numbered within the group; notify its owners, the first of whom leads.

    `level` is that of the object the item comes from, such as a meeting; by default the group's. A
    line of minutes (`source_uuid`, `source_line`) makes one item, however often it is saved: a
    second call returns that item. Raises NotAllowed, WrongState, and Invalid for an owner who is not
    in the group, or for too many.
    """
    owners = distinct(owners)
    with transaction.atomic():
        group = lock_group(group)
        can_create_action_item.require(viewer_for(actor.pk), group)
        if source_uuid is not None:
            existing: ActionItem | None = ActionItem.objects.filter(
                source_uuid=source_uuid, source_line=source_line
            ).first()
            if existing is not None:
                return existing
        require_members(group, owners)
        item = build_action_item(
            group=group,
            number=ActionItem.objects.next_number(group),
            text=text,
            owner=owners[0] if owners else None,
            due_on=due_on,
            level=level,
            source_kind=source_kind,
            source_uuid=source_uuid,
            source_line=source_line,
            created_by=actor,
        )
        item.save(force_insert=True)
        set_owners(item, owners)
        index_item(item)
        record(actor, ActionItemAct.CREATED, item, facts=action_item_facts(item, owners))
        notify_owners(actor=actor, item=item, owners=owners)
    return item


def change_action_item(
    *,
    actor: Person,
    item: ActionItem,
    version: int,
    text: str,
    owners: Sequence[Person],
    due_on: date | None,
) -> ActionItem:
    """Change text, owners and due day of an open item; notify the new owners.

    `version` is the one that the actor has read: raises Conflict where the item was changed since.
    An owner who has left the group can stay; Invalid for any other who is not in the group.
    """
    owners = distinct(owners)
    with transaction.atomic():
        item = _changeable(actor, item)
        _require_open(item)
        if item.version != version:
            raise Conflict(_("Someone else changed this action item while you were writing."))
        new_owners = [owner for owner in owners if owner.pk not in item.owner_ids]
        require_members(item.group, new_owners, count=len(owners))
        set_owners(item, owners)
        text = without_reordering(text).strip()
        if text != item.text:
            ActionItemEdit.objects.create(item=item, version=item.version, text=item.text)
        item.text, item.due_on = text, due_on
        item.version += 1
        item.save(update_fields=["text", "due_on", "version"])
        index_item(item)
        record(actor, ActionItemAct.CHANGED, item, facts=action_item_facts(item, owners))
        notify_owners(actor=actor, item=item, owners=new_owners)
    return item


def close_action_item(*, actor: Person, item: ActionItem) -> ActionItem:
    """Mark an open item as done."""
    return _close(actor, item, ActionItemState.DONE)


def drop_action_item(*, actor: Person, item: ActionItem) -> ActionItem:
    """Mark an open item as dropped: nobody will do it."""
    return _close(actor, item, ActionItemState.DROPPED)


def reopen_action_item(*, actor: Person, item: ActionItem) -> ActionItem:
    """Open a closed item again."""
    with transaction.atomic():
        item = _changeable(actor, item)
        if item.state == ActionItemState.OPEN:
            raise WrongState(_("This action item is already open."))
        item.closed_by, item.closed_at = None, None
        return _save_state(actor, item, ActionItemState.OPEN, ActionItemAct.REOPENED)


def drop_items(*, actor: Person, group: Group) -> int:
    """Drop all open items of a group that concludes; return how many. The caller holds its lock."""
    items = ActionItem.objects.open().filter(group=group).select_for_update(of=("self",))
    dropped = list(items.select_related("group").with_owners().order_by("pk"))
    for item in dropped:
        item.closed_by, item.closed_at = actor, timezone.now()
        _save_state(actor, item, ActionItemState.DROPPED, ActionItemAct.DROPPED)
    return len(dropped)


def _close(actor: Person, item: ActionItem, state: ActionItemState) -> ActionItem:
    with transaction.atomic():
        item = _changeable(actor, item)
        _require_open(item)
        item.closed_by, item.closed_at = actor, timezone.now()
        return _save_state(actor, item, state, ActionItemAct(state.value))


def _save_state(
    actor: Person, item: ActionItem, state: ActionItemState, verb: ActionItemAct
) -> ActionItem:
    item.state = state
    item.version += 1
    item.save(update_fields=["state", "closed_by", "closed_at", "version"])
    record(actor, verb, item, facts=action_item_facts(item, item.owners))
    return item


def _changeable(actor: Person, item: ActionItem) -> ActionItem:
    """Lock and return the item as it is now; raise where the actor or the group's state forbids a
    change."""
    item = (
        ActionItem.objects.select_for_update(of=("self",))
        .select_related("group", "owner")
        .get(pk=item.pk)
    )
    can_change_action_item.require(viewer_for(actor.pk), item)
    return item


def _require_open(item: ActionItem) -> None:
    if item.state != ActionItemState.OPEN:
        raise WrongState(
            _("This action item is closed: %(state)s.")
            % {"state": item.get_state_display().lower()}
        )


def build_action_item(
    *, group: Group, text: str, level: int | None = None, **fields: object
) -> ActionItem:
    """Return the item, unsaved, by default for the readers of the group's content."""
    return ActionItem(
        group=group,
        level=group.content_level if level is None else level,
        text=without_reordering(text).strip(),
        **fields,
    )
