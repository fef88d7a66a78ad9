"""What is downloaded checks out with the `sha256sum` of everybody's machine."""

import re
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from common.files.responses import attachment
from common.files.types import clean_name
from tests.factories.works import publication
from workinggroups.deliverables.checksums import line_of
from workinggroups.deliverables.models import Revision

NAMES = ["図1.png", "Two  words.csv", "50%20 of it.csv", "it's “q”.csv", "..dots.csv", "--all.csv"]
NAMES += ["a\\b.csv", "é\u0301.csv", "ملف.csv", "#1 & co; x=y.csv", "~.csv", "-.csv"]


def saved_as(header: str) -> str:
    """Return the name under which `curl -OJ` saves it: `filename` alone, its bytes as they come."""
    found = re.search(r'filename="((?:[^"\\]|\\.)*)"', header)
    assert found is not None, header
    name = re.sub(r"\\(.)", r"\1", found[1]).encode("latin-1").decode()
    extended = re.search(r"filename\*=UTF-8''(\S+)", header)
    assert extended is None or unquote(extended[1]) == name
    return name


def check(folder: Path, sums: bytes) -> list[str]:
    """Return what `sha256sum --check` says of the files in the folder, a line each."""
    (folder / "SHA256SUMS").write_bytes(sums)
    said = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=folder, capture_output=True, check=False, text=True, errors="replace",
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout.splitlines()


@settings(max_examples=150)
@given(name=st.text(min_size=1, max_size=60), extension=st.sampled_from(["csv", "PDF", "png"]))
def test_a_kept_name_is_the_same_in_the_header_and_in_the_list(name: str, extension: str) -> None:
    try:
        kept = clean_name(f"{name}.{extension}")
    except Invalid:
        return

    assert saved_as(attachment(kept)) == kept
    assert clean_name(kept) == kept
    line = line_of("0" * 64, kept)
    assert line.count("\n") == 1
    assert line.removeprefix("\\").startswith("0" * 64 + "  ")


def test_all_that_a_publication_offers_checks_out(
    client: Any, chair: Any, group: Any, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    folder = tmp_path / "downloads"
    folder.mkdir()
    files = {name: name.encode() for name in NAMES if name.endswith(".csv")}
    made = publication(chair, group, files=files, text="# Scope\r\n\nÅ line  \nno end")
    base = f"/catalogue/{made.identifier}/{made.number}/"
    names = [file.name for file in Revision.objects.get().files.all()]

    for path in ["text.md", *(f"files/{quote(name, safe='')}" for name in names)]:
        answer = client.get(base + path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        name = saved_as(answer["Content-Disposition"])
        assert "/" not in name
        (folder / name).write_bytes(content)
        assert not answer["Content-Type"].startswith("text/html")
    sums = client.get(f"{base}SHA256SUMS")

    assert saved_as(sums["Content-Disposition"]) == "SHA256SUMS"
    assert sums["Content-Type"] == "text/plain; charset=utf-8"
    said = check(folder, sums.content)
    assert len(said) == len(names) + 1
    assert all(line.endswith(": OK") for line in said)


def test_names_of_all_scripts_check_out(tmp_path: Path) -> None:
    """Also such as a file system takes and our own cleaning would not leave as they are."""
    kept = [*NAMES, "line\nend.csv", "back\\slash.csv", " lead.csv", 'q"uote.csv', "100%.csv"]
    lines = b""
    for name in dict.fromkeys(kept):
        (tmp_path / name).write_bytes(name.encode())
        lines += line_of(sha256(name.encode()).hexdigest(), name).encode()

    assert len(check(tmp_path, lines)) == len(set(kept))


def test_a_publication_of_files_alone_checks_out(
    client: Any, chair: Any, group: Any, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    publication(chair, group, text="", files={"data.csv": b"a,b\n"})

    text = client.get("/catalogue/AS-1/1.0/text.md")
    line = client.get("/catalogue/AS-1/1.0/SHA256SUMS").content.decode().splitlines()[0]

    assert (text.status_code, text.content) == (200, b"")
    assert line == f"{sha256(b'').hexdigest()}  text.md"


@pytest.mark.parametrize("path", ["text.md", "SHA256SUMS", "cite.txt", "cite.bib", "cite.ris"])
def test_plain_text_is_never_declared_as_html(
    client: Any, chair: Any, group: Any, path: str
) -> None:
    publication(chair, group)

    answer = client.get(f"/catalogue/AS-1/1.0/{path}")

    assert "html" not in answer["Content-Type"]
    assert answer["X-Content-Type-Options"] == "nosniff"
