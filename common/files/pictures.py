"""Making the copies of pictures that pages show, in a worker and never in a request.

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
from typing import Any

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
# A task that draws hands over to the next one after so many seconds.
TURN_SECONDS = 45
_DRAWING = Path(__file__).with_name("drawing.py")


def expect_copy(stored: StoredFile) -> None:
    """A copy of this picture is made soon; nothing happens for other files."""
    if stored.media_type in PICTURES:
        PictureCopy.objects.create(stored=stored)
        enqueue_on_commit(TASK)


def make_waiting() -> int:
    """Draw the copies that wait, one after another; return how many were tried.

    Rings for another turn when there may be more. Two workers never draw the same one.
    """
    until, tried = time.monotonic() + TURN_SECONDS, 0
    while (copy := _claim()) is not None:
        try:
            make(copy)
        except OSError as error:
            # The copy waits on, and this attempt is not counted: there is nothing wrong with it.
            PictureCopy.objects.filter(pk=copy.pk).update(attempts=F("attempts") - 1)
            logger.error("A picture could not be written: %s", error.strerror)
            break
        tried += 1
        if time.monotonic() > until:
            enqueue_on_commit(TASK)
            break
    return tried


def make(copy: PictureCopy) -> PictureCopy:
    """The copy is ready, or failed with its reason. Draws in a process of its own."""
    original = Path(settings.MEDIA_ROOT) / copy.stored.path
    target = Path(settings.MEDIA_ROOT) / copy.path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        drawn = Path(folder) / "copy"
        result = draw_apart(original, drawn, copy.stored.media_type, folder)
        if "failure" in result:
            # A drawing that cannot write its result fails like a bad picture, and is none.
            try_write(target.parent)
        if "failure" in result:
            copy.state, copy.failure = PictureState.FAILED, result["failure"]
        else:
            content = drawn.read_bytes()
            copy.state, copy.failure = PictureState.READY, ""
            copy.width, copy.height = result["width"], result["height"]
            copy.media_type = result["media_type"]
            copy.sha256, copy.bytes = sha256(content).hexdigest(), len(content)
            drawn.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            drawn.replace(target)
    copy.made_at = timezone.now()
    copy.save()
    return copy


def make_again(copies: Iterable[PictureCopy] | None = None) -> int:
    """These copies, or all that were made, wait to be drawn again; return how many."""
    rows = PictureCopy.objects.exclude(state=PictureState.WAITING)
    if copies is not None:
        rows = rows.filter(pk__in=[copy.pk for copy in copies])
    count = rows.update(state=PictureState.WAITING, failure="", attempts=0, begun_at=None)
    enqueue_on_commit(TASK)
    return count


def remove_copy(stored: StoredFile) -> None:
    """The copy goes with the bytes of its original."""
    for copy in PictureCopy.objects.filter(stored=stored):
        (Path(settings.MEDIA_ROOT) / copy.path).unlink(missing_ok=True)
        copy.delete()


def sweep_copies() -> int:
    """Copies without a row are gone, and those whose file is lost are drawn again."""
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
    """Return what a text can show of the files attached to it, by their names.

    `addresses` has for each name the address of the copy and that of the file itself. The files
    come with their `picture`, joined.
    """
    return {
        name: Picture(
            name=name,
            state=_state(stored),
            url=addresses[name][0],
            original=addresses[name][1],
            width=_copy_of(stored).width if _copy_of(stored) else 0,
            height=_copy_of(stored).height if _copy_of(stored) else 0,
        )
        for name, stored in files
    }


def _copy_of(stored: StoredFile) -> Any:
    return getattr(stored, "picture", None)


def _state(stored: StoredFile) -> str:
    copy = _copy_of(stored)
    if stored.state != State.STORED:
        return "gone"
    if stored.is_infected or stored.awaits_scan:
        return PictureState.FAILED if stored.is_infected else PictureState.WAITING
    return copy.state if copy is not None else "file"


def _claim() -> PictureCopy | None:
    """The next copy to be drawn, taken so that no other worker takes it for some minutes."""
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
            # A worker died with it three times.
            copy.state, copy.failure = PictureState.FAILED, PictureFailure.TOO_DEAR
            copy.made_at = now
            copy.save(update_fields=["state", "failure", "made_at"])


def draw_apart(
    original: Path, drawn: Path, media_type: str, folder: str, seconds: float = DRAWING_SECONDS
) -> dict[str, Any]:
    """Draw in a process of its own; return what it says. A crash or a time-out is an answer too."""
    if not original.is_file():
        return {"failure": PictureFailure.UNREADABLE}
    try:
        done = subprocess.run(  # noqa: S603  (our own script; the names are made here)
            [sys.executable, "-I", str(_DRAWING), str(original), str(drawn), media_type],
            cwd=folder,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        result = json.loads(done.stdout[:1000]) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        result = {}
    is_drawn = drawn.is_file() and {"width", "height", "media_type"} <= set(result)
    if "failure" in result or is_drawn:
        return dict(result)
    return {"failure": PictureFailure.TOO_DEAR}
