"""Asking for a PDF, making it in a worker, and removing what nobody uses.

REQUESTED --a worker takes it--> RUNNING --> DONE or FAILED
FAILED, or DONE with its bytes lost --asked for again--> REQUESTED
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.disk import try_write
from common.errors import Invalid
from common.pdf.choices import (
    CONTENT_MAX_BYTES,
    MISSING_SHOWN,
    TYPESETTING_ATTEMPTS,
    TYPESETTING_SECONDS,
    UNUSED_DAYS,
    PdfFailure,
    PdfState,
)
from common.pdf.content import TEMPLATE, PdfDocument, layout_key, strings_in
from common.pdf.glyphs import FOLDER, missing
from common.pdf.models import PdfFile
from common.wake_worker import enqueue_on_commit

logger = logging.getLogger(__name__)

TASK = "pdf.make_waiting"
# After so many seconds a task queues the next one and ends.
TURN_SECONDS = 20
# A worker that holds a file for longer than this has died.
DIED_AFTER = timedelta(minutes=5)
_TYPESETTING = Path(__file__).with_name("typesetting.py")


class Result(TypedDict, total=False):
    """What `typesetting.py` prints."""

    standard: str
    reason: str
    failure: str


def find_file(owner_uuid: UUID, kind: str, basis: PdfDocument | str) -> PdfFile | None:
    """Return the file of exactly this document, if somebody has asked for it.

    For a file that was requested with a `basis`, that is what it is found by.
    """
    key = layout_key(basis) if isinstance(basis, str) else basis.key(basis.as_json())
    return PdfFile.objects.filter(owner_uuid=owner_uuid, kind=kind, key=key).first()


@transaction.atomic
def request_file(
    *,
    owner_uuid: UUID,
    kind: str,
    name: str,
    document: PdfDocument,
    basis: str = "",
    covers: Sequence[UUID] = (),
) -> PdfFile:
    """Return the file of this content; queue it unless it is there or on its way.

    Two people who ask at once get the same file. A document that is dear to compose has a `basis`: what
    it was made of and in which versions, so that its file is found without composing it. `covers` are
    the objects that a reader has to be able to read. Raises Invalid for a document that is too large.
    """
    content = document.as_json()
    if len(content.encode()) > CONTENT_MAX_BYTES:
        raise Invalid(_("This is too much for one PDF. Choose a shorter time."))
    file, is_new = PdfFile.objects.get_or_create(
        owner_uuid=owner_uuid,
        kind=kind,
        key=layout_key(basis) if basis else document.key(content),
        defaults={
            "name": name,
            "content": content,
            "pictures": dict(document.pictures),
            "covers": [str(uuid) for uuid in covers],
            "missing_words": list(document.undescribed)[:MISSING_SHOWN],
            "requested_at": timezone.now(),
            "used_at": timezone.now(),
        },
    )
    if not is_new:
        file = PdfFile.objects.select_for_update().get(pk=file.pk)
        if file.is_coming or (file.is_ready and _bytes_of(file).is_file()):
            return file
        file.content, file.state, file.failure = content, PdfState.REQUESTED, ""
        file.attempts, file.requested_at, file.begun_at = 0, timezone.now(), None
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
            PdfFile.objects.filter(pk=file.pk).update(
                state=PdfState.REQUESTED, begun_at=None, attempts=F("attempts") - 1
            )
            logger.error("A PDF could not be written: %s", error.strerror)
            break
        tried += 1
        if time.monotonic() > deadline:
            enqueue_on_commit(TASK)
            break
    return tried


def make(file: PdfFile) -> PdfFile:
    """Make the file in a process of its own; save it as done, or as failed with the reason."""
    target = _bytes_of(file)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        _lay_out(file, folder)
        result = typeset(folder)
        output = folder / "document.pdf"
        if "failure" in result:
            try_write(target.parent)
            file.state, file.failure = PdfState.FAILED, result["failure"]
            logger.warning("A PDF failed: %s %s", result["failure"], result.get("reason", ""))
        else:
            content = output.read_bytes()
            file.state, file.failure = PdfState.DONE, ""
            file.sha256, file.bytes = sha256(content).hexdigest(), len(content)
            file.is_accessible = result.get("standard") == "ua-1"
            output.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            output.replace(target)
    shown = "".join(strings_in(list(json.loads(file.content).values())))
    file.missing_characters = "".join(missing(shown)[:MISSING_SHOWN])
    file.content, file.made_at = "", timezone.now()
    file.save()
    return file


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


def sweep() -> int:
    """Remove files that nobody asked for in UNUSED_DAYS, and bytes without a row; return how many."""
    unused = PdfFile.objects.filter(used_at__lt=timezone.now() - timedelta(days=UNUSED_DAYS))
    removed = 0
    for file in unused.exclude(state__in=[PdfState.REQUESTED, PdfState.RUNNING]):
        _bytes_of(file).unlink(missing_ok=True)
        file.delete()
        removed += 1
    root, old = Path(settings.MEDIA_ROOT) / "pdf", time.time() - 24 * 3600
    known = {file.path for file in PdfFile.objects.only("uuid")}
    for path in root.glob("[0-9a-f][0-9a-f]/*"):
        is_known = f"pdf/{path.parent.name}/{path.name}" in known
        if not is_known and path.is_file() and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def touch(file: PdfFile) -> None:
    """Note that somebody uses the file, at most once a day."""
    now = timezone.now()
    if file.used_at < now - timedelta(days=1):
        PdfFile.objects.filter(pk=file.pk).update(used_at=now)


def _bytes_of(file: PdfFile) -> Path:
    return Path(settings.MEDIA_ROOT) / file.path


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
