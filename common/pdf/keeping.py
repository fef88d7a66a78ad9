"""Which PDF files stay, and for how long: rows here, bytes under MEDIA_ROOT.

A file is a cache. It goes when nobody asks for it any more, when later ones of its owner and kind have
taken its place, when its bytes are lost, and when a name in it is erased. Whoever locks several rows
locks them in the order of their keys.
"""

import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from common.pdf.choices import FILES_KEPT, UNUSED_DAYS, PdfState
from common.pdf.models import Erasures, PdfFile

# Bytes without a row may belong to a worker that is about to save its row.
STRAY_SECONDS = 24 * 3600
_FINISHED = (PdfState.DONE, PdfState.FAILED)


def bytes_of(file: PdfFile) -> Path:
    return Path(settings.MEDIA_ROOT) / file.path


def has_bytes(file: PdfFile) -> bool:
    """Tell whether the bytes of a file that was made are there, as after a restore they are not."""
    try:
        return bytes_of(file).stat().st_size == file.bytes
    except FileNotFoundError:
        return False


def remove_bytes(file: PdfFile) -> None:
    """Remove the bytes, and what a worker that died has left of them."""
    bytes_of(file).unlink(missing_ok=True)
    remove_remains(file)


def remove_remains(file: PdfFile) -> None:
    """Remove the folders in which a worker has tried to make this file."""
    path = bytes_of(file)
    for folder in path.parent.glob(f"{path.name}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def surplus_of(file: PdfFile) -> list[PdfFile]:
    """Delete the rows of finished files beyond the latest FILES_KEPT of this one's owner and kind.

    Returns them; the caller, who has locked them all, removes their bytes after the commit.
    """
    finished = PdfFile.objects.filter(
        owner_uuid=file.owner_uuid, kind=file.kind, state__in=_FINISHED
    )
    surplus = list(finished.order_by("-made_at", "-pk").defer("content")[FILES_KEPT:])
    PdfFile.objects.filter(pk__in=[each.pk for each in surplus]).delete()
    return surplus


# --- erased names ------------------------------------------------------------------------------


def erasures() -> int:
    """Return how often names were erased until now."""
    return Erasures.objects.values_list("count", flat=True).get()


def locked_erasures() -> int:
    """Return the same; until the transaction ends, no name is erased. Waits for erasures under way."""
    rows = Erasures.objects.raw("SELECT id, count FROM pdf_erasures FOR SHARE")
    return sum(row.count for row in rows)


def forget_person(person_uuid: UUID) -> None:
    """Remove all files that name this person, whose name the caller erases in this transaction."""
    _forget(Q(people__contains=[str(person_uuid)]))


def forget_owner(owner_uuid: UUID) -> None:
    """Remove all files of this owner, and those that cover it, since a name in it is erased."""
    _forget(Q(owner_uuid=owner_uuid) | Q(covers__contains=[str(owner_uuid)]))


def _forget(which: Q) -> None:
    """Remove these files in every state; one that a worker is making is not stored any more.

    The bytes go before the commit, so that they are gone whatever happens then: a file that has lost
    them is offered to be made again.
    """
    with transaction.atomic():
        Erasures.objects.update(count=F("count") + 1)
        files = PdfFile.objects.select_for_update().filter(which).order_by("pk").defer("content")
        removed = list(files)
        PdfFile.objects.filter(pk__in=[file.pk for file in removed]).delete()
        for file in removed:
            remove_bytes(file)


# --- once a day --------------------------------------------------------------------------------


def sweep() -> int:
    """Remove files that nobody asked for in UNUSED_DAYS or whose bytes are lost, and bytes without a
    row; return how many.
    """
    removed = 0
    for file in _useless():
        # Somebody may ask for it at this moment: then it waits, and stays.
        gone, _models = PdfFile.objects.filter(pk=file.pk, state=file.state).delete()
        if gone:
            remove_bytes(file)
            removed += 1
    return removed + _sweep_strays()


def _useless() -> Iterator[PdfFile]:
    finished = PdfFile.objects.filter(state__in=_FINISHED).defer("content")
    long_ago = timezone.now() - timedelta(days=UNUSED_DAYS)
    for file in finished.order_by("pk").iterator():
        if file.used_at < long_ago or (file.is_ready and not has_bytes(file)):
            yield file


def _sweep_strays() -> int:
    root, old = Path(settings.MEDIA_ROOT) / "pdf", time.time() - STRAY_SECONDS
    aged = [path for path in root.glob("[0-9a-f][0-9a-f]/*") if _changed_at(path) < old]
    known = {uuid.hex for uuid in _rows_of(aged).values_list("uuid", flat=True)}
    removed = 0
    for path in aged:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in known:
            path.unlink(missing_ok=True)
        else:
            continue
        removed += 1
    return removed


def _rows_of(paths: Iterable[Path]) -> QuerySet[PdfFile]:
    return PdfFile.objects.filter(pk__in=[UUID(path.name) for path in paths if _is_uuid(path.name)])


def _is_uuid(name: str) -> bool:
    return len(name) == 32 and set(name) <= set("0123456789abcdef")


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
