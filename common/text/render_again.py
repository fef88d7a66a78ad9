"""Rendering stored texts again after an upgrade that brought a new renderer.

A text is stale while its `renderer_version` is below the current one. Each is rendered outside of
any transaction and then saved in its own transaction, only if it did not change meanwhile, so the
process can be killed at any time and continues with the next stale text. A text that the renderer
refuses is recorded (`TextChange`) and no longer stale for this version.

Nothing else of a row changes, neither its version nor its times. What depends on the HTML, such
as the ETag of a public page, therefore includes `renderer_version`.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text import changes
from common.text.anchors import with_former_anchors
from common.text.choices import Outcome
from common.text.markdown import RENDERER_VERSION
from common.text.models import TextChange
from common.text.registry import AnyStoredText, StoredText, Text, stored_texts
from common.text.rendered import html_fields

logger = logging.getLogger(__name__)

# Texts read at once, each with up to 5 MB of HTML.
BATCH = 20
# An advisory lock that nothing else in this database uses.
LOCK = 0x7265_6E64_6572


@dataclass
class Progress:
    """What one run did; `is_complete` if no stale texts are left."""

    rendered: int = 0
    changed: int = 0
    refused: int = 0
    is_complete: bool = False


def stale(kind: StoredText[Text]) -> QuerySet[Text]:
    """Return the texts of this kind that the current renderer has neither rendered nor refused."""
    refused = TextChange.objects.filter(
        kind=kind.kind,
        row_id=OuterRef("pk"),
        renderer_version=RENDERER_VERSION,
        outcome=Outcome.REFUSED,
    )
    return kind.rows().filter(~Exists(refused), renderer_version__lt=RENDERER_VERSION)


def has_stale_texts() -> bool:
    """Whether any text is stale; one indexed query for each kind of text."""
    return any(stale(kind).exists() for kind in stored_texts())


def make_all_stale() -> None:
    """Mark every text to be rendered again, except those that the current renderer refused."""
    for kind in stored_texts():
        kind.rows().filter(renderer_version__gt=0).update(renderer_version=0)


def render_again(
    *, seconds: float | None = None, report: Callable[[AnyStoredText, Progress], None] | None = None
) -> Progress:
    """Render stale texts for about `seconds` or until none is left; call `report` after each batch.

    Only one process at a time does this: a second one returns at once, incomplete.
    """
    progress = Progress()
    deadline = None if seconds is None else time.monotonic() + seconds
    with _lock() as is_ours:
        if not is_ours:
            return progress
        for kind in stored_texts():
            for batch in _batches(kind):
                for text in batch:
                    if deadline is not None and time.monotonic() > deadline:
                        return progress
                    _render(kind, text, progress)
                if report is not None:
                    report(kind, progress)
        progress.is_complete = True
    return progress


def _batches(kind: StoredText[Text]) -> Iterator[list[Text]]:
    last_pk = 0
    while batch := list(stale(kind).filter(pk__gt=last_pk)[:BATCH]):
        yield batch
        last_pk = batch[-1].pk


def _render(kind: StoredText[Text], text: Text, progress: Progress) -> None:
    try:
        new_html = with_former_anchors(kind.render(text.source), text.html)
    except Invalid as error:
        _refuse(kind, text, error.message, progress)
        return
    except Exception:  # one text must not stop all others
        logger.exception("The text %s %s could not be rendered.", kind.kind, text.pk)
        _refuse(
            kind, text, _("This text could not be rendered. The server log says why."), progress
        )
        return
    before, after = changes.visible_words(text.html), changes.visible_words(new_html)
    is_same = changes.are_same(before, after)
    with transaction.atomic():
        kind.lock(text)
        if not _write_html(kind, text, new_html):
            return  # it was saved meanwhile, with the current renderer
        # Read it again: its readers may have changed meanwhile, and search entries depend on them.
        text = kind.rows().get(pk=text.pk)
        kind.reindex(text)
        if not is_same:
            _record(
                changes.change_of(
                    kind, text, renderer_version=RENDERER_VERSION, before=before, after=after
                )
            )
    progress.rendered += 1
    progress.changed += not is_same


def _write_html(kind: StoredText[Text], text: Text, html: str) -> bool:
    """Save the HTML if the row did not change since it was read; return whether it was saved."""
    same = kind.rows().filter(
        pk=text.pk, source=text.source, renderer_version=text.renderer_version
    )
    return bool(same.update(**html_fields(html)))


def _refuse(kind: StoredText[Text], text: Text, reason: str, progress: Progress) -> None:
    _record(changes.refusal_of(kind, text, renderer_version=RENDERER_VERSION, reason=reason))
    progress.refused += 1


def _record(change: TextChange) -> None:
    TextChange.objects.bulk_create([change], ignore_conflicts=True)


@contextmanager
def _lock() -> Iterator[bool]:
    """Take the lock for the block, if it is free; yield whether this process has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
