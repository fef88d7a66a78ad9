"""Every name that can be uploaded is listed, fetched, removed, exported and checked."""

import os
import subprocess
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from common.files.types import NAME_MAX_BYTES, clean_name, name_key
from tests import factories
from tests.attachments.test_attachments import body, saved_as
from tests.factories.works import publication
from tests.names.alphabets import names as names_in_scripts
from workinggroups.attachments import actions
from workinggroups.attachments.models import Attachment

pytestmark = pytest.mark.django_db

# `make fuzz` sets more, each with a batch of names.
BATCHES = max(2, int(os.environ.get("FUZZ_EXAMPLES", "0")) // 200)
BATCH = 12
SIGNS = [
    "%",
    "%2F",
    "%00",
    "%",
    "'",
    '"',
    "“",
    " ",
    "  ",
    "..",
    ".",
    "-",
    "--",
    "\\",
    "/",
    "#",
    "?",
]
SIGNS += ["&amp;", "<b>", ";", "=", "\n", "\t", "\u202e", "\u200f", "\u200d", "\u0301", "\ufeff"]
EMOJI = ["😀", "👩🏽‍🔬", "🏳️‍🌈", "🇨🇭", "1️⃣", "👨‍👩‍👧‍👦"]
PIECES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.sampled_from(SIGNS),
    st.sampled_from(EMOJI),
    names_in_scripts,
    st.integers(180, 260).map(lambda length: "x" * length),
    st.integers(60, 90).map(lambda length: "評" * length),
)
NAMES = st.lists(PIECES, min_size=1, max_size=5).map(lambda pieces: "".join(pieces) + ".csv")


def accepted(names: list[str]) -> dict[str, str]:
    """The names under which these are kept, where each can be, with the name that was sent."""
    kept: dict[str, str] = {}
    keys = {name_key("text.md")}
    for name in names:
        try:
            clean = clean_name(name)
        except Invalid:
            continue
        if name_key(clean) not in keys:
            keys.add(name_key(clean))
            kept[clean] = name
    return kept


@settings(
    max_examples=BATCHES,
    phases=[Phase.explicit, Phase.generate],  # a batch says by itself which name fails
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(names=st.lists(NAMES, min_size=BATCH, max_size=BATCH))
def test_any_name_works_wherever_files_do(
    names: list[str], chair: Any, group: Any, client_of: Any, tmp_path_factory: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    kept = accepted(names)
    with transaction.atomic():
        _beside_a_meeting(kept, chair, group, client_of(chair))
        _in_a_publication(kept, chair, group, client_of(chair), tmp_path_factory.mktemp("copy"))
        transaction.set_rollback(True)


def _beside_a_meeting(kept: dict[str, str], chair: Any, group: Any, client: Any) -> None:
    meeting = factories.meeting(group)
    for name in kept.values():
        upload = SimpleUploadedFile("x", name.encode("utf-8", "replace"))
        upload._name = name  # Django's setter would take the path away before our store does
        actions.attach(actor=chair, kind="meeting", uuid=meeting.uuid, upload=upload)
    url = reverse("attachments", args=[group.slug, "meeting", meeting.uuid])
    page = client.get(url).content.decode()
    files = list(Attachment.objects.present().order_by("pk"))

    assert [file.name for file in files] == list(kept)
    for file in files:
        assert clean_name(file.name) == file.name
        assert len(file.name.encode()) <= NAME_MAX_BYTES
        assert escape(file.get_absolute_url()) in page
        assert escape(file.name) in page
        response = client.get(file.get_absolute_url())
        assert body(response) == kept[file.name].encode("utf-8", "replace")
        assert saved_as(response["Content-Disposition"]) == {file.name}
        assert client.post(file.get_removal_url()).status_code == 302
    assert not Attachment.objects.present().exists()


def _in_a_publication(
    kept: dict[str, str], chair: Any, group: Any, client: Any, folder: Path
) -> None:
    """All of it, copied as a reader copies it, is what the published list of checksums says."""
    work = publication(chair, group, files={name: name.encode() for name in kept})
    url = reverse("publication-version", args=[work.identifier, work.number])
    page = client.get(url).content.decode()
    for name in kept:
        address = f"{url}files/{quote(name, safe='')}"
        assert escape(name) in page
        response = client.get(address)
        assert response.status_code == 200, name
        (folder / name).write_bytes(body(response))
    text = client.get(f"{url}text.md")
    (folder / "text.md").write_bytes(text.content if not text.streaming else body(text))
    (folder / "SHA256SUMS").write_bytes(client.get(f"{url}SHA256SUMS").content)

    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count(": OK") == len(kept) + 1
