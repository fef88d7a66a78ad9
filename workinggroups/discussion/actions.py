"""Every change of a discussion.

topic   open --lock--> locked --unlock--> open
post    shown --hide--> hidden --show--> shown;   edited by its author for a day
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import Level, narrower, viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.search import actions as search
from common.search.models import SearchEntry
from common.text import markdown
from common.text.rendered import html_fields
from common.undo.light_acts import changed_since
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.discussion.choices import PostAct, TopicAct
from workinggroups.discussion.models import Follow, Post, PostEdit, Topic
from workinggroups.discussion.notifications import PostAdded, TopicStarted
from workinggroups.discussion.permissions import (
    can_edit_post,
    can_follow_topic,
    can_hide_post,
    can_lock_topic,
    can_reply,
    can_start_topic,
    can_start_topic_for_chairs,
)
from workinggroups.groups.actions import contributions
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.models import Group
from workinggroups.groups.notifications import notify_in
from workinggroups.groups.permissions import is_editable
from workinggroups.groups.search import about


@transaction.atomic
def start_topic(
    *, actor: Person, group: Group, title: str, source: str, level: int = Level.ALLIANCE
) -> Topic:
    """Start a topic with its first post, which the actor then follows; notify the group.

    `level` can only narrow that of the group's content. Locks the group, so that topics are numbered
    in order.
    """
    refuse_unseen(title=title)
    html = _rendered(source)
    group = lock_group(group)
    viewer = viewer_for(actor.pk)
    can_start_topic.require(viewer, group)
    level = narrower(group.content_level, level)
    if level == Level.CHAIRS:
        can_start_topic_for_chairs.require(viewer, group)
    number = Topic.objects.next_number(group)
    topic = Topic.objects.create(
        group=group, level=level, number=number, title=title, starter=actor
    )
    post = _add_post(actor, topic, source, html)
    started = TopicStarted(group=group.pk, topic=str(topic.uuid), post=str(post.uuid))
    notify_in(group, actor, started, cause=topic.uuid)
    return topic


@transaction.atomic
def add_post(*, actor: Person, topic: Topic, source: str) -> Post:
    """Add a post to the topic, which the actor then follows; notify the topic's followers.

    Raises WrongState for a locked topic. Locks the topic's row.
    """
    html = _rendered(source)
    topic = locked(topic)
    can_reply.require(viewer_for(actor.pk), topic)
    if topic.is_locked:
        raise WrongState(_("This topic is closed to new posts. Start another topic."))
    post = _add_post(actor, topic, source, html)
    added = PostAdded(group=topic.group_id, topic=str(topic.uuid), post=str(post.uuid))
    notify_in(topic.group, actor, added, cause=post.uuid)
    return post


@transaction.atomic
def edit_post(*, actor: Person, post: Post, version: int, source: str) -> Post:
    """Replace the text of the post; the text before is kept as a `PostEdit`.

    `version` is the one that the author has read: raises Conflict where it was edited since, in
    another window. Raises WrongState after EDIT_HOURS, for a hidden post and in a locked topic.
    """
    html = _rendered(source)
    topic = locked(post.topic)
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    viewer = viewer_for(actor.pk)
    can_edit_post.require(viewer, post)
    if topic.is_locked:
        raise WrongState(_("This topic is closed. You can no longer edit its posts."))
    if not is_editable(viewer, post):
        raise WrongState(_("You can edit a post for a day. Add another post instead."))
    if post.version != version:
        raise Conflict(_("You saved this post in another window. Reload the page, then edit it."))
    if post.source == source:
        return post
    PostEdit.objects.create(post=post, **contributions.former_text(post))
    contributions.replace_text(post, source, html)
    index_post(topic, post)
    return post


@transaction.atomic
def hide_post(*, actor: Person, post: Post, reason: str) -> Post:
    """Show the reason in place of the post, whose text only the chairs can read then.

    Raises Invalid without a reason, WrongState for a hidden post.
    """
    if not reason.strip():
        raise Invalid(
            _("Give a reason in one sentence. It is shown in place of the post."), "reason"
        )
    topic = locked(post.topic)
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    can_hide_post.require(viewer_for(actor.pk), post)
    if post.is_hidden:
        raise WrongState(_("This post is already hidden."))
    contributions.set_hidden(post, by=actor, reason=reason.strip())
    search.remove(kind="post", uuid=post.uuid)
    if post.number == 1:
        index_topic(topic)
    record(actor, PostAct.HIDDEN, post, facts=_facts(topic))
    return post


@transaction.atomic
def show_post(*, actor: Person, post: Post) -> Post:
    """Show a hidden post again to everyone who reads the topic."""
    topic = locked(post.topic)
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    can_hide_post.require(viewer_for(actor.pk), post)
    if not post.is_hidden:
        raise WrongState(_("This post is not hidden."))
    contributions.set_hidden(post, by=None)
    index_post(topic, post)
    record(actor, PostAct.SHOWN, post, facts=_facts(topic))
    return post


@transaction.atomic
def lock_topic(*, actor: Person, topic: Topic) -> Topic:
    """Close the topic: no posts can be added or edited."""
    topic = locked(topic)
    can_lock_topic.require(viewer_for(actor.pk), topic)
    if topic.is_locked:
        raise WrongState(_("This topic is already closed."))
    topic.locked_at, topic.locked_by = timezone.now(), actor
    topic.save(update_fields=["locked_at", "locked_by"])
    record(actor, TopicAct.LOCKED, topic, facts=_facts(topic))
    return topic


@transaction.atomic
def unlock_topic(*, actor: Person, topic: Topic) -> Topic:
    """Reopen a closed topic."""
    topic = locked(topic)
    can_lock_topic.require(viewer_for(actor.pk), topic)
    if not topic.is_locked:
        raise WrongState(_("This topic is already open."))
    topic.locked_at = topic.locked_by = None
    topic.save(update_fields=["locked_at", "locked_by"])
    record(actor, TopicAct.UNLOCKED, topic, facts=_facts(topic))
    return topic


@transaction.atomic
def follow_topic(*, actor: Person, topic: Topic, is_muted: bool = False) -> Follow:
    """Let the actor follow the topic, or mute it: a muted topic stays muted when the actor posts."""
    can_follow_topic.require(viewer_for(actor.pk), topic)
    follow, _created = Follow.objects.update_or_create(
        topic=topic, person=actor, defaults={"muted_at": timezone.now() if is_muted else None}
    )
    return follow


def restore_follow(*, actor: Person, topic: Topic, seen: str | None, before: str | None) -> None:
    """Return what the actor follows to `before`; both states are those of `follow_state`.

    Raises Conflict if it is no longer as `seen`. Locks the row.
    """
    with transaction.atomic():
        can_follow_topic.require(viewer_for(actor.pk), topic)
        follow = Follow.objects.select_for_update().filter(topic=topic, person=actor).first()
        if follow is None or follow_state(follow) != seen:
            raise changed_since()
        if before is None:
            follow.delete()
        else:
            follow.muted_at = datetime.fromisoformat(before) if before else None
            follow.save(update_fields=["muted_at"])


def follow_state(follow: Follow | None) -> str | None:
    """Return "" for a topic that is followed, since when it is muted, or None for neither."""
    if follow is None:
        return None
    return follow.muted_at.isoformat() if follow.muted_at else ""


def _rendered(source: str) -> str:
    return contributions.rendered(source, if_empty=_("Write something before you post."))


def locked(topic: Topic) -> Topic:
    """Lock the topic's row until the end of the transaction; return the topic as it is now."""
    topics = Topic.objects.select_for_update(of=("self",), no_key=True)
    return topics.select_related("group").get(pk=topic.pk)


