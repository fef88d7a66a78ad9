"""Backing up an installation into one file, and restoring it into an empty installation.

The file is a tar of `manifest.json`, `database.dump` (pg_dump's custom format) and `files/…`. The
manifest has the counts and checksums that a restore compares with what it restored.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.server.embedded import postgres_binary
from alliance.server.prepare import server_major
from alliance.server.processes import ServerError
from common.disk import is_disk_full
from common.errors import Invalid, WrongState
from common.files.choices import State
from common.files.models import PictureCopy, StoredFile
from common.files.pictures import make_again
from common.mail.models import Delivery
from common.mail.pauses import hold
from common.pdf.models import PdfFile
from common.record.models import Chain
from members.organizations.models import Organization
from members.people.models import Person

FORMAT = 1


class Manifest(TypedDict):
    format: int
    made_at: str
    database_sha256: str
    head: list[int | str] | None  # position and hash of the record's last link
    rows: dict[str, int]  # by table
    files: dict[str, str]  # SHA-256 by path


# The environment variables of PostgreSQL's programs for psycopg's parameters.
PARAMETERS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def back_up(target: Path) -> Manifest:
    """Write a backup of one moment to `target`, readable by its owner only; return its manifest.

    Pages can be in use meanwhile: the database is read in one snapshot, and files never change.
    Raises Invalid, and leaves no file, when a stored file is missing or does not match its checksum,
    and when the backup cannot be written.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return _write(target, partial)
    except OSError as error:
        raise Invalid(
            _(
                "The backup could not be written (%(reason)s). The incomplete file has been removed. "
                "Free space in %(folder)s or choose another file: make backup FILE=…"
            )
            % {"reason": error.strerror or error, "folder": target.parent.resolve()}
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def _write(target: Path, partial: Path) -> Manifest:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, transaction.atomic():
        dump = Path(folder) / "database.dump"
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        try:
            _run(
                *("pg_dump", "--format=custom", "--no-owner"),
                *(f"--snapshot={snapshot}", f"--file={dump}"),
            )
        except Invalid as error:
            if os.strerror(errno.ENOSPC) in error.message:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
            raise
        stored = list(StoredFile.objects.exclude(state=State.REMOVED).order_by("pk"))
        manifest: Manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "database_sha256": _sha256(dump),
            "head": _head(),
            "rows": _rows(),
            "files": {file.path: file.sha256 for file in stored},
        }
        note = Path(folder) / "manifest.json"
        note.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w") as archive:
            archive.add(note, "manifest.json")
            archive.add(dump, "database.dump")
            for file in stored:
                _add(archive, file)
    os.replace(partial, target)
    return manifest


def restore(source: Path) -> Manifest:
    """Restore a backup into this empty installation and compare it with its manifest.

    Mail is held until staff release it. Raises WrongState when the database has people or
    organizations, Invalid for a backup that is damaged or differs from its manifest; the database
    must then be deleted.
    """
    _require_empty()
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder)
        try:
            with tarfile.open(source) as archive:
                _unpack(archive, unpacked)
            manifest: Manifest = json.loads((unpacked / "manifest.json").read_text("utf-8"))
        except (tarfile.TarError, OSError, ValueError) as error:
            if is_disk_full(error):
                raise Invalid(_no_space(unpacked)) from None
            raise Invalid(_("This file is not a backup: %(reason)s") % {"reason": error}) from None
        _check(unpacked, manifest)
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        # Statements prepared on this connection refer to tables that are gone.
        connection.close()
        _run(
            *("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"),
            *(f"--dbname={connection.settings_dict['NAME']}", str(unpacked / "database.dump")),
        )
        try:
            for path in manifest["files"]:
                _place(unpacked / "files" / path, Path(settings.MEDIA_ROOT) / path)
        except OSError as error:
            raise Invalid(f"{error.strerror}. {_no_space(Path(settings.MEDIA_ROOT))}") from None
    if _rows() != manifest["rows"] or _head() != manifest["head"]:
        raise Invalid(_("The restored database does not match the backup. Do not use it."))
    # Page copies of pictures are not in a backup: they are made again from the originals. An older
    # backup without their table gets them by the migrations of the next start.
    if PictureCopy._meta.db_table in connection.introspection.table_names():
        make_again()
    # Nor are PDF files, and those that waited lack the pictures: people ask for them again.
    if PdfFile._meta.db_table in connection.introspection.table_names():
        PdfFile.objects.all().delete()
    # Mail that was due when the backup was made may have been sent since.
    if Delivery._meta.db_table not in connection.introspection.table_names():
        call_command("migrate", "mail", verbosity=0)
    hold()
    return manifest


