"""What a person's export has from groups: their action items, comments, and when they voted for whom."""

from members.people.models import Person
from workinggroups.groups.models import ActionItem, ActionItemComment, VotingRepresentative


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


def comments_of(person: Person) -> list[dict[str, object]]:
    """Return the person's own comments on action items, with hidden and replaced texts."""
    comments = ActionItemComment.objects.filter(author=person).with_names()
    return [
        {
            "group": comment.item.group.slug,
            "item": f"A-{comment.item.number}",
            "comment": comment.number,
            "on_behalf_of": comment.organization.name if comment.organization else None,
            "at": comment.created_at.isoformat(),
            "text": comment.source,
            "texts_before": [edit.source for edit in comment.edits.all()],
            "is_hidden": comment.is_hidden,
        }
        for comment in comments.prefetch_related("edits").order_by("created_at", "pk")
    ]


def voting_of(person: Person) -> list[dict[str, object]]:
    """Return for which organizations the person was named to vote in which groups, and when."""
    rows = VotingRepresentative.objects.filter(person=person)
    return [
        {
            "group": row.group.slug,
            "organization": row.organization.name,
            "role": row.role,
            "from": row.during.lower.isoformat(),
            "until": row.during.upper.isoformat() if row.during.upper else None,
        }
        for row in rows.select_related("group", "organization").order_by("pk")
    ]
