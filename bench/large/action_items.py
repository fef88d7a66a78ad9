"""What people in groups promised to do."""

from datetime import timedelta

from bench.large import texts
from bench.large.chronicle import Chronicle, Circle
from workinggroups.groups.actions.action_items import build_action_item
from workinggroups.groups.actions.owners import action_item_facts
from workinggroups.groups.choices import ActionItemAct, ActionItemState, GroupState
from workinggroups.groups.models import ActionItem

# In the measured groups every so manieth is the ordinary member's.
OWN = 8
# How many days before and after today what is open is due.
LATE, SOON = 20, 60


def add(chronicle: Chronicle) -> None:
    chronicle.save(
        [
            item
            for number, circle in enumerate(chronicle.circles)
            for item in _items(chronicle, circle, number)
        ]
    )


def _items(chronicle: Chronicle, circle: Circle, place: int) -> list[ActionItem]:
    most = chronicle.sizes.action_items
    count = most if place < 2 else chronicle.dice.randint(0, max(most // 7, 2))
    moments = sorted(chronicle.between(circle.began, circle.until) for _number in range(count))
    found: list[ActionItem] = []
    for number, at in enumerate(moments, 1):
        owner = chronicle.dice.choice(circle.writers).person
        if place < 2 and number % OWN == 0:
            owner = chronicle.member.person
        item = build_action_item(
            uuid=chronicle.uuid(at),
            group=circle.group,
            number=number,
            text=chronicle.dice.choice(texts.TASKS),
            owner=owner,
            created_by=circle.secretary,
            created_at=at,
        )
        # The last tenth of a group at work is open; a group that ended leaves nothing to do.
        is_open = number > count * 0.8 and circle.group.state == GroupState.ACTIVE
        if is_open:
            days = timedelta(days=chronicle.dice.randint(-LATE, SOON))
            item.due_on = (chronicle.now + days).date()
        else:
            item.due_on = (at + timedelta(days=chronicle.dice.randint(7, 60))).date()
        _tell(chronicle, circle, item, is_open=is_open)
        found.append(item)
    return found


def _tell(chronicle: Chronicle, circle: Circle, item: ActionItem, *, is_open: bool) -> None:
    assert item.owner is not None
    facts = action_item_facts(item, [item.owner])
    chronicle.act(ActionItemAct.CREATED, item, item.created_at, circle.secretary, **facts)
    if is_open:
        return
    item.state = ActionItemState.DONE if chronicle.happens(0.9) else ActionItemState.DROPPED
    item.closed_by = item.owner
    item.closed_at = min(
        chronicle.soon_after(item.created_at, 60), max(circle.until, item.created_at)
    )
    item.version = 2
    chronicle.act(ActionItemAct(item.state.value), item, item.closed_at, item.owner, **facts)
