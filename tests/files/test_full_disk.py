"""A disk that is full refuses with a sentence, keeps nothing half done, and works again afterwards."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from common.files.actions import store
from common.files.choices import PictureState
from common.files.models import PictureCopy, StoredFile
from common.files.pictures import make_waiting
from members.people.models import Person
from tests import factories
from tests.factories.files import png
from workinggroups.attachments.models import Attachment
from workinggroups.groups.models import Group

KIB = 1024


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    def fill(self, *, but_bytes: int = 0) -> None:
        """Nothing more can be written but so many bytes."""
        space = os.statvfs(self.folder)
        self.ballast.write_bytes(bytes(space.f_bavail * space.f_frsize - but_bytes))

    def free(self) -> None:
        self.ballast.unlink()

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file() and path != self.ballast]


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Iterator[SmallDisk]:
    """A real disk of one megabyte that holds the stored files."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("A disk can be mounted by root only.")
    settings.MEDIA_ROOT = folder / "files"
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_upload_is_refused_whole_and_taken_once_there_is_room(
    group: Group, chair: Person, client_of: Callable[..., Client], disk: SmallDisk
) -> None:
    meeting = factories.meeting(group)
    url = f"/groups/{group.slug}/attachments/meeting/{meeting.uuid}/"
    browser = client_of(chair, raise_request_exception=False)
    disk.fill(but_bytes=64 * KIB)

    refused = browser.post(url, {"file": SimpleUploadedFile("plan.txt", b"plan\n" * 40_000)})

    assert refused.status_code == 507
    assert int(refused["Retry-After"]) > 0
    assert "disk is full" in refused.content.decode()
    assert not StoredFile.objects.exists()
    assert not Attachment.objects.exists()
    assert disk.files() == []
    disk.free()
    assert browser.post(
        url, {"file": SimpleUploadedFile("plan.txt", b"plan\n" * 40_000)}
    ).status_code in {200, 302}
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_readyz_tries_a_write(client: Client, disk: SmallDisk) -> None:
    disk.fill()

    full = client.get("/readyz")
    disk.free()

    assert (full.status_code, full.content) == (
        503,
        b"The disk of the data folder takes no writes.\n",
    )
    assert client.get("/readyz").status_code == 200
    assert disk.files() == []


def test_a_picture_waits_until_there_is_room(db: None, disk: SmallDisk) -> None:
    picture = SimpleUploadedFile("fig.png", png())
    stored = store(upload=picture, owner_uuid=None)
    disk.fill()

    make_waiting()

    copy = PictureCopy.objects.get(stored=stored)
    assert (copy.state, copy.attempts) == (PictureState.WAITING, 0)


def test_failed_backup_leaves_nothing_and_says_what_to_do(
    committed_db: str, disk: SmallDisk
) -> None:
    disk.fill(but_bytes=8 * KIB)

    with pytest.raises(CommandError, match="Free space in") as failed:
        call_command("backup", str(disk.folder / "backups" / "all.tar"))

    assert "No space left" in str(failed.value)
    assert disk.files() == []
