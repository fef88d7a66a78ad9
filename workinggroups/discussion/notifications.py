"""What a discussion announces: new topics to the group, new posts to those who follow."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text.markdown import plain
from members.people.models import Person
from notifications.about import SharedLines
from notifications.choices import Rhythm
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.discussion.models import Follow, Post
from workinggroups.groups.notices import line_in
from workinggroups.groups.queries import members_reading

TOPIC = gettext_lazy("Discussion")
EXCERPT_CHARACTERS = 280


def readers(event: Event) -> QuerySet[Person]:
    """The people of the group who read the topic: all, or the chairs of a chairs' topic."""
    return members_reading(Post.objects.shown().filter(uuid=event.ref["post"]).first())


def followers(event: Event) -> QuerySet[Person]:
    """Of those, the ones who follow the topic and have not muted it."""
    follows = Follow.objects.awake().filter(topic__uuid=event.ref["topic"], person=OuterRef("pk"))
    return readers(event).filter(Exists(follows))


def told() -> QuerySet[Post]:
    """Hidden posts are not told."""
    posts: QuerySet[Post] = Post.objects.shown()
    return posts.select_related("topic__group", "author", "organization")


def _words(post: Post, event: Event, zone: str) -> Line:
    topic = post.topic
    return line_in(
        topic.group,
        title=f"{post.author}: {topic.title}",
        url=post.get_absolute_url(),
        why=_("because you follow this topic") if event.kind == "post_added" else "",
        detail=plain(post.html, EXCERPT_CHARACTERS),
        thread_key=f"topic:{topic.uuid}",
        subject=topic.title,
    )


lines = SharedLines("post", told, _words, by="uuid")


def register_all() -> None:
    """Called from `apps.ready`."""
    register(
        Kind(
            "topic_started",
            gettext_lazy("A topic is started"),
            TOPIC,
            readers,
            lines,
            default_rhythm=Rhythm.DIGEST,
        ),
        Kind(
            "post_added",
            gettext_lazy("A post in a topic you follow"),
            TOPIC,
            followers,
            lines,
        ),
    )
