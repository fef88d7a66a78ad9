"""How a stored file is served: as a download that nothing runs, whole or in part."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from common.files.actions import discard, store
from common.files.models import StoredFile
from common.files.responses import download

pytestmark = pytest.mark.django_db
CONTENT = b"0123456789"


@pytest.fixture
def stored(settings: Any, tmp_path: Path) -> StoredFile:
    settings.MEDIA_ROOT = tmp_path
    return store(upload=SimpleUploadedFile("Zürich plan.txt", CONTENT), owner_uuid=None)


def asked(method: str = "GET", **headers: str) -> HttpRequest:
    return RequestFactory().generic(method, "/x/", headers=headers)


def body(response: HttpResponseBase) -> bytes:
    try:
        return b"".join(response.streaming_content)  # type: ignore[attr-defined]
    finally:
        response.close()


def test_file_is_an_attachment_that_no_browser_runs(stored: StoredFile) -> None:
    response = download(stored)

    assert body(response) == CONTENT
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"ZÃ¼rich plan.txt\"; filename*=UTF-8''Z%C3%BCrich%20plan.txt"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Content-Length"] == "10"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["ETag"] == f'"{stored.sha256}"'


def test_published_files_may_be_kept_by_shared_caches(stored: StoredFile) -> None:
    response = download(stored, public=True)
    response.close()

    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_reader_who_has_it_already_gets_no_bytes(stored: StoredFile) -> None:
    response = download(stored, asked(**{"If-None-Match": f'"x", W/"{stored.sha256}"'}))

    assert response.status_code == 304
    assert response.headers["ETag"] == f'"{stored.sha256}"'
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [("0-3", 0, 3), ("4-", 4, 9), ("-3", 7, 9), ("-30", 0, 9), ("9-9", 9, 9), ("2-999", 2, 9)],
)
def test_one_range_is_served(stored: StoredFile, span: str, first: int, last: int) -> None:
    response = download(stored, asked(Range=f"bytes={span}"))

    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/10"
    assert response.headers["Content-Length"] == str(last - first + 1)
    assert body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize("span", ["10-", "10-20", "-0", "999999999999999999-"])
def test_range_beyond_the_end_is_refused(stored: StoredFile, span: str) -> None:
    response = download(stored, asked(Range=f"bytes={span}"))

    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */10"


@pytest.mark.parametrize(
    "span", ["bytes=3-1", "bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=" + "9" * 30]
)
def test_range_that_is_none_gives_the_whole(stored: StoredFile, span: str) -> None:
    response = download(stored, asked(Range=span))

    assert (response.status_code, body(response)) == (200, CONTENT)


def test_range_of_another_version_gives_the_whole(stored: StoredFile) -> None:
    old = download(stored, asked(Range="bytes=0-1", **{"If-Range": '"old"'}))
    same = download(stored, asked(Range="bytes=0-1", **{"If-Range": f'"{stored.sha256}"'}))

    assert (old.status_code, body(old)) == (200, CONTENT)
    assert (same.status_code, body(same)) == (206, CONTENT[:2])


def test_head_says_what_get_would(stored: StoredFile) -> None:
    response = download(stored, asked("HEAD", Range="bytes=0-3"))
    response.close()

    assert (response.status_code, response.headers["Content-Length"]) == (206, "4")


def test_discarded_or_lost_files_do_not_exist(stored: StoredFile, settings: Any) -> None:
    (Path(settings.MEDIA_ROOT) / stored.path).unlink()
    with pytest.raises(Http404):
        download(stored)

    discard(stored=stored)
    with pytest.raises(Http404):
        download(stored)
