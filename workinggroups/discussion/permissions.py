"""Who can do what in a discussion. Source of the rules: docs/permissions.md, "Discussion"."""

from django.utils.translation import gettext_lazy as _

from common.access import Level, Viewer
from common.access.rules import rule
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import rule_while_running

WRITERS_ONLY = _("Only participants of the group can write in its discussion.")
CHAIRS_ONLY = _("Only the group's chairs can do this.")


@rule_while_running(WRITERS_ONLY)
def can_start_topic(viewer: Viewer, group: Group) -> bool:
    return viewer.may_write(group.pk)


@rule_while_running(_("Only the group's chairs can start a topic for chairs."))
def can_start_topic_for_chairs(viewer: Viewer, group: Group) -> bool:
    return viewer.is_chair(group.pk)


@rule_while_running(WRITERS_ONLY)
def can_reply(viewer: Viewer, topic: Topic) -> bool:
    """People who can write in the group; the chairs in a chairs' topic."""
    if topic.level == Level.CHAIRS:
        return viewer.is_chair(topic.group_id)
    return viewer.may_write(topic.group_id)


@rule_while_running(_("Only the author of a post can edit it."))
def can_edit_post(viewer: Viewer, post: Post) -> bool:
    """Whether the viewer is the author; `is_editable` says whether they can still edit the post."""
    return viewer.person_id == post.author_id


@rule(CHAIRS_ONLY)
def can_hide_post(viewer: Viewer, post: Post) -> bool:
    return viewer.is_chair(post.group_id)


@rule_while_running(CHAIRS_ONLY)
def can_lock_topic(viewer: Viewer, topic: Topic) -> bool:
    return viewer.is_chair(topic.group_id)


@rule(_("Only people in the group can follow its topics."))
def can_follow_topic(viewer: Viewer, topic: Topic) -> bool:
    return viewer.is_member(topic.group_id)
