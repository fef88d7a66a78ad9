"""Deleting old rows, so that reading the version stays cheap."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from common.public_changes.models import PublicChange

KEPT = timedelta(minutes=10)


def forget_old_changes() -> int:
    """Delete the rows of transactions that began over ten minutes ago; return how many.

    A new row replaces them, so that the version never equals an earlier one. The row of a long
    transaction can be deleted as soon as it becomes visible.
    """
    old = PublicChange.objects.filter(noted_at__lt=timezone.now() - KEPT)
    with transaction.atomic():
        deleted, _by_model = old.delete()
        if deleted:
            PublicChange.objects.create()
    return deleted
