"""Searching in attached files: where files are listed, and updating their entries.

An app whose table points at stored files registers a source in `apps.ready`. The source returns, for
given files, where they are listed now and who can read there; it is called at each change. The words
of a file are extracted once, since its bytes never change.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from common.files.choices import ScanState, State
from common.files.models import StoredFile
from common.search.actions import entries_of, store
from common.search.choices import FileState, Reason
from common.search.extraction import can_be_read, extracted
from common.search.models import FileText, SearchEntry
from common.wake_worker import enqueue_on_commit

ATTEMPTS_MAX = 3
# A worker that has not finished a file for so long is taken to be gone.
CLAIMED = timedelta(minutes=5)
BATCH = 200


@dataclass(frozen=True)
class FilePlace:
    """Where a stored file is listed, under which name, and who can read there.

    `url` is the page that lists the file. Group and level are the present ones of the thing it is
    attached to. `about` is as for `entries_of`.
    """

    stored_id: UUID
    name: str
    url: str
    level: int
    group_id: int | None
    at: datetime
    about: Sequence[object] = field(default_factory=tuple)


Places = Callable[[Collection[UUID]], Iterable[FilePlace]]
_sources: dict[str, Places] = {}


def register(kind: str, places: Places) -> None:
    """Register a source of attached files; `kind` is the kind of their entries in the index.

    `places` returns at most one place for each file, and none where the file is no longer listed.
    """
    _sources[kind] = places


def kinds() -> tuple[str, ...]:
    """Return the kinds of entries that are files."""
    return tuple(_sources)


def index_files(stored_ids: Iterable[UUID], *, is_new_text: bool = False) -> None:
    """Update the search entries of these files to where they are listed now.

    Call it in the transaction that attaches, removes or replaces them, or changes who can read the
    thing they are attached to. A file is found by its name at once and by its words when a worker
    has extracted them.
    """
    wanted = set(stored_ids)
    if not wanted:
        return
    stored = StoredFile.objects.filter(pk__in=wanted, state=State.STORED).values_list("pk", "name")
    present = dict(stored)
    _queue_unread(present)
    texts = dict(FileText.objects.filter(stored__in=present).values_list("stored_id", "text"))
    for kind, places in _sources.items():
        placed = {place.stored_id: place for place in places(wanted) if place.stored_id in present}
        entries = {
            entry.uuid: entry
            for entry in SearchEntry.objects.filter(kind=kind, uuid__in=wanted, part=0).only(
                "uuid", "title", "about", "url", "level", "group_id"
            )
        }
        gone = entries.keys() - placed.keys()
        if gone:
            SearchEntry.objects.filter(kind=kind, uuid__in=gone).delete()
        for uuid, place in placed.items():
            _update_entry(kind, place, texts.get(uuid, ""), entries.get(uuid), is_new_text)


def note_unread() -> int:
    """Queue files that were never queued, newest first, at most BATCH; return how many."""
    known = Exists(FileText.objects.filter(stored=OuterRef("pk")))
    unread = StoredFile.objects.filter(~known, state=State.STORED).order_by("-created_at")
    names = dict(unread.values_list("pk", "name")[:BATCH])
    if names:
        FileText.objects.bulk_create(
            [_text_of(pk, name) for pk, name in names.items()], ignore_conflicts=True
        )
    return len(names)


def forget_removed() -> int:
    """Delete the words of files whose bytes were removed; return how many."""
    gone = FileText.objects.filter(stored__state=State.REMOVED).exclude(text="")
    return gone.update(text="")


def forget_infected(stored: StoredFile) -> None:
    """Delete the words of a file in which a virus was found; search still finds its name."""
    FileText.objects.filter(stored=stored).update(text="", state=FileState.READ, reason="")
    index_files([stored.pk], is_new_text=True)


def read_again(stored_ids: Iterable[UUID]) -> int:
    """Queue these files again where not all their words were extracted; return how many."""
    texts = FileText.objects.filter(stored__in=list(stored_ids)).exclude(state=FileState.WAITING)
    count = texts.exclude(state=FileState.READ, reason="").update(
        state=FileState.WAITING, reason="", attempts=0, claimed_at=None
    )
    if count:
        enqueue_on_commit("search.read_files")
    return count


def read_next() -> bool:
    """Extract the words of one waiting file and index it; return whether there was one.

    A file that the virus scanner has not passed keeps waiting. A file that ended the worker three
    times is not tried again.
    """
    claimed = _claim()
    if claimed is None:
        return False
    stored = claimed.stored
    result = extracted(stored.name, Path(settings.MEDIA_ROOT) / stored.path)
    with transaction.atomic():
        stored = StoredFile.objects.select_for_update().get(pk=stored.pk)
        if stored.is_infected:
            forget_infected(stored)
            return True
        claimed.text = result.text.replace("\x00", " ")
        claimed.reason = result.reason or ""
        is_read = result.reason in {None, Reason.CUT, Reason.NO_WORDS}
        claimed.state = FileState.READ if is_read else FileState.FAILED
        claimed.read_at = timezone.now()
        claimed.save(update_fields=["text", "reason", "state", "read_at"])
        index_files([stored.pk], is_new_text=True)
    return True


def _update_entry(
    kind: str, place: FilePlace, text: str, entry: SearchEntry | None, is_new_text: bool
) -> None:
    about = "\n".join(" ".join(str(line).split()) for line in place.about if line)
    if entry and not is_new_text and (entry.title, entry.about) == (place.name[:300], about):
        if (entry.url, entry.level, entry.group_id) != (place.url, place.level, place.group_id):
            SearchEntry.objects.filter(kind=kind, uuid=place.stored_id).update(
                url=place.url, level=place.level, group_id=place.group_id
            )
        return
    store(
        entries_of(
            kind=kind,
            uuid=place.stored_id,
            title=place.name,
            body=text,
            url=place.url,
            level=place.level,
            group_id=place.group_id,
            at=place.at,
            about=place.about,
        )
    )


def _queue_unread(present: dict[UUID, str]) -> None:
    known = set(FileText.objects.filter(stored__in=present).values_list("stored_id", flat=True))
    new = [_text_of(pk, name) for pk, name in present.items() if pk not in known]
    if new:
        FileText.objects.bulk_create(new, ignore_conflicts=True)
        enqueue_on_commit("search.read_files")


def _text_of(pk: UUID, name: str) -> FileText:
    waits = can_be_read(name)
    return FileText(stored_id=pk, state=FileState.WAITING if waits else FileState.READ)


def _claim() -> FileText | None:
    now = timezone.now()
    with transaction.atomic():
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIMED)
        waiting = FileText.objects.filter(free, state=FileState.WAITING)
        if settings.CLAMD_URL:
            waiting = waiting.exclude(stored__scan=ScanState.WAITING)
        waiting = waiting.exclude(stored__scan=ScanState.INFECTED)
        given_up = waiting.filter(attempts__gte=ATTEMPTS_MAX)
        given_up.update(state=FileState.FAILED, reason=Reason.STOPPED, read_at=now)
        claimed = (
            waiting.select_for_update(skip_locked=True, of=("self",))
            .select_related("stored")
            .order_by("pk")
            .first()
        )
        if claimed:
            claimed.claimed_at, claimed.attempts = now, F("attempts") + 1
            claimed.save(update_fields=["claimed_at", "attempts"])
    return claimed
