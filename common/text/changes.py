"""Comparing what a reader saw of a text with what its new HTML shows, and listing what changed."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from common.access import Viewer
from common.text.choices import (
    EXCERPT_CHARACTERS,
    EXCERPT_WORDS,
    EXCERPT_WORDS_BEFORE,
    Outcome,
)
from common.text.markdown import plain
from common.text.models import TextChange
from common.text.registry import StoredText, stored_text, stored_texts

_BLOCK_END = re.compile(r"</(?:h[1-6]|p|li|tr|pre|blockquote|div|section|summary)>|<[bh]r\b[^<>]*>")


def visible_words(html: str) -> str:
    """The words of stored HTML, each block on a line of its own."""
    lines = (plain(block) for block in _BLOCK_END.split(html))
    return "\n".join(line for line in lines if line)


def are_same(words: str, others: str) -> bool:
    """Both are the same characters, white space apart."""
    return "".join(words.split()) == "".join(others.split())


def change_of(
    kind: StoredText, text: Any, *, renderer_version: int, before: str, after: str
) -> TextChange:
    """An unsaved row that says that the visible words of the text changed."""
    excerpts = _excerpts(before.split(), after.split())
    return TextChange(
        **_described(kind, text, renderer_version),
        outcome=Outcome.CHANGED,
        words_before=before,
        words_after=after,
        excerpt_before=excerpts[0],
        excerpt_after=excerpts[1],
    )


def refusal_of(kind: StoredText, text: Any, *, renderer_version: int, reason: str) -> TextChange:
    """An unsaved row that says that the text was refused and keeps its former HTML."""
    return TextChange(
        **_described(kind, text, renderer_version),
        outcome=Outcome.REFUSED,
        reason=reason[:EXCERPT_CHARACTERS],
    )


def readable(changes: Iterable[TextChange], viewer: Viewer) -> set[int]:
    """The ids of those changes whose text the viewer may read. One query for each kind."""
    of_kind: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    known = {kind.kind for kind in stored_texts()}
    for change in changes:
        if change.kind in known:
            of_kind[change.kind][change.row_id].append(change.pk)
    found: set[int] = set()
    for kind, change_ids in of_kind.items():
        rows = stored_text(kind).visible_to(viewer).filter(pk__in=list(change_ids))
        for row_id in rows.order_by().values_list("pk", flat=True):
            found.update(change_ids[row_id])
    return found


def mark_seen(*, actor: Any, change: TextChange) -> None:
    """Somebody looked at the change. The first one stays on the row."""
    unseen = TextChange.objects.unseen().filter(pk=change.pk)
    unseen.update(seen_at=timezone.now(), seen_by_uuid=actor.uuid)


def _described(kind: StoredText, text: Any, renderer_version: int) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "row_id": text.pk,
        "group_id": kind.group_id(text),
        "weight": kind.weight(text),
        "renderer_version": renderer_version,
        "label": kind.label(text)[:EXCERPT_CHARACTERS],
        "url": kind.url(text)[:300],
    }


def _excerpts(before: list[str], after: list[str]) -> tuple[str, str]:
    """Some words of each text around the first place where they differ."""
    pairs = zip(before, after, strict=False)
    shorter = min(len(before), len(after))
    first = next((place for place, (old, new) in enumerate(pairs) if old != new), shorter)
    start = max(first - EXCERPT_WORDS_BEFORE, 0)
    return _excerpt(before, start), _excerpt(after, start)


def _excerpt(words: list[str], start: int) -> str:
    end = start + EXCERPT_WORDS
    text = " ".join(words[start:end])
    return f"{'… ' if start else ''}{text}{' …' if end < len(words) else ''}"[:EXCERPT_CHARACTERS]
