"""Keeping the index true. Each app calls these inside the transaction that changes the thing."""

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
_WRITTEN = [
    "group_id",
    "level",
    "title",
    "about",
    "body",
    "url",
    "config",
    "at",
    "day",
    "tsv",
    "version",
]


def index(
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
) -> None:
    """Search finds the thing under these words, for those whom `level` of the group admits.

    `level` is the effective one: the narrower of the thing's and its container's. `body` is plain
    text of any length, with a blank line between its blocks. `about` says what kind of thing it is,
    its focus area, group and authors: nothing that a reader of the thing may not know. `at` is the
    thing's own moment and orders equal matches; `day` is the day that a person named for it, which
    every reader is shown as it was named. Calling again replaces the entry.
    """
    store(
        entries_of(
            kind=kind,
            uuid=uuid,
            title=title,
            body=body,
            url=url,
            level=level,
            group_id=group_id,
            config=config,
            at=at,
            day=day,
            about=about,
        )
    )


def store(entries: list[SearchEntry]) -> None:
    """Save the rows of one thing that `entries_of` made, in place of those it had before."""
    SearchEntry.objects.bulk_create(
        entries,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["kind", "uuid", "part"],
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
    """Return the rows that `index` writes for these, unsaved; `store` or a bulk load saves them."""
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
    """Search no longer finds the thing."""
    SearchEntry.objects.filter(kind=kind, uuid=uuid).delete()


def relevel(*, group_id: int, before: int, after: int) -> None:
    """What search showed of this group to the readers of level `before` is for those of `after`."""
    SearchEntry.objects.filter(group_id=group_id, level=before).update(level=after)


def reword(*, group_id: int, level: int, before: str, after: str) -> None:
    """Say the new name or focus area of a group about its things of `level` and narrower ones.

    Their words follow in a task.
    """
    if before == after:
        return
    lines = Concat(Value("\n"), F("about"), Value("\n"), output_field=TextField())
    said = Replace(lines, Value(f"\n{before}\n"), Value(f"\n{after}\n"))
    SearchEntry.objects.filter(group_id=group_id, level__gte=level, about__contains=before).update(
        about=Func(said, Value("\n"), function="btrim"), version=0
    )
    enqueue_on_commit("search.renew")


def renew() -> int:
    """Make the words anew of all rows that are due for it; return how many.

    These are the rows an earlier INDEX_VERSION made and those that `reword` changed. Can be stopped
    and begun again: each batch is its own transaction.
    """
    due, changed = SearchEntry.objects.filter(version__lt=INDEX_VERSION), 0
    while True:
        with transaction.atomic():
            batch = list(due.select_for_update().order_by("version", "pk").defer("tsv")[:BATCH])
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
    """Without NUL, which cannot be stored, and without the characters that will mark matches."""
    return text.translate({0: " ", ord(START): None, ord(STOP): None})
