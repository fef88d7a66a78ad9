"""What a person's export has from groups: the action items they own, and their comments on items."""

from members.people.models import Person
from workinggroups.groups.models import ActionItem


def of_person(person: Person) -> list[dict[str, object]]:
    """Return the action items of which the person is an owner, alone or with others."""
    items = ActionItem.objects.owned_by(person.pk).select_related("group")
    return [
        {
            "group": item.group.slug,
            "item": f"A-{item.number}",
            "text": item.text,
            "due_on": item.due_on.isoformat() if item.due_on else None,
            "state": item.state,
            "created_at": item.created_at.isoformat(),
            "closed_at": item.closed_at.isoformat() if item.closed_at else None,
        }
        for item in items.order_by("created_at", "pk")
    ]
