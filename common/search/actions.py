"""Updating the index. Each app calls these inside the transaction that changes the thing."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat, Replace
from django.utils import timezone

from common.search.choices import START, STOP, Config
from common.search.models import SearchEntry
from common.search.vectors import INDEX_VERSION, vector
from common.search.words import parts_of
from common.wake_worker import enqueue_on_commit

BATCH = 200
_KEY = ["kind", "uuid", "part"]
_WRITTEN = [
    column.attname
    for column in SearchEntry._meta.concrete_fields
    if column.attname not in {"id", *_KEY}
]


def store(entries: list[SearchEntry]) -> None:
    """Save the rows of one thing, made by `entries_of`, in place of its former rows."""
    SearchEntry.objects.bulk_create(
        entries,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=_KEY,
        update_fields=_WRITTEN,
    )
    first = entries[0]
    SearchEntry.objects.filter(kind=first.kind, uuid=first.uuid, part__gte=len(entries)).delete()


def entries_of(
    *,
    kind: str,
    uuid: UUID,
    title: str,
    body: str,
    url: str,
    level: int,
    group_id: int | None = None,
    config: str = Config.ENGLISH,
    at: datetime | None = None,
    day: date | None = None,
    about: Iterable[object] = (),
) -> list[SearchEntry]:
    """Return the search entry of a thing as unsaved rows, for `store` or a bulk load.

    Viewers admitted by `level` of the group find it. `level` is the effective one: the narrower of
    the thing's and its container's. `body` is plain text of any length, with a blank line between
    its blocks. `about` is the thing's kind, focus area, group and authors: nothing that a reader of
    the thing may not know. `at` is the thing's own time and orders equal matches; `day` is the day
    that a person entered for it, shown to every reader as it was entered.
    """
    title = _storable(title)[:300]
    lines = "\n".join(" ".join(_storable(str(line)).split()) for line in about if line)[:2000]
    at = at or timezone.now()
    return [
        SearchEntry(
            kind=kind,
            uuid=uuid,
            part=number,
            group_id=group_id,
            level=level,
            title=title,
            about=lines,
            body=part,
            url=url,
            config=config,
            at=at,
            day=day,
            tsv=vector(config=config, title=title, about=lines, body=part),
        )
        for number, part in enumerate(parts_of(_storable(body)))
    ]


def remove(*, kind: str, uuid: UUID) -> None:
    """Remove a thing from search."""
    SearchEntry.objects.filter(kind=kind, uuid=uuid).delete()


def relevel(*, group_id: int, before: int, after: int) -> None:
    """Move the search entries of this group from level `before` to level `after`."""
    SearchEntry.objects.filter(group_id=group_id, level=before).update(level=after)


def reword(*, group_id: int, level: int, before: str, after: str) -> None:
    """Replace the name or focus area of a group in the entries of `level` and narrower ones.

    A task updates their words later.
    """
    if before == after:
        return
    lines = Concat(Value("\n"), F("about"), Value("\n"), output_field=TextField())
    replaced = Replace(lines, Value(f"\n{before}\n"), Value(f"\n{after}\n"))
    SearchEntry.objects.filter(group_id=group_id, level__gte=level, about__contains=before).update(
        about=Func(replaced, Value("\n"), function="btrim"), version=0
    )
    enqueue_on_commit("search.renew")


def renew() -> int:
    """Recompute the words of all outdated rows; return how many.

    These are the rows of an earlier INDEX_VERSION and those that `reword` changed. Can be stopped
    and restarted: each batch is its own transaction.
    """
    outdated, changed = SearchEntry.objects.filter(version__lt=INDEX_VERSION), 0
    while True:
        with transaction.atomic():
            batch = list(
                outdated.select_for_update().order_by("version", "pk").defer("tsv")[:BATCH]
            )
            for entry in batch:
                entry.version = INDEX_VERSION
                entry.tsv = vector(
                    config=entry.config, title=entry.title, about=entry.about, body=entry.body
                )
            SearchEntry.objects.bulk_update(batch, ["tsv", "version"])
        if not batch:
            return changed
        changed += len(batch)


def _storable(text: str) -> str:
    """Remove NUL, which cannot be stored, and the characters that mark matches."""
    return text.translate({0: " ", ord(START): None, ord(STOP): None})
