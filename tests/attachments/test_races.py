"""Files that come while a group closes its content: nobody reads them who may not."""

import threading
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from common.access import Level
from common.search.files import index_files
from common.search.models import FileText, SearchEntry
from tests import factories
from tests.committed import together
from tests.factories.files import attached
from tests.groups.test_creating import edit
from workinggroups.attachments.actions import attach
from workinggroups.attachments.models import Attachment

# Longer than one part of an entry: parts that nobody has seen yet are written beside the first.
WORDS = "quagga " * 4000


def while_open(act: Callable[[], Any], group: Any, chair: Any) -> list[Any]:
    """Close the content of the group after `act` was done and before it is committed."""
    is_done = threading.Event()

    def acting() -> None:
        try:
            with transaction.atomic():
                act()
                is_done.set()
                threading.Event().wait(0.5)
        finally:
            is_done.set()

    def closing() -> None:
        is_done.wait(10)
        edit(chair, group, content="members")

    return together(acting, closing)


def levels(rows: Any) -> set[int]:
    return set(rows.values_list("level", flat=True))


def test_file_that_is_added_while_content_closes_is_closed_too(
    committed_db: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    chair = factories.member_of(factories.organization("Aurora Labs"), "Chiara Chair")
    group = factories.group("Races", preset="open", chair=chair)
    meeting = factories.meeting(group)
    upload = SimpleUploadedFile("words.txt", WORDS.encode())

    def adding() -> None:
        attach(actor=chair, kind="meeting", uuid=meeting.uuid, upload=upload)

    assert while_open(adding, group, chair) == [None, None]
    assert levels(Attachment.objects) == {Level.MEMBERS}
    assert levels(SearchEntry.objects.filter(kind="attachment_file")) == {Level.MEMBERS}


def test_words_that_are_indexed_while_content_closes_are_closed_too(
    committed_db: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    chair = factories.member_of(factories.organization("Aurora Labs"), "Chiara Chair")
    group = factories.group("Races", preset="open", chair=chair)
    meeting = factories.meeting(group)
    file = attached(chair, "meeting", meeting.uuid, "words.txt", WORDS.encode())
    FileText.objects.filter(stored=file.stored).update(text=WORDS)

    assert while_open(lambda: index_files([file.stored_id], is_new_text=True), group, chair) == [
        None,
        None,
    ]
    entries = SearchEntry.objects.filter(kind="attachment_file")
    assert entries.count() > 1
    assert levels(entries) == {Level.MEMBERS}
