"""Comments on action items, with the texts that edits replaced."""

from typing import Self

from django.db import models

from workinggroups.groups.choices import COMMENTS_A_PAGE
from workinggroups.groups.contributions import (
    Contribution,
    ContributionEdit,
    ContributionQuerySet,
)
from workinggroups.groups.models.action_items import ActionItem


class ActionItemCommentQuerySet(ContributionQuerySet["ActionItemComment"]):
    def with_names(self) -> Self:
        """Comments with their item, group, author and organization."""
        return self.select_related("item__group", "author", "organization")


class ActionItemComment(Contribution):
    """What one person wrote about an action item.

    Has the access key of its item.
    """

    item = models.ForeignKey(ActionItem, models.PROTECT, related_name="comments", db_index=False)

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


class ActionItemCommentEdit(ContributionEdit):
    """The text of a comment before an edit."""

    comment = models.ForeignKey(
        ActionItemComment, models.PROTECT, related_name="edits", db_index=False
    )

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "version"], name="action_item_comment_edit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment}, version {self.version}"
