from typing import Any

from django.db import models
from django.db.models import QuerySet

from workinggroups.groups.content import GroupContentQuerySet


class TopicQuerySet(GroupContentQuerySet):
    def latest_first(self) -> "TopicQuerySet":
        """The topic somebody wrote in last stands first."""
        return self.order_by("-last_post_at", "-pk")


class PostQuerySet(GroupContentQuerySet):
    """`visible_to` finds hidden posts too: their place stays, their text is for chairs only."""

    def shown(self) -> "PostQuerySet":
        return self.filter(hidden_at__isnull=True)


class FollowQuerySet(models.QuerySet[Any]):
    def awake(self) -> QuerySet[Any]:
        """Follows that are not muted."""
        return self.filter(muted_at__isnull=True)
