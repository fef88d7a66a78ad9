from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from catalogue.models import OutsideEntry


class OutsideEntryQuerySet(models.QuerySet["OutsideEntry"]):
    def listed(self) -> "OutsideEntryQuerySet":
        """Entries that stand in the catalogue."""
        return self.filter(retired_at__isnull=True)
