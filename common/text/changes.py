"""Comparing the visible words of a text with those of its new HTML, and recording changes."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from common.access import Viewer
from common.identifiers import Identified
from common.text.choices import EXCERPT_CHARACTERS, EXCERPT_WORDS, EXCERPT_WORDS_BEFORE, Outcome
from common.text.markdown import plain
from common.text.models import TextChange
from common.text.registry import StoredText, Text, stored_text, stored_texts

_BLOCK_END = re.compile(r"</(?:h[1-6]|p|li|tr|pre|blockquote|div|section|summary)>|<[bh]r\b[^<>]*>")


def visible_words(html: str) -> str:
    """Return the words of stored HTML, each block on a line of its own."""
    lines = (plain(block) for block in _BLOCK_END.split(html))
    return "\n".join(line for line in lines if line)


def are_same(words: str, others: str) -> bool:
    """Whether both are the same characters apart from white space."""
    return "".join(words.split()) == "".join(others.split())


def change_of(
    kind: StoredText[Text], text: Text, *, renderer_version: int, before: str, after: str
) -> TextChange:
    """Return an unsaved row: the visible words of the text changed."""
    excerpts = _excerpts(before.split(), after.split())
    return TextChange(
        **_described(kind, text, renderer_version),
        outcome=Outcome.CHANGED,
        words_before=before,
        words_after=after,
        excerpt_before=excerpts[0],
        excerpt_after=excerpts[1],
    )


def refusal_of(
    kind: StoredText[Text], text: Text, *, renderer_version: int, reason: str
) -> TextChange:
    """Return an unsaved row: the text was refused and keeps its former HTML."""
    return TextChange(
        **_described(kind, text, renderer_version),
        outcome=Outcome.REFUSED,
        reason=reason[:EXCERPT_CHARACTERS],
    )


def readable(changes: Iterable[TextChange], viewer: Viewer) -> set[int]:
    """Return the ids of the changes whose text the viewer can read. One query for each kind."""
    of_kind: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    known = {kind.kind for kind in stored_texts()}
    for change in changes:
        if change.kind in known:
            of_kind[change.kind][change.row_id].append(change.pk)
    ids: set[int] = set()
    for kind, change_ids in of_kind.items():
        rows = stored_text(kind).visible_to(viewer).filter(pk__in=list(change_ids))
        for row_id in rows.order_by().values_list("pk", flat=True):
            ids.update(change_ids[row_id])
    return ids


def mark_seen(*, actor: Identified, change: TextChange) -> None:
    """Record who looked at the change first, and when."""
    unseen = TextChange.objects.unseen().filter(pk=change.pk)
    unseen.update(seen_at=timezone.now(), seen_by_uuid=actor.uuid)


def _described(kind: StoredText[Text], text: Text, renderer_version: int) -> dict[str, object]:
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
    """Return some words of each text around their first difference."""
    pairs = zip(before, after, strict=False)
    shorter = min(len(before), len(after))
    first = next((place for place, (old, new) in enumerate(pairs) if old != new), shorter)
    start = max(first - EXCERPT_WORDS_BEFORE, 0)
    return _excerpt(before, start), _excerpt(after, start)


def _excerpt(words: list[str], start: int) -> str:
    end = start + EXCERPT_WORDS
    text = " ".join(words[start:end])
    return f"{'… ' if start else ''}{text}{' …' if end < len(words) else ''}"[:EXCERPT_CHARACTERS]