def _add_post(actor: Person, topic: Topic, source: str, html: str) -> Post:
    seat = viewer_for(actor.pk).seats.get(topic.group_id)
    now = timezone.now()
    topic.post_count += 1
    topic.last_post_at = now
    topic.save(update_fields=["post_count", "last_post_at"])
    post = build_post(
        topic=topic,
        number=topic.post_count,
        author=actor,
        organization_id=seat.organization_id if seat else None,
        source=source,
        html=html,
        created_at=now,
    )
    post.save(force_insert=True)
    # An existing row is left as it is, so that a muted topic stays muted.
    Follow.objects.get_or_create(topic=topic, person=actor)
    index_post(topic, post)
    return post


def build_post(*, topic: Topic, html: str, **fields: object) -> Post:
    """Return the post, unsaved, for the readers of its topic; bulk loads use it."""
    return Post(group=topic.group, level=topic.level, topic=topic, **html_fields(html), **fields)


def index_topic(topic: Topic) -> None:
    """Index the topic for search, by its title and its first post."""
    first = topic.posts.filter(number=1, hidden_at__isnull=True).first()
    search.store(topic_entries(topic, markdown.plain_blocks(first.html) if first else ""))


def topic_entries(topic: Topic, text: str) -> list[SearchEntry]:
    """Return the topic's search entries, unsaved; `text` is that of its first post."""
    return _entries("topic", topic, topic, text)


def index_post(topic: Topic, post: Post) -> None:
    """Index the post for search: a reply under the title of its topic, the first with its topic."""
    if post.number == 1:
        index_topic(topic)
        return
    search.store(reply_entries(topic, post, markdown.plain_blocks(post.html)))


def reply_entries(topic: Topic, post: Post, text: str) -> list[SearchEntry]:
    """Return the search entries, unsaved, of a reply with this text."""
    return _entries("post", topic, post, text)


def _entries(kind: str, topic: Topic, entry: Topic | Post, text: str) -> list[SearchEntry]:
    return search.entries_of(
        kind=kind,
        uuid=entry.uuid,
        title=topic.title,
        body=text,
        url=entry.get_absolute_url(),
        level=topic.level,
        group_id=topic.group_id,
        at=entry.created_at,
        about=["Discussion", *about(topic.group, topic.level)],
    )


def _facts(topic: Topic) -> dict[str, object]:
    return {"group": topic.group.uuid, "topic": topic.uuid}
