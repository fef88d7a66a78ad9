"""Who finds what: the one rule of levels, as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from common.access import Level, Viewer

if TYPE_CHECKING:
    from common.search.models import SearchEntry


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def visible_to(self, viewer: Viewer) -> SearchEntryQuerySet:
        """What this viewer may read now, by the entry's group and level."""
        rule = Q(level=Level.PUBLIC)
        if viewer.in_alliance:
            rule |= Q(level=Level.ALLIANCE)
        inside = viewer.group_ids | viewer.break_glass_ids
        if inside:
            rule |= Q(level=Level.MEMBERS, group_id__in=inside)
        chairs = viewer.chaired_ids | viewer.break_glass_ids
        if chairs:
            rule |= Q(level=Level.CHAIRS, group_id__in=chairs)
        return self.filter(rule)
