"""Who may do what in a discussion. Source of the rules: docs/permissions.md, threads."""

from django.utils import timezone

from common.access import Level, Viewer
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.models import Group


def can_start_topic(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk)


def can_reply(viewer: Viewer, topic: Topic) -> bool:
    """Whoever writes in the group; in the chairs' own topics the chairs."""
    if topic.level == Level.CHAIRS:
        return viewer.is_chair(topic.group_id)
    return viewer.may_write(topic.group_id)


def can_edit_post(viewer: Viewer, post: Post) -> bool:
    """One's own, for a day, unless it was hidden. The text before stays readable."""
    return (
        viewer.person_id == post.author_id
        and viewer.may_write(post.group_id)
        and not post.is_hidden
        and timezone.now() < post.editable_until
    )


def can_hide_post(viewer: Viewer, post: Post) -> bool:
    """Chairs, others' posts: with a reason, recorded."""
    return viewer.is_chair(post.group_id)


def can_read_hidden(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) or group.pk in viewer.break_glass_ids


def can_lock_topic(viewer: Viewer, topic: Topic) -> bool:
    return viewer.is_chair(topic.group_id)


def can_follow_topic(viewer: Viewer, topic: Topic) -> bool:
    return viewer.is_member(topic.group_id)
