"""The discussion part of a person's export: all their posts, with hidden and replaced texts."""

from members.people.models import Person
from workinggroups.discussion.models import Post


def of_person(person: Person) -> list[dict[str, object]]:
    """Return the person's own posts, oldest first."""
    posts = Post.objects.filter(author=person).select_related("group", "topic", "organization")
    return [
        {
            "group": post.group.slug,
            "topic": post.topic.number,
            "post": post.number,
            "on_behalf_of": post.organization.name if post.organization else None,
            "at": post.created_at.isoformat(),
            "text": post.source,
            "texts_before": [edit.source for edit in post.edits.all()],
            "is_hidden": post.is_hidden,
        }
        for post in posts.prefetch_related("edits").order_by("created_at", "pk")
    ]
