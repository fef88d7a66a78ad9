"""What is taken into the file store, under which name, and when it goes."""

import hashlib
import io
import os
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid, TooMany
from common.files import actions
from common.files.actions import discard, restore, store, sweep
from common.files.choices import FILE_MAX_BYTES, KEEP_DISCARDED_DAYS, State
from common.files.models import StoredFile
from common.files.types import TypeCheck, clean_name
from tests.committed import together

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


TAKEN = {
    "a.pdf": (PDF, "application/pdf"),
    "a.PDF": (PDF, "application/pdf"),
    "a.png": (PNG, "image/png"),
    "a.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(20), "image/jpeg"),
    "a.webp": (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(20), "image/webp"),
    "a.svg": (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><svg/>", "image/svg+xml"),
    "a.gif": (b"GIF89a" + bytes(20), "image/gif"),
    "a.zip": (zipped("x"), "application/zip"),
    "a.gz": (b"\x1f\x8b\x08\x00" + bytes(20), "application/gzip"),
    "a.docx": (
        zipped("[Content_Types].xml", "word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "a.odt": (zipped("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
    "a.csv": ("é,b\n1,2\n".encode(), "text/csv"),
    "a.md": (b"# Title\n", "text/markdown"),
    "a.txt": (b"\xef\xbb\xbfhello", "text/plain"),
    "a.json": (b'{"a": 1}', "application/json"),
}
REFUSED = {
    "b.svg": b"<html><svg></svg></html>",
    "c.svg": b"\x1f\x8b\x08 packed",
    "a.html": b"<html>",
    "a.exe": b"MZ\x90\x00" + bytes(60),
    "a": b"x",
    "a.pdf.exe": PDF,
    "a.js": b"alert(1)",
    "b.pdf": PNG,
    "b.png": PDF,
    "b.jpg": b"<script>alert(1)</script>",
    "b.zip": b"MZ\x90\x00" + bytes(60),
    "b.txt": PNG,
    "c.txt": "é".encode("latin-1"),
    "d.txt": b"a\x00b",
    "e.txt": b"\xc3",
    "b.md": b"  \n<!DOCTYPE html><script>x</script>",
    "b.csv": b"<svg onload=x>",
    "empty.txt": b"",
    "empty.png": b"",
}


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(name: str = "a.txt", content: bytes = b"hello") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def on_disk(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("name", TAKEN)
def test_file_is_kept_under_its_true_type_and_checksum(name: str, root: Path) -> None:
    content, media_type = TAKEN[name]
    owner = uuid4()

    stored = store(upload=upload(name, content), owner_uuid=owner)

    stored.refresh_from_db()
    assert stored.media_type == media_type
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (stored.bytes, stored.owner_uuid, stored.state) == (len(content), owner, State.STORED)
    assert (root / stored.path).read_bytes() == content
    assert "a." not in stored.path


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_file_of_a_wrong_type_is_refused_and_leaves_nothing(name: str, root: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        store(upload=upload(name, REFUSED[name]), owner_uuid=None)

    assert refusal.value.field == "file"
    assert on_disk(root) == []
    assert not StoredFile.objects.exists()


class Endless:
    """An upload that never stops coming."""

    name = "a.txt"

    def chunks(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 65536


@pytest.mark.django_db
def test_upload_is_cut_off_at_the_limit(root: Path) -> None:
    with pytest.raises(Invalid, match="25 MB"):
        store(upload=Endless(), owner_uuid=None)  # type: ignore[arg-type]

    assert on_disk(root) == []


@pytest.mark.django_db
def test_file_of_exactly_the_limit_is_taken() -> None:
    assert store(upload=upload("a.txt", b"x" * FILE_MAX_BYTES), owner_uuid=None).bytes == (
        FILE_MAX_BYTES
    )


@pytest.mark.django_db
def test_letter_cut_by_a_chunk_is_still_text() -> None:
    content = b"x" * 65535 + "é".encode() + b"x" * 10

    assert store(upload=upload("a.txt", content), owner_uuid=None).media_type == "text/plain"


@pytest.mark.django_db
def test_quota_is_each_owners_own(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setattr(actions, "OWNER_MAX_BYTES", 9)
    owner = uuid4()
    first = store(upload=upload(), owner_uuid=owner)

    with pytest.raises(TooMany):
        store(upload=upload(), owner_uuid=owner)
    store(upload=upload(), owner_uuid=uuid4())
    discard(stored=first)
    store(upload=upload(), owner_uuid=owner)

    assert len(on_disk(root)) == 3


def test_two_uploads_at_once_cannot_both_take_the_last_place(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "OWNER_MAX_BYTES", 9)
    owner = uuid4()

    def one() -> StoredFile:
        return store(upload=upload(), owner_uuid=owner)

    outcomes = together(*[one] * 4)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "StoredFile",
        "TooMany",
        "TooMany",
        "TooMany",
    ]


@pytest.mark.django_db
def test_discarded_file_can_be_brought_back_for_thirty_days(root: Path) -> None:
    stored = store(upload=upload(), owner_uuid=None)

    discard(stored=stored)
    assert stored.state == State.DISCARDED
    restore(stored=stored)
    assert (stored.state, stored.discarded_at) == (State.STORED, None)

    discard(stored=stored)
    assert sweep() == 0
    StoredFile.objects.update(
        discarded_at=timezone.now() - timedelta(days=KEEP_DISCARDED_DAYS, seconds=1)
    )
    assert sweep() == 1

    stored.refresh_from_db()
    assert stored.state == State.REMOVED
    assert stored.sha256
    assert on_disk(root) == []
    assert restore(stored=stored).state == State.REMOVED


def test_bytes_of_a_rolled_back_upload_are_swept_after_a_day(committed_db: str, root: Path) -> None:
    kept = store(upload=upload(), owner_uuid=None)
    with transaction.atomic():
        store(upload=upload(), owner_uuid=None)
        transaction.set_rollback(True)

    assert sweep() == 0
    for path in on_disk(root):
        os.utime(path, (old := time.time() - 25 * 3600, old))
    assert sweep() == 1

    assert on_disk(root) == [root / kept.path]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\plan.PDF", "plan.pdf"),
        ("evil\u202egnp.txt", "evilgnp.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ('"><script>.txt', "script.txt"),
        ("  a   b .txt", "a b.txt"),
        ("é" * 300 + ".txt", "é" * 98 + ".txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
        ("नि" * 300 + ".txt", "नि" * 32 + ".txt"),
        ("CON.txt", "_CON.txt"),
        ("lpt1 .png", "_lpt1.png"),
        (".hidden.png", "hidden.png"),
        ("100%.csv", "100%.csv"),
        ("a\u200d\u0301.txt", "á.txt"),
        ("a\u0301.txt", "á.txt"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize("name", ["", "/", "..", "\u202e", "...", "\x00"])
def test_names_of_nothing_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        clean_name(name)


@given(st.text(max_size=300))
def test_any_name_becomes_safe_or_is_refused(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except Invalid:
        return
    assert 0 < len(cleaned.encode()) <= 200
    assert normalize("NFC", cleaned) == cleaned
    assert cleaned.isprintable()
    assert not set(cleaned) & set('/\\"<>\r\n\x00')
    assert clean_name(cleaned) == cleaned


def test_storage_name_says_nothing() -> None:
    stored = StoredFile(uuid=UUID(int=0xAB), name="secret plan.pdf")

    assert stored.path == f"ab/{'0' * 30}ab"


@pytest.mark.django_db
def test_adding_and_removing_again_and_again_does_not_fill_the_disk(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "OWNER_MAX_BYTES_ON_DISK", 12)
    owner = uuid4()
    for _time in range(2):
        discard(stored=store(upload=upload(), owner_uuid=owner))

    with pytest.raises(TooMany, match="30 days"):
        store(upload=upload(), owner_uuid=owner)
    assert len(on_disk(root)) == 2

    StoredFile.objects.update(discarded_at=timezone.now() - timedelta(days=31))
    sweep()
    store(upload=upload(), owner_uuid=owner)


@pytest.mark.parametrize(
    "begun",
    ["<!---->" * 24, "<!-- x -->\n" * 24, "<!doctype svg" + " " * 16_000, "<?xml " + "?" * 16_000],
    ids=["comments", "lines", "doctype", "declaration"],
)
def test_what_only_begins_like_a_drawing_is_refused_in_a_moment(begun: str) -> None:
    begin = time.process_time()
    check = TypeCheck("a.svg")
    check.see(begun.encode() + b"x")

    with pytest.raises(Invalid):
        check.media_type()
    assert time.process_time() - begin < 0.3
