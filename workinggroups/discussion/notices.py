"""What a discussion announces: new topics to the group, new posts to those who follow."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Level, Viewer
from common.text.markdown import plain
from members.people.models import Person
from notifications.choices import Rhythm
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.discussion.models import Follow, Post
from workinggroups.groups.queries import chairs_of, members_of

TOPIC = gettext_lazy("Discussion")
EXCERPT_CHARACTERS = 280


def readers(event: Event) -> QuerySet[Person]:
    """The people of the group who read the topic: all, or the chairs of a chairs' topic."""
    post = Post.objects.filter(uuid=event.ref["post"]).first()
    if post is None or post.is_hidden:
        nobody: QuerySet[Person] = Person.objects.none()
        return nobody
    of_level = chairs_of if post.level == Level.CHAIRS else members_of
    return of_level(post.group_id)


def followers(event: Event) -> QuerySet[Person]:
    """Of those, the ones who follow the topic and have not muted it."""
    follows = Follow.objects.awake().filter(topic__uuid=event.ref["topic"], person=OuterRef("pk"))
    return readers(event).filter(Exists(follows))


def lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    """What this reader may see of each post now; hidden ones are not told. One query."""
    listed = list(events)
    posts = {
        str(post.uuid): post
        for post in Post.objects.visible_to(viewer)
        .shown()
        .filter(uuid__in=[event.ref["post"] for event in listed])
        .select_related("topic__group", "author", "organization")
    }
    return {
        event.pk: _line(event, posts[event.ref["post"]])
        for event in listed
        if event.ref["post"] in posts
    }


def _line(event: Event, post: Post) -> Line:
    topic, group = post.topic, post.topic.group
    is_new = event.kind == "topic_started"
    why = _("because you are in %(group)s") if is_new else _("because you follow this topic")
    return Line(
        title=f"{post.author}: {topic.title}",
        url=post.get_absolute_url(),
        why=why % {"group": group.name} if is_new else why,
        detail=plain(post.html, EXCERPT_CHARACTERS),
        group_name=group.name,
        group_slug=group.slug,
        thread_key=f"topic:{topic.uuid}",
    )


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
