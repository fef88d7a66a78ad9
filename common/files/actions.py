"""Storing, discarding, restoring and removing files.

stored --discard--> discarded --(30 days)--> removed
   ^-----restore------'
"""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import AnyStr
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid, TooMany
from common.files.choices import (
    FILE_MAX_BYTES,
    KEEP_DISCARDED_DAYS,
    OWNER_MAX_BYTES,
    OWNER_MAX_BYTES_ON_DISK,
    State,
)
from common.files.models import StoredFile
from common.files.pictures import queue_copy, remove_copy, sweep_copies
from common.files.scanning import queue_scan
from common.files.types import TypeCheck, clean_name
from common.identifiers import new_uuid

# Bytes without a row are removed once no upload of them can still be running.
ORPHAN_HOURS = 24


def store(*, upload: File[AnyStr], owner_uuid: UUID | None) -> StoredFile:
    """Write the upload to disk under a random name and save a row with its SHA-256.

    `upload` is read once in pieces, never held in memory. `owner_uuid` is the person or
    organization whose quota it counts towards; None for files of the system itself. Raises Invalid
    for an empty or too large file or one whose content and name disagree, TooMany over the quota.
    """
    name = clean_name(upload.name or "")
    check = TypeCheck(name)
    stored = StoredFile(uuid=new_uuid(), name=name, owner_uuid=owner_uuid)
    path = Path(settings.MEDIA_ROOT) / stored.path
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    try:
        stored.sha256, stored.bytes = _write(upload, path, check)
        stored.media_type = check.media_type()
        stored.created_at = timezone.now()
        with transaction.atomic():
            _keep_within_quota(stored)
            queue_scan(stored)
            stored.save(force_insert=True)
            queue_copy(stored)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return stored


def discard(*, stored: StoredFile) -> StoredFile:
    """Stop serving the file and remove its bytes in 30 days. The caller's rows can still name it."""
    _move(stored, State.STORED, State.DISCARDED, timezone.now())
    return stored


def restore(*, stored: StoredFile) -> StoredFile:
    """Serve a file again that was discarded within the last 30 days."""
    _move(stored, State.DISCARDED, State.STORED, None)
    return stored


def sweep() -> int:
    """Remove bytes discarded 30 days ago and bytes without a row; return how many files."""
    limit = timezone.now() - timedelta(days=KEEP_DISCARDED_DAYS)
    removed = 0
    for stored in StoredFile.objects.filter(state=State.DISCARDED, discarded_at__lt=limit):
        (Path(settings.MEDIA_ROOT) / stored.path).unlink(missing_ok=True)
        remove_copy(stored)
        StoredFile.objects.filter(pk=stored.pk).update(state=State.REMOVED)
        removed += 1
    return removed + _sweep_orphans() + sweep_copies()


def _write(upload: File[AnyStr], path: Path, check: TypeCheck) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, settings.FILE_UPLOAD_PERMISSIONS
    )
    with os.fdopen(descriptor, "wb") as out:
        for piece in upload.chunks():
            chunk = piece.encode() if isinstance(piece, str) else bytes(piece)
            size += len(chunk)
            if size > FILE_MAX_BYTES:
                raise Invalid(
                    _("This file is too large. The limit is %(megabytes)d MB.")
                    % {"megabytes": FILE_MAX_BYTES // 1024**2},
                    "file",
                )
            check.see(chunk)
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if size == 0:
        raise Invalid(_("This file is empty."), "file")
    return digest.hexdigest(), size


def _keep_within_quota(stored: StoredFile) -> None:
    """Raise TooMany over the owner's quota. Locks the owner's uploads until the transaction ends."""
    if stored.owner_uuid is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files {stored.owner_uuid}"]
        )
    owned = StoredFile.objects.filter(owner_uuid=stored.owner_uuid).exclude(state=State.REMOVED)
    sizes = owned.aggregate(
        used=Sum("bytes", filter=Q(state=State.STORED), default=0), on_disk=Sum("bytes", default=0)
    )
    if sizes["used"] + stored.bytes > OWNER_MAX_BYTES:
        raise TooMany(
            _("There is no storage space left for this file. Remove some files first."),
            retry_after=3600,
        )
    if sizes["on_disk"] + stored.bytes > OWNER_MAX_BYTES_ON_DISK:
        raise TooMany(
            _(
                "There is no storage space left for this file: removed files still take up space "
                "for %(days)d days. Try again tomorrow."
            )
            % {"days": KEEP_DISCARDED_DAYS},
            retry_after=24 * 3600,
        )


def _move(stored: StoredFile, before: State, after: State, discarded_at: object) -> None:
    moved = StoredFile.objects.filter(pk=stored.pk, state=before).update(
        state=after, discarded_at=discarded_at
    )
    if moved:
        stored.refresh_from_db()


def _sweep_orphans() -> int:
    root, old = Path(settings.MEDIA_ROOT), timezone.now() - timedelta(hours=ORPHAN_HOURS)
    removed = 0
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
        aged = {
            path.name: path for path in folder.iterdir() if path.stat().st_mtime < old.timestamp()
        }
        uuids = [UUID(hex=name) for name in aged if len(name) == 32]
        known = {
            uuid.hex
            for uuid in StoredFile.objects.filter(pk__in=uuids)
            .exclude(state=State.REMOVED)
            .values_list("pk", flat=True)
        }
        for name in aged.keys() - known:
            aged[name].unlink(missing_ok=True)
            removed += 1
    return removed
