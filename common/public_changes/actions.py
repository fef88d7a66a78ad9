"""Old rows are taken away, so that reading the version stays cheap."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from common.public_changes.models import PublicChange

KEPT = timedelta(minutes=10)


def forget_old_changes() -> int:
    """Delete the rows of transactions that began ten minutes ago or earlier; how many there were.

    A row takes their place, so that the version is never again one from before. That of a long
    transaction may go as soon as it can be seen.
    """
    old = PublicChange.objects.filter(noted_at__lt=timezone.now() - KEPT)
    with transaction.atomic():
        forgotten, _by_model = old.delete()
        if forgotten:
            PublicChange.objects.create()
    return forgotten
