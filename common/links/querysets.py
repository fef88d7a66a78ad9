"""Which links stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from common.links.models import Link


class LinkQuerySet(models.QuerySet["Link"]):
    def open(self) -> LinkQuerySet:
        """Links that stand, not those taken back."""
        return self.filter(during__endswith__isnull=True)