def _no_space(folder: Path) -> str:
    return _(
        "The backup could not be unpacked. Free space in %(folder)s, then restore it into an "
        "empty installation."
    ) % {"folder": folder}


def _require_empty() -> None:
    if "people_person" not in connection.introspection.table_names():
        return
    if Person.objects.exists() or Organization.objects.exists():
        raise WrongState(_("This installation already has data. Restore into an empty one."))


def _unpack(archive: tarfile.TarFile, place: Path) -> None:
    """Unpack the regular files of the archive into `place`. Raises TarError for anything else.

    By hand because `extractall` knows its safe filter only since Python 3.11.4, and Debian 12 has
    3.11.2.
    """
    for member in archive:
        target = (place / member.name).resolve()
        if member.isdir():
            continue
        if not member.isreg() or not target.is_relative_to(place.resolve()):
            raise tarfile.TarError(f"{member.name} is no file of a backup")
        target.parent.mkdir(parents=True, exist_ok=True)
        content = archive.extractfile(member)
        assert content is not None  # a regular file has one
        with content, target.open("wb") as out:
            shutil.copyfileobj(content, out)


def _check(place: Path, manifest: Manifest) -> None:
    if manifest.get("format") != FORMAT:
        raise Invalid(_("This backup is from an incompatible release of Alliance."))
    expected = {"database.dump": manifest["database_sha256"]}
    expected |= {f"files/{path}": sha256 for path, sha256 in manifest["files"].items()}
    for name, sha256 in expected.items():
        if not (place / name).is_file() or _sha256(place / name) != sha256:
            raise Invalid(_("The backup is damaged at %(name)s.") % {"name": name})


def _add(archive: tarfile.TarFile, stored: StoredFile) -> None:
    path = Path(settings.MEDIA_ROOT) / stored.path
    if not path.is_file() or _sha256(path) != stored.sha256:
        raise Invalid(
            _("The stored file %(path)s is missing or damaged. No backup was written.")
            % {"path": stored.path}
        )
    archive.add(path, f"files/{stored.path}")


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    shutil.copyfile(source, target)
    target.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o640)


def _head() -> list[int | str] | None:
    """Return position and hash of the record's last link."""
    last = Chain.objects.order_by("-position").values_list("position", "hash").first()
    return list(last) if last else None


def _rows() -> dict[str, int]:
    """Return the number of rows of each table."""
    counts = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            counts[name] = cursor.fetchone()[0]
    return counts


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on our database. Raises Invalid with its last line of output."""
    executable = find_program(program, server_major())
    parameters = connection.get_connection_params()
    known = {name: str(parameters[key]) for key, name in PARAMETERS.items() if parameters.get(key)}
    done = subprocess.run(  # noqa: S603
        [str(executable), *arguments],
        env={**os.environ, **known},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Invalid(f"{program}: {reason}")


def find_program(name: str, server: int) -> Path:
    """Return the program of PostgreSQL of this name for a server of this major version.

    `pg_dump` refuses a server newer than itself. The program of the wheel is used unless the server
    is newer; else one on PATH, else one in Debian's folder. Raises Invalid, with what to install,
    when none fits.
    """
    candidates = [shutil.which(name), f"/usr/lib/postgresql/{server}/bin/{name}"]
    with suppress(ServerError):  # the wheel is optional when another server is used
        candidates.insert(0, str(postgres_binary(name)))
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK) and _major_of(candidate) >= server:
            return Path(candidate)
    raise Invalid(
        _(
            "The database server is PostgreSQL %(version)d, but %(program)s of that version is not "
            "installed. Install the client programs of PostgreSQL %(version)d and try again."
        )
        % {"version": server, "program": name}
    )


def _major_of(program: str) -> int:
    """Return the major version of a program of PostgreSQL; 0 when it names none."""
    version_line = subprocess.run(  # noqa: S603
        [program, "--version"], check=False, capture_output=True, text=True
    ).stdout
    version = re.search(r" (\d+)", version_line)
    return int(version[1]) if version else 0
