from typing import TYPE_CHECKING

from django.db import models

from common.access import Viewer

if TYPE_CHECKING:
    from common.text.models import TextChange


class TextChangeQuerySet(models.QuerySet["TextChange"]):
    def unseen(self) -> "TextChangeQuerySet":
        return self.filter(seen_at__isnull=True)

    def visible_to(self, viewer: Viewer) -> "TextChangeQuerySet":
        """All for staff, those of their own groups for chairs, none for anybody else.

        That a text changed. Whether its label and words may be read is asked of the text itself
        (`common.text.changes.readable`).
        """
        if viewer.is_staff:
            return self
        return self.filter(group_id__in=viewer.chaired_ids)
