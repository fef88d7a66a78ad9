"""Named questions to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from common.record.models import Record


class RecordQuerySet(models.QuerySet["Record"]):
    def about(self, kind: str, object_uuid: UUID) -> RecordQuerySet:
        """What happened to one thing, oldest first."""
        return self.filter(kind=kind, object_uuid=object_uuid).order_by("at", "uuid")

    def by_actor(self, actor_uuid: UUID) -> RecordQuerySet:
        """What one person did, newest first."""
        return self.filter(actor_uuid=actor_uuid).newest()

    def newest(self) -> RecordQuerySet:
        return self.order_by("-at", "-uuid")
