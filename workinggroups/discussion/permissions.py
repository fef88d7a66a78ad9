"""Who may do what in a discussion. Source of the rules: docs/permissions.md, threads."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.rules import rule
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.models import Group

WRITERS_ONLY = _("Participants of the group write here; observers and visitors read.")
CHAIRS_ONLY = _("The chairs of the group do this.")


@rule(WRITERS_ONLY)
def can_start_topic(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk)


@rule(_("Only chairs start a topic for the chairs."))
def can_start_topic_for_chairs(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk)


@rule(WRITERS_ONLY)
def can_reply(viewer: Viewer, topic: Topic) -> bool:
    """Whoever writes in the group; in the chairs' own topics the chairs."""
    if topic.level == Level.CHAIRS:
        return viewer.is_chair(topic.group_id)
    return viewer.may_write(topic.group_id)


@rule(_("A post is changed only by the one who wrote it."))
def can_edit_post(viewer: Viewer, post: Post) -> bool:
    """The right alone; until when is `is_editable`. The text before stays readable."""
    return viewer.person_id == post.author_id


def is_editable(viewer: Viewer, post: Post) -> bool:
    """For its author, for a day, unless it was hidden, and while they write in the group."""
    return (
        can_edit_post(viewer, post)
        and viewer.may_write(post.group_id)
        and not post.is_hidden
        and timezone.now() < post.editable_until
    )


@rule(CHAIRS_ONLY)
def can_hide_post(viewer: Viewer, post: Post) -> bool:
    """Chairs, others' posts: with a reason, recorded."""
    return viewer.is_chair(post.group_id)


def can_read_hidden(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk) or group.pk in viewer.break_glass_ids


@rule(CHAIRS_ONLY)
def can_lock_topic(viewer: Viewer, topic: Topic) -> bool:
    return viewer.is_chair(topic.group_id)


@rule(_("People who take part in the group follow its topics."))
def can_follow_topic(viewer: Viewer, topic: Topic) -> bool:
    return viewer.is_member(topic.group_id)
