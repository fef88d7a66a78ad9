from typing import TYPE_CHECKING

from django.db import models

from common.access import Viewer
from notifications.choices import Channel

if TYPE_CHECKING:
    from notifications.models import Notice


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, viewer: Viewer) -> "NoticeQuerySet":
        """One's own inbox, the latest first."""
        if viewer.person_id is None:
            return self.none()
        return (
            self.filter(person_id=viewer.person_id, channel=Channel.INBOX)
            .select_related("event")
            .order_by("-pk")
        )

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)
