"""Links from both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from common.links.models import Link


class LinkQuerySet(models.QuerySet["Link"]):
    def open(self) -> LinkQuerySet:
        """Links that stand, not those taken back."""
        return self.filter(during__endswith__isnull=True)

    def out_of(self, kind: str, uuid: UUID) -> LinkQuerySet:
        """What this thing points to."""
        return self.filter(from_kind=kind, from_uuid=uuid)

    def into(self, kind: str, uuid: UUID) -> LinkQuerySet:
        """What points to this thing."""
        return self.filter(to_kind=kind, to_uuid=uuid)
