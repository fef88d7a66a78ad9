"""Asking for a PDF, and making it in a worker. `keeping.py` says how long files stay.

REQUESTED --a worker takes it--> RUNNING --> DONE or FAILED
FAILED, DONE with its bytes lost, or RUNNING with its worker dead --asked for again--> REQUESTED
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.disk import try_write
from common.errors import Conflict, Invalid
from common.pdf.choices import (
    CONTENT_MAX_BYTES,
    DIED_AFTER,
    MISSING_SHOWN,
    MISSING_WORDS_MAX_CHARACTERS,
    TYPESETTING_ATTEMPTS,
    TYPESETTING_SECONDS,
    PdfFailure,
    PdfState,
)
from common.pdf.content import TEMPLATE, PdfDocument, layout_key, strings_in
from common.pdf.glyphs import FOLDER, missing
from common.pdf.keeping import (
    bytes_of,
    erasures,
    has_bytes,
    locked_erasures,
    remove_bytes,
    remove_remains,
    surplus_of,
)
from common.pdf.models import PdfFile
from common.wake_worker import enqueue_on_commit

logger = logging.getLogger(__name__)

TASK = "pdf.make_waiting"
# After so many seconds a task queues the next one and ends.
TURN_SECONDS = 20
# So often a document is composed again because a name was erased meanwhile.
COMPOSING_ATTEMPTS = 3
_TYPESETTING = Path(__file__).with_name("typesetting.py")


class Result(TypedDict, total=False):
    """What `typesetting.py` prints."""

    standard: str
    reason: str
    failure: str


def find_file(owner_uuid: UUID, kind: str, basis: PdfDocument | str) -> PdfFile | None:
    """Return the file of exactly this document, if somebody has asked for it and it is not lost.

    For a file that was requested with a `basis`, that is what it is found by.
    """
    key = layout_key(basis) if isinstance(basis, str) else basis.key(basis.as_json())
    file = PdfFile.objects.filter(owner_uuid=owner_uuid, kind=kind, key=key).first()
    if file is None or (file.is_ready and not has_bytes(file)):
        return None
    return file


def request_file(
    *,
    owner_uuid: UUID,
    kind: str,
    name: str,
    compose: Callable[[], PdfDocument],
    basis: str = "",
    covers: Sequence[UUID] = (),
) -> PdfFile:
    """Return the file of what `compose` returns; queue it unless it is there or on its way.

    Two people who ask at once get the same file. A document that is dear to compose has a `basis`: what
    it was made of and in which versions, so that its file is found without composing it. `covers` are
    the objects that a reader has to be able to read. `compose` reads everything that has names from the
    database, and is called again when a name was erased meanwhile. Raises Invalid for a document that
    is too large, Conflict when names are erased all the time.
    """
    for _each in range(COMPOSING_ATTEMPTS):
        before = erasures()
        document = compose()
        content = document.as_json()
        if len(content.encode()) > CONTENT_MAX_BYTES:
            raise Invalid(_("This is too much for one PDF. Choose a shorter time."))
        with transaction.atomic():
            if locked_erasures() == before:
                key = layout_key(basis) if basis else document.key(content)
                identity = {"owner_uuid": owner_uuid, "kind": kind, "key": key}
                file = _requested(identity, name, document, content, covers)
                if file is not None:
                    return file
    raise Conflict(_("The text changes at this moment. Ask for the PDF again."))


def _requested(
    identity: dict[str, object],
    name: str,
    document: PdfDocument,
    content: str,
    covers: Sequence[UUID],
) -> PdfFile | None:
    """Return the row with these columns, which waits for a worker unless its file is there.

    None when it was removed at this moment.
    """
    undescribed = list(document.undescribed)[:MISSING_SHOWN]
    made_of: dict[str, object] = {
        "content": content,
        "pictures": dict(document.pictures),
        "covers": [str(uuid) for uuid in covers],
        "people": sorted({str(uuid) for uuid in document.people}),
        "missing_words": [each[:MISSING_WORDS_MAX_CHARACTERS] for each in undescribed],
        "requested_at": timezone.now(),
        "used_at": timezone.now(),
    }
    file, is_new = PdfFile.objects.get_or_create(**identity, defaults={**made_of, "name": name})
    if not is_new:
        locked = PdfFile.objects.select_for_update().filter(pk=file.pk).first()
        if locked is None or (locked.is_ready and has_bytes(locked)):
            return locked
        file = locked
        if not file.is_coming:
            for field, value in made_of.items():
                setattr(file, field, value)
            file.state, file.failure = PdfState.REQUESTED, ""
            file.attempts, file.begun_at = 0, None
            file.save()
    enqueue_on_commit(TASK)
    return file


def make_waiting() -> int:
    """Make the files that wait, one after another; return how many were tried.

    Queues another task when more may wait. Two workers never make the same one.
    """
    deadline, tried = time.monotonic() + TURN_SECONDS, 0
    while (file := _claim()) is not None:
        try:
            make(file)
        except OSError as error:
            # The file keeps waiting, and this attempt does not count: the disk failed, not the file.
            waits = _held(file).update(
                state=PdfState.REQUESTED, begun_at=None, attempts=F("attempts") - 1
            )
            if waits:
                logger.error("A PDF could not be written: %s", error.strerror)
                break
        tried += 1
        if time.monotonic() > deadline:
            enqueue_on_commit(TASK)
            break
    return tried


def make(file: PdfFile) -> PdfFile | None:
    """Make the file in a process of its own; save it as done, or as failed with the reason.

    Returns None, and stores nothing, when the file was removed meanwhile or given to another worker.
    """
    target = bytes_of(file)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    remove_remains(file)
    with tempfile.TemporaryDirectory(
        prefix=f"{target.name}-", dir=target.parent, ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        _lay_out(file, folder)
        result = typeset(folder)
        if "failure" in result:
            try_write(target.parent)
        return _store(file, result, folder / "document.pdf")


def _store(file: PdfFile, result: Result, output: Path) -> PdfFile | None:
    """Save what came of a file that this worker still holds, and remove those that are too many."""
    with transaction.atomic():
        # All of its kind, so that two workers see what the other removes.
        kin = PdfFile.objects.filter(owner_uuid=file.owner_uuid, kind=file.kind)
        list(kin.select_for_update().order_by("pk").values_list("pk"))
        if not _held(file).exists():
            return None
        file.state, file.failure = PdfState.DONE, ""
        if "failure" in result:
            file.state, file.failure = PdfState.FAILED, result["failure"]
            logger.warning("A PDF failed: %s %s", result["failure"], result.get("reason", ""))
        else:
            content = output.read_bytes()
            file.sha256, file.bytes = sha256(content).hexdigest(), len(content)
            file.is_accessible = result.get("standard") == "ua-1"
            output.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            output.replace(bytes_of(file))
        shown = "".join(strings_in(list(json.loads(file.content).values())))
        file.missing_characters = "".join(missing(shown)[:MISSING_SHOWN])
        file.content, file.made_at = "", timezone.now()
        file.save()
        surplus = surplus_of(file)
    for each in surplus:
        remove_bytes(each)
    return file


def _held(file: PdfFile) -> QuerySet[PdfFile]:
    """Return the row of a file that this worker has claimed, as long as nobody else has."""
    return PdfFile.objects.filter(pk=file.pk, state=PdfState.RUNNING, begun_at=file.begun_at)


def _lay_out(file: PdfFile, folder: Path) -> None:
    """Write the content, and copies of the pictures; of a picture that is gone, its words are shown."""
    content = json.loads(file.content)
    gone = set()
    for name, place in file.pictures.items():
        try:
            shutil.copyfile(Path(settings.MEDIA_ROOT) / place, folder / name)
        except FileNotFoundError:
            gone.add(name)
    waiting = [content["blocks"]] if gone else []
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.values())
            if item.get("t") == "figure" and item["file"] in gone:
                item["file"] = ""
    (folder / "content.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def typeset(folder: Path, seconds: float = TYPESETTING_SECONDS) -> Result:
    """Typeset the content in the folder; return what came of it. A crash or a time-out is a failure."""
    result: Result
    try:
        process = subprocess.run(  # noqa: S603  (our own script; the names are made here)
            [sys.executable, "-I", str(_TYPESETTING), str(folder), str(TEMPLATE), str(FOLDER)],
            cwd=folder,
            env={
                "PATH": os.defpath,
                "LANG": "C.UTF-8",
                "HOME": str(folder),
                "RAYON_NUM_THREADS": "2",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        result = json.loads(process.stdout[:2000]) if process.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        result = {}
    if "failure" in result or (folder / "document.pdf").is_file():
        return result
    return {"failure": PdfFailure.TOO_LARGE}


def touch(file: PdfFile) -> None:
    """Note that somebody uses the file, at most once a day."""
    now = timezone.now()
    if file.used_at < now - timedelta(days=1):
        PdfFile.objects.filter(pk=file.pk).update(used_at=now)


def _claim() -> PdfFile | None:
    """Claim the file that waits longest; no other worker takes it unless this one dies."""
    now = timezone.now()
    died = Q(state=PdfState.RUNNING, begun_at__lt=now - DIED_AFTER)
    while True:
        with transaction.atomic():
            files = PdfFile.objects.select_for_update(skip_locked=True)
            file = files.filter(Q(state=PdfState.REQUESTED) | died).order_by("requested_at").first()
            if file is None:
                return None
            file.begun_at = now
            file.attempts += 1
            if file.attempts <= TYPESETTING_ATTEMPTS:
                file.state = PdfState.RUNNING
                file.save(update_fields=["state", "begun_at", "attempts"])
                return file
            file.state, file.failure = PdfState.FAILED, PdfFailure.TOO_LARGE
            file.content, file.made_at = "", now
            file.save()
            remove_remains(file)
