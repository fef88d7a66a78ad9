"""Drawing the copies of pictures that pages show, in a worker and never in a request.

waiting --drawn--> ready      --copy lost (restored backup)--> waiting
        --refused--> failed
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from common.disk import try_write
from common.files.choices import (
    DRAWING_ATTEMPTS,
    DRAWING_SECONDS,
    PictureFailure,
    PictureState,
    State,
)
from common.files.models import PictureCopy, StoredFile
from common.files.types import PICTURES
from common.text.figures import Picture
from common.wake_worker import enqueue_on_commit

logger = logging.getLogger(__name__)

TASK = "files.make_pictures"
# After so many seconds a task queues the next one and ends.
TURN_SECONDS = 45
_DRAWING = Path(__file__).with_name("drawing.py")


class DrawingResult(TypedDict, total=False):
    """What `drawing.py` prints: the copy's size and type, or a value of PictureFailure."""

    width: int
    height: int
    media_type: str
    failure: str
    detail: str


def queue_copy(stored: StoredFile) -> None:
    """Queue the drawing of a copy of this picture; do nothing for other files."""
    if stored.media_type in PICTURES:
        PictureCopy.objects.create(stored=stored)
        enqueue_on_commit(TASK)


def make_waiting() -> int:
    """Draw the waiting copies, one after another; return how many were tried.

    Queues another task when more may wait. Two workers never draw the same one.
    """
    deadline, tried = time.monotonic() + TURN_SECONDS, 0
    while (copy := _claim()) is not None:
        try:
            make(copy)
        except OSError as error:
            # The copy keeps waiting, and this attempt does not count: the disk failed, not the picture.
            PictureCopy.objects.filter(pk=copy.pk).update(attempts=F("attempts") - 1)
            logger.error("A picture could not be written: %s", error.strerror)
            break
        tried += 1
        if time.monotonic() > deadline:
            enqueue_on_commit(TASK)
            break
    return tried


def make(copy: PictureCopy) -> PictureCopy:
    """Draw the copy in a process of its own; save it as ready, or as failed with the reason."""
    original = Path(settings.MEDIA_ROOT) / copy.stored.path
    target = Path(settings.MEDIA_ROOT) / copy.path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        output = Path(folder) / "copy"
        result = draw_apart(original, output, copy.stored.media_type, folder)
        if "failure" in result:
            # A drawing that cannot write its result fails like a bad picture: raise OSError then.
            try_write(target.parent)
            copy.state, copy.failure = PictureState.FAILED, result["failure"]
        else:
            content = output.read_bytes()
            copy.state, copy.failure = PictureState.READY, ""
            copy.width, copy.height = result["width"], result["height"]
            copy.media_type = result["media_type"]
            copy.sha256, copy.bytes = sha256(content).hexdigest(), len(content)
            output.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            output.replace(target)
    copy.made_at = timezone.now()
    copy.save()
    return copy


def make_again(copies: Iterable[PictureCopy] | None = None) -> int:
    """Queue these copies, or all that were made, to be drawn again; return how many."""
    rows = PictureCopy.objects.exclude(state=PictureState.WAITING)
    if copies is not None:
        rows = rows.filter(pk__in=[copy.pk for copy in copies])
    count = rows.update(state=PictureState.WAITING, failure="", attempts=0, begun_at=None)
    enqueue_on_commit(TASK)
    return count


def remove_copy(stored: StoredFile) -> None:
    """Remove the copy of a picture whose bytes are removed."""
    for copy in PictureCopy.objects.filter(stored=stored):
        (Path(settings.MEDIA_ROOT) / copy.path).unlink(missing_ok=True)
        copy.delete()


def sweep_copies() -> int:
    """Remove copies without a row and redraw those whose file is lost; return how many removed."""
    root, removed = Path(settings.MEDIA_ROOT) / "pictures", 0
    ready = {
        copy.path: copy for copy in PictureCopy.objects.filter(state=PictureState.READY).iterator()
    }
    waiting = {copy.path for copy in PictureCopy.objects.exclude(state=PictureState.READY)}
    old = time.time() - 24 * 3600
    for path in sorted(root.glob("[0-9a-f][0-9a-f]/*")):
        name = f"pictures/{path.parent.name}/{path.name}"
        if ready.pop(name, None) is not None or name in waiting or not path.is_file():
            continue
        if path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
            removed += 1
    if ready:
        make_again(ready.values())
    return removed


def pictures_of(
    files: Iterable[tuple[str, StoredFile]], addresses: Mapping[str, tuple[str, str]]
) -> dict[str, Picture]:
    """Return the files attached to a text as its pages show them, by name.

    `addresses` has for each name the address of the copy and that of the file itself. The files
    have their `picture` joined.
    """
    return {
        name: Picture(
            name=name,
            state=_state(stored),
            url=addresses[name][0],
            original=addresses[name][1],
            width=copy.width if copy else 0,
            height=copy.height if copy else 0,
        )
        for name, stored, copy in ((name, stored, _copy_of(stored)) for name, stored in files)
    }


def _copy_of(stored: StoredFile) -> PictureCopy | None:
    return getattr(stored, "picture", None)


def _state(stored: StoredFile) -> str:
    copy = _copy_of(stored)
    if stored.state != State.STORED:
        return "gone"
    if stored.is_infected or stored.awaits_scan:
        return PictureState.FAILED if stored.is_infected else PictureState.WAITING
    return copy.state if copy is not None else "file"


def _claim() -> PictureCopy | None:
    """Claim the next copy to be drawn; no other worker takes it for five minutes."""
    now = timezone.now()
    is_free = Q(begun_at__isnull=True) | Q(begun_at__lt=now - timedelta(minutes=5))
    while True:
        with transaction.atomic():
            waiting = PictureCopy.objects.select_for_update(skip_locked=True, of=("self",))
            copy = (
                waiting.filter(is_free, state=PictureState.WAITING, stored__state=State.STORED)
                .select_related("stored")
                .order_by("pk")
                .first()
            )
            if copy is None:
                return None
            copy.begun_at = now
            copy.attempts += 1
            if copy.attempts <= DRAWING_ATTEMPTS:
                copy.save(update_fields=["begun_at", "attempts"])
                return copy
            # A worker died while drawing it three times.
            copy.state, copy.failure = PictureState.FAILED, PictureFailure.TOO_DEAR
            copy.made_at = now
            copy.save(update_fields=["state", "failure", "made_at"])


def draw_apart(
    original: Path, output: Path, media_type: str, folder: str, seconds: float = DRAWING_SECONDS
) -> DrawingResult:
    """Draw in a process of its own; return its result. A crash or a time-out is a failure."""
    if not original.is_file():
        return {"failure": PictureFailure.UNREADABLE}
    result: DrawingResult
    try:
        process = subprocess.run(  # noqa: S603  (our own script; the names are made here)
            [sys.executable, "-I", str(_DRAWING), str(original), str(output), media_type],
            cwd=folder,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        result = json.loads(process.stdout[:1000]) if process.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        result = {}
    has_output = output.is_file() and {"width", "height", "media_type"} <= set(result)
    if "failure" in result or has_output:
        return result
    return {"failure": PictureFailure.TOO_DEAR}
