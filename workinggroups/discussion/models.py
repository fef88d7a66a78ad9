"""The discussion of a group: topics, and posts with their edit history."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.access.content import GrantedBy
from common.identifiers import new_uuid
from members.people.models import Person
from workinggroups.discussion.choices import POSTS_A_PAGE
from workinggroups.groups.content import GroupContent, GroupContentQuerySet
from workinggroups.groups.contributions import (
    Contribution,
    ContributionEdit,
    ContributionQuerySet,
)


class TopicQuerySet(GroupContentQuerySet["Topic"]):
    def latest_first(self) -> Self:
        """The topic with the latest post first."""
        return self.order_by("-last_post_at", "-pk")


class Topic(GroupContent):
    """One subject that the group discusses, for the readers of its level."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=160)
    starter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    post_count = models.PositiveIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TopicQuerySet.as_manager()
    granted_by = (GrantedBy("topic"),)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="topic_number_once")
        ]
        indexes = [models.Index(fields=["group", "-last_post_at"], name="topic_latest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.group.slug, self.number])

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class PostQuerySet(ContributionQuerySet["Post"]):
    def with_names(self) -> Self:
        """Posts with their topic, group, author and organization."""
        return self.select_related("topic__group", "author", "organization")


class Post(Contribution):
    """What one person wrote in a topic.

    Has the access key of its topic, which never changes.
    """

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts")

    objects = PostQuerySet.as_manager()
    granted_by = (GrantedBy("topic", "topic__uuid"),)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="post_number_once")]
        indexes = [models.Index(fields=["group", "created_at"], name="post_of_group")]

    def __str__(self) -> str:
        return f"{self.topic}, {self.number}"

    def get_absolute_url(self) -> str:
        """The post on its page of the topic."""
        page = (self.number - 1) // POSTS_A_PAGE + 1
        query = f"?page={page}" if page > 1 else ""
        return f"{self.topic.get_absolute_url()}{query}#post-{self.number}"


class PostEdit(ContributionEdit):
    """The text of a post before an edit."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="edits")

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="post_edit_once")]

    def __str__(self) -> str:
        return f"{self.post}, version {self.version}"


class FollowQuerySet(models.QuerySet["Follow"]):
    def awake(self) -> Self:
        """Follows that are not muted."""
        return self.filter(muted_at__isnull=True)


class Follow(models.Model):
    """A person follows a topic, or has muted it: posting in it does not undo that."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="follows")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    muted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "person"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.person} follows {self.topic}"
