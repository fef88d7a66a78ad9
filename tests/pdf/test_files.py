"""PDF files: asked for once, made by a worker, served, made again when lost, removed when unused."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from common.errors import Invalid
from common.pdf import actions, tasks
from common.pdf.content import PdfDocument, paragraph
from common.pdf.models import PdfFile
from common.pdf.responses import serve
from tests.committed import together

OWNER = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def requested(words: str = "We met.", kind: str = "minutes") -> PdfFile:
    document = PdfDocument(title="Minutes", blocks=[paragraph(words)])
    return actions.request_file(
        owner_uuid=OWNER, kind=kind, name="minutes.pdf", compose=lambda: document
    )


@pytest.mark.django_db
def test_a_file_is_made_once_for_its_content(media: Path) -> None:
    first, again, other = requested(), requested(), requested("We met twice.")
    assert first == again != other
    assert actions.find_file(OWNER, "minutes", PdfDocument(title="Minutes", blocks=[])) is None

    tasks.make_waiting()

    file = PdfFile.objects.get(pk=first.pk)
    assert (file.state, file.is_accessible, file.content) == ("done", True, "")
    assert (media / file.path).stat().st_size == file.bytes
    assert requested() == file
    assert actions.make_waiting() == 0


@pytest.mark.django_db
def test_what_is_missing_is_named_and_fails_nothing() -> None:
    document = PdfDocument(title="M", blocks=[paragraph("ქა")], undescribed=["fig/a.png"])
    file = actions.request_file(owner_uuid=OWNER, kind="m", name="m.pdf", compose=lambda: document)

    actions.make_waiting()

    file.refresh_from_db()
    assert (file.state, file.is_accessible, file.has_gaps) == ("done", False, True)
    assert file.missing_characters == "აქ"
    assert file.missing_words == ["fig/a.png"]


@pytest.mark.django_db
def test_a_failure_is_kept_and_tried_again_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = requested()
    with monkeypatch.context() as patched:
        patched.setattr(actions, "TYPESETTING_SECONDS", 0.001)
        patched.setattr(actions.typeset, "__defaults__", (0.001,))
        actions.make_waiting()
    file.refresh_from_db()
    assert (file.state, file.failure) == ("failed", "too_large")

    requested()
    actions.make_waiting()

    file.refresh_from_db()
    assert file.state == "done"


@pytest.mark.django_db
def test_a_dead_worker_costs_an_attempt_and_the_fourth_gives_up() -> None:
    file = requested()
    for _attempt in range(3):
        assert actions._claim() == file
        assert actions._claim() is None
        long_ago = timezone.now() - timedelta(minutes=6)
        PdfFile.objects.update(begun_at=long_ago)

    assert actions._claim() is None
    file.refresh_from_db()
    assert (file.state, file.failure) == ("failed", "too_large")


@pytest.mark.django_db
def test_lost_bytes_are_made_again(media: Path) -> None:
    file = requested()
    actions.make_waiting()
    file.refresh_from_db()
    (media / file.path).unlink()
    with pytest.raises(Http404):
        serve(file, RequestFactory().get("/"))

    assert requested().state == "requested"
    actions.make_waiting()

    assert (media / file.path).is_file()


@pytest.mark.django_db
def test_a_file_is_served_as_an_attachment_and_by_its_etag() -> None:
    file = requested()
    with pytest.raises(Http404):
        serve(file, RequestFactory().get("/"))
    actions.make_waiting()
    file.refresh_from_db()

    response = serve(file, RequestFactory().get("/"))
    again = serve(file, RequestFactory().get("/", HTTP_IF_NONE_MATCH=response["ETag"]))

    assert b"".join(response.streaming_content).startswith(b"%PDF-1.7")  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert again.status_code == 304
    response.close()
    again.close()


@pytest.mark.django_db
def test_files_that_nobody_uses_are_removed(media: Path) -> None:
    used, unused = requested(), requested("Old.")
    actions.make_waiting()
    PdfFile.objects.filter(pk=unused.pk).update(used_at=timezone.now() - timedelta(days=31))
    stray = media / "pdf" / "aa" / uuid4().hex
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")

    tasks.sweep()

    assert list(PdfFile.objects.all()) == [used]
    assert stray.is_file()  # written a moment ago: a worker may be about to save its row


@pytest.mark.django_db
def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "CONTENT_MAX_BYTES", 100)

    with pytest.raises(Invalid, match="too much for one PDF"):
        requested()


def test_two_who_ask_at_once_get_one_file(committed_db: None) -> None:
    together(requested, requested)

    assert PdfFile.objects.count() == 1


def test_two_workers_make_a_file_once(committed_db: None) -> None:
    requested()

    tried = together(actions.make_waiting, actions.make_waiting)

    assert sorted(tried) == [0, 1]
