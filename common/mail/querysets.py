"""Named questions to the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.mail.choices import OPEN, State

if TYPE_CHECKING:
    from common.mail.models import Message


class MessageQuerySet(models.QuerySet["Message"]):
    def open(self) -> MessageQuerySet:
        """Not yet sent, dropped or given up."""
        return self.filter(state__in=OPEN)

    def due(self) -> MessageQuerySet:
        """Open, its time has come and no living process has it."""
        now = timezone.now()
        return self.open().filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=now), due_at__lte=now
        )

    def failed(self) -> MessageQuerySet:
        return self.filter(state=State.FAILED)
