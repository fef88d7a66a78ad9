"""Comments on action items, with the texts that edits replaced."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from common.identifiers import new_uuid
from common.text.rendered import RenderedText
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.choices import COMMENT_EDIT_HOURS, COMMENTS_A_PAGE
from workinggroups.groups.content import GroupContent, GroupContentQuerySet
from workinggroups.groups.models.action_items import ActionItem


class ActionItemCommentQuerySet(GroupContentQuerySet["ActionItemComment"]):
    """`visible_to` includes hidden comments, of which only chairs see the text."""

    def shown(self) -> Self:
        return self.filter(hidden_at__isnull=True)

    def with_names(self) -> Self:
        """Comments with their item, group, author and organization."""
        return self.select_related("item__group", "author", "organization")


class ActionItemComment(RenderedText, GroupContent):
    """What one person wrote about an action item, on behalf of their organization at that time.

    Has the access key of its item.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    item = models.ForeignKey(ActionItem, models.PROTECT, related_name="comments", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionItemCommentQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "number"], name="action_item_comment_number_once"
            )
        ]
        indexes = [models.Index(fields=["group", "created_at"], name="action_item_comment_group")]

    def __str__(self) -> str:
        return f"{self.item}, {self.number}"

    def get_absolute_url(self) -> str:
        """The comment on its page of the action item."""
        page = (self.number - 1) // COMMENTS_A_PAGE + 1
        query = f"?page={page}" if page > 1 else ""
        return f"{self.item.get_absolute_url()}{query}#comment-{self.number}"

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def editable_until(self) -> datetime:
        return self.created_at + timedelta(hours=COMMENT_EDIT_HOURS)


class ActionItemCommentEdit(RenderedText):
    """The text of a comment before an edit."""

    comment = models.ForeignKey(
        ActionItemComment, models.PROTECT, related_name="edits", db_index=False
    )
    version = models.PositiveIntegerField()
    source = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "version"], name="action_item_comment_edit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment}, version {self.version}"
