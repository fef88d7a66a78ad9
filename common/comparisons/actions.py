"""Comparing two sealed texts, once: short ones at once, long ones in a worker."""

import hashlib
import logging
from datetime import timedelta

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from common.comparisons.models import Comparison
from common.text.rendered import RenderedText
from common.text.rendered_diff import COMPARISON_VERSION, rendered_diff_html
from common.wake_worker import enqueue_on_commit

logger = logging.getLogger(__name__)

# Of both texts together; comparing so much takes about 0.2 seconds.
AT_ONCE_CHARACTERS = 400_000
# A comparison that no worker made in this time is made in the reader's request.
PATIENCE = timedelta(seconds=20)
KEEP = timedelta(days=90)
MAKE_COMPARISONS = "comparisons.make"


def compare_sealed(old: RenderedText, new: RenderedText) -> SafeString | None:
    """Return the changes from `old` to `new`, as `rendered_diff_html` shows them, and store them.

    Both are saved rows of one model whose `html` never changes. Returns None while a worker
    compares two long texts; call again in a few seconds.
    """
    digest = _digest(old.html, new.html)
    stored = Comparison.objects.filter(pk=digest).values_list("html", "asked_at").first()
    if stored is not None and stored[0] is not None:
        return mark_safe(stored[0])  # noqa: S308  (made by rendered_diff_html)
    is_short = len(old.html) + len(new.html) <= AT_ONCE_CHARACTERS
    is_overdue = stored is not None and stored[1] < timezone.now() - PATIENCE
    html = rendered_diff_html(old.html, new.html) if is_short or is_overdue else None
    if stored is not None:
        if html is not None:
            Comparison.objects.filter(pk=digest).update(html=html)
        return html
    row = Comparison(
        digest=digest,
        text_model=old._meta.label_lower,
        old_id=old.pk,
        new_id=new.pk,
        language=get_language() or "",
        comparison_version=COMPARISON_VERSION,
        html=html,
    )
    # Another reader may have asked for the same comparison at this moment.
    Comparison.objects.bulk_create([row], ignore_conflicts=True)
    if html is None:
        enqueue_on_commit(MAKE_COMPARISONS)
    return html


def make_comparisons() -> int:
    """Make the comparisons that readers wait for, the longest waiting first; return how many."""
    count = 0
    while _make_next():
        count += 1
    return count


def _make_next() -> bool:
    """Make one comparison, locking its row; return False where none is left for this worker."""
    waiting = Comparison.objects.filter(html__isnull=True).order_by("asked_at")
    with transaction.atomic():
        row = waiting.select_for_update(skip_locked=True).first()
        if row is None:
            return False
        texts = apps.get_model(row.text_model)._base_manager.in_bulk([row.old_id, row.new_id])
        old, new = (getattr(texts.get(pk), "html", "") for pk in (row.old_id, row.new_id))
        with override(row.language):
            if _digest(old, new) != row.digest:
                row.delete()  # The text was rendered again; the next request has another digest.
                return True
            try:
                row.html = rendered_diff_html(old, new)
            except Exception:  # one comparison must not stop all others
                logger.exception("The comparison of %s could not be made.", row)
                row.delete()
                return True
        row.save(update_fields=["html"])
    return True


def sweep_comparisons() -> int:
    """Delete comparisons of another version or first requested long ago; return how many."""
    outdated = ~models.Q(comparison_version=COMPARISON_VERSION)
    aged = models.Q(asked_at__lt=timezone.now() - KEEP)
    return Comparison.objects.filter(outdated | aged).delete()[0]


def _digest(old: str, new: str) -> str:
    digest = hashlib.sha256(f"{COMPARISON_VERSION} {get_language()} {len(old)}\n".encode())
    digest.update(old.encode())
    digest.update(new.encode())
    return digest.hexdigest()
