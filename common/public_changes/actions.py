"""Old rows are taken away, so that reading the version stays cheap."""

from datetime import timedelta

from django.utils import timezone

from common.public_changes.models import PublicChange

KEPT = timedelta(minutes=10)


def forget_old_changes() -> int:
    """Delete the rows of transactions that began ten minutes ago or earlier; how many there were.

    Fewer rows are another version: pages are made anew without need, once.
    """
    old = PublicChange.objects.filter(noted_at__lt=timezone.now() - KEPT)
    forgotten, _by_model = old.delete()
    return forgotten
