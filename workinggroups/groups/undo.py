"""What can be taken back about action items: marking as done, dropping and reopening."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.undo.light_acts import Facts, changed_since, register
from members.people.models import Person
from workinggroups.groups import actions
from workinggroups.groups.choices import ActionItemState
from workinggroups.groups.models import ActionItem

ITEM_STATE = "action_item_state"


def facts_of(item: ActionItem, before: str) -> dict[str, object]:
    """Return what taking back a change of the item's state needs: the state before it."""
    return {"item": item.pk, "version": item.version, "before": before}


def return_item(person_id: int, facts: Facts) -> str:
    """Return the item to its state before, by the ordinary act, unless it was changed since."""
    person = Person.objects.get(pk=person_id)
    with transaction.atomic():
        visible = ActionItem.objects.visible_to(viewer_for(person_id)).select_for_update(
            of=("self",)
        )
        item = visible.filter(pk=facts["item"], version=facts["version"]).first()
        if item is None:
            raise changed_since()
        match facts["before"]:
            case ActionItemState.DONE:
                actions.close_action_item(actor=person, item=item)
                words = _("Undone. A-%(number)d is done.")
            case ActionItemState.DROPPED:
                actions.drop_action_item(actor=person, item=item)
                words = _("Undone. A-%(number)d is dropped.")
            case _before:
                actions.reopen_action_item(actor=person, item=item)
                words = _("Undone. A-%(number)d is open again.")
    return words % {"number": item.number}


def register_light_acts() -> None:
    register(ITEM_STATE, return_item)
