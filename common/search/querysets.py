"""Who finds what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from common.access import Viewer
from common.access.content import visible_content

if TYPE_CHECKING:
    from common.search.models import SearchEntry


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def visible_to(self, viewer: Viewer) -> SearchEntryQuerySet:
        """What this viewer may read now, by the entry's group and level."""
        return self.filter(visible_content(viewer))
