"""What a group talks about: topics, and the posts in them with their edit history."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_uuid
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.discussion.querysets import TopicQuerySet
from workinggroups.groups.content import GroupContent


class Topic(GroupContent):
    """One matter the group talks about, for the readers its level names."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=160)
    starter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    post_count = models.PositiveIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="topic_number_once")
        ]
        indexes = [models.Index(fields=["group", "-last_post_at"], name="topic_latest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.group.slug, self.number])


class Post(models.Model):
    """What one person wrote in a topic, on behalf of the organization of that day."""

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.TextField()
    html = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="post_number_once")]

    def __str__(self) -> str:
        return f"{self.topic}, {self.number}"


class PostEdit(models.Model):
    """What a post said before it was edited."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="edits")
    version = models.PositiveIntegerField()
    source = models.TextField()
    html = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="post_edit_once")]

    def __str__(self) -> str:
        return f"{self.post}, version {self.version}"
