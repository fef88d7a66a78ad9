"""Notifications of discussions: new topics for the group, new posts for the topic's followers."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text.markdown import plain
from members.people.models import Person
from notifications.choices import Category, Frequency
from notifications.registry import register
from notifications.targets import SharedNotification
from notifications.types import NotificationContent
from workinggroups.discussion.models import Follow, Post
from workinggroups.groups.notifications import content_in
from workinggroups.groups.queries import members_reading

EXCERPT_CHARACTERS = 280


@dataclass(frozen=True, kw_only=True)
class PostNotification(SharedNotification[Post]):
    """About a post; the payload has its uuid and that of its topic."""

    category = Category.DISCUSSION
    target_field, target_lookup = "post", "uuid"

    group: int
    topic: str
    post: str

    def recipients(self) -> QuerySet[Person]:
        """Return the people of the group who read the topic: all, or the chairs of a chairs' topic."""
        return members_reading(Post.objects.shown().filter(uuid=self.post).first())

    @classmethod
    def rows(cls) -> QuerySet[Post]:
        """Return the posts without hidden ones, of which nobody is notified."""
        return Post.objects.shown().with_names()

    def shared_content(self, post: Post, zone: str) -> NotificationContent:
        topic = post.topic
        return content_in(
            topic.group,
            title=f"{post.author}: {topic.title}",
            url=post.get_absolute_url(),
            why=self.why(),
            detail=plain(post.html, EXCERPT_CHARACTERS),
            thread_key=f"topic:{topic.uuid}",
            subject=topic.title,
        )

    def why(self) -> str:
        """Return why the reader is notified; empty for the default of `content_in`."""
        return ""


class TopicStarted(PostNotification):
    name = "topic_started"
    label = gettext_lazy("A topic is started")
    default_frequency = Frequency.DIGEST


class PostAdded(PostNotification):
    name = "post_added"
    label = gettext_lazy("A post in a topic you follow")

    def recipients(self) -> QuerySet[Person]:
        """Return the readers of the topic who follow it and have not muted it."""
        follows = Follow.objects.awake().filter(topic__uuid=self.topic, person=OuterRef("pk"))
        return super().recipients().filter(Exists(follows))

    def why(self) -> str:
        return _("because you follow this topic")


def register_notifications() -> None:
    register(TopicStarted, PostAdded)
