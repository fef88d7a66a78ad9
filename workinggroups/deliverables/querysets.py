from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from workinggroups.groups.content import GroupContentQuerySet

if TYPE_CHECKING:
    from workinggroups.deliverables.models import (
        Editorship,
        Publication,
    )


class DeliverableQuerySet(GroupContentQuerySet):
    def latest_first(self) -> "DeliverableQuerySet":
        return self.order_by("-changed_at", "-pk")


class EditorshipQuerySet(models.QuerySet["Editorship"]):
    def current(self) -> "EditorshipQuerySet":
        return self.filter(during__contains=Now())


class PublicationQuerySet(models.QuerySet["Publication"]):
    def standing(self) -> "PublicationQuerySet":
        """Published and not withdrawn, the latest first."""
        return self.filter(withdrawn_at__isnull=True).order_by("-published_at", "-pk")

    def current(self) -> "PublicationQuerySet":
        """The newest version of each work, withdrawn or not: what the catalogue lists."""
        return self.filter(is_latest=True)
