"""Keeping the index true. Each room calls these inside the transaction that changes the thing."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from common.search.choices import START, STOP, Config
from common.search.models import SearchEntry

# A tsvector holds at most 1 MB; a text of this many characters stays well below.
BODY_MAX_CHARACTERS = 200_000


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
) -> None:
    """Search finds the thing under these words, for those whom `level` of the group admits.

    `level` is the effective one: the narrower of the thing's and its container's. `body` is plain
    text. `at` is the thing's own moment and orders equal matches; `day` is the day that a person
    named for it, which every reader is shown as it was named. Calling again replaces the entry.
    """
    entry = entry_of(
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
    )
    SearchEntry.objects.bulk_create(
        [entry],
        update_conflicts=True,
        unique_fields=["kind", "uuid"],
        update_fields=["group_id", "level", "title", "body", "url", "config", "at", "day"],
    )


def entry_of(
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
) -> SearchEntry:
    """The entry that `index` writes, unsaved: for whoever writes many at once."""
    return SearchEntry(
        kind=kind,
        uuid=uuid,
        group_id=group_id,
        level=level,
        title=_storable(title)[:300],
        body=_storable(body)[:BODY_MAX_CHARACTERS],
        url=url,
        config=config,
        at=at or timezone.now(),
        day=day,
    )


def remove(*, kind: str, uuid: UUID) -> None:
    """Search no longer finds the thing."""
    SearchEntry.objects.filter(kind=kind, uuid=uuid).delete()


def relevel(*, group_id: int, before: int, after: int) -> None:
    """What search showed of this group to the readers of level `before` is for those of `after`."""
    SearchEntry.objects.filter(group_id=group_id, level=before).update(level=after)


def _storable(text: str) -> str:
    """Without NUL, which cannot be stored, and without the characters that will mark matches."""
    return text.translate({0: " ", ord(START): None, ord(STOP): None})
