"""Files pass a virus scanner before anybody can download them, where one is set."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.access import viewer_for
from common.errors import WrongState
from common.files.actions import store
from common.files.models import StoredFile
from common.files.responses import download
from common.files.scanning import scan_waiting
from common.search.files import kinds, read_next
from common.search.queries import query
from members.people.models import Person
from notifications.fan_out import fan_out_waiting
from notifications.models import Notification
from tests.factories.files import attached
from workinggroups.discussion.actions import start_topic
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db

VIRUS = b"bad bytes"


class Scanner(threading.Thread):
    """Speaks as much of clamd's protocol as files are scanned with, and counts what it saw."""

    def __init__(self, limit: int = 10**9) -> None:
        super().__init__(daemon=True)
        self.limit, self.seen = limit, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                connection.sendall(self._judged(stream) + b"\0")

    def _judged(self, stream: Any) -> bytes:
        content = b""
        while size := int.from_bytes(stream.read(4), "big"):
            content += stream.read(size)
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen += 1
        return b"stream: Test.Virus FOUND" if VIRUS in content else b"stream: OK"


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scanner(settings: Any, files: None) -> Iterator[Scanner]:
    started = Scanner()
    started.start()
    settings.CLAMD_URL = started.url
    yield started
    started.socket.close()


def stored(content: bytes = b"good bytes") -> StoredFile:
    return store(upload=SimpleUploadedFile("notes.txt", content), owner_uuid=None)


def scanned(file: StoredFile) -> StoredFile:
    scan_waiting()
    file.refresh_from_db()
    return file


def found_files(reader: Person, words: str) -> list[str]:
    results = query(viewer_for(reader.pk), words, kinds=kinds())
    return [hit.plain_title for hit in results.hits]


def served(file: StoredFile) -> int:
    response = download(file)
    for close in response._resource_closers:  # the answer's own would end the test's connection
        close()
    return response.status_code


def test_a_file_is_served_once_the_scanner_found_nothing(scanner: Scanner) -> None:
    file = stored()
    with pytest.raises(WrongState, match="still being checked"):
        download(file)

    assert served(scanned(file)) == 200
    assert scan_waiting() == 0


def test_a_file_with_a_virus_is_never_served(scanner: Scanner, settings: Any) -> None:
    file = scanned(stored(b"." * 200_000 + VIRUS))

    assert file.scan_finding == "Test.Virus"
    settings.CLAMD_URL = ""
    with pytest.raises(WrongState, match="We found a virus"):
        download(file)


def test_files_wait_while_the_scanner_is_away(scanner: Scanner, settings: Any) -> None:
    settings.CLAMD_URL = "unix:///nonexistent/clamd"
    file = scanned(stored())
    with pytest.raises(WrongState):
        download(file)

    settings.CLAMD_URL = scanner.url
    StoredFile.objects.update(scan_due_at=None)
    assert served(scanned(file)) == 200


def test_a_file_that_the_scanner_refuses_holds_up_no_other(scanner: Scanner) -> None:
    scanner.limit = 100_000
    large, small = stored(b"." * 300_000), stored()

    assert scanned(large).scan == "waiting"
    assert scanned(small).scan == "clean"


def test_an_answer_before_the_end_of_a_file_makes_nothing_clean(settings: Any, files: None) -> None:
    """As a scanner that is being stopped gives it, or something else at its address."""
    hasty = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD_URL = f"tcp://127.0.0.1:{hasty.getsockname()[1]}"

    def answer() -> None:
        connection, _address = hasty.accept()
        connection.recv(10)
        connection.sendall(b"stream: OK\0")
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    file = scanned(stored(b"." * 20_000_000))
    thread.join(10)
    hasty.close()

    assert file.scan == "waiting"


def test_without_a_scanner_files_are_served_and_later_ones_scan_them_too(
    files: None, settings: Any
) -> None:
    file = stored()
    assert scan_waiting() == 0
    assert served(file) == 200

    later = Scanner()
    later.start()
    settings.CLAMD_URL = later.url
    assert served(file) == 200
    assert scanned(file).scan == "clean"
    later.socket.close()


def test_staff_and_uploader_hear_of_a_virus_and_a_reader_is_told_why(
    scanner: Scanner, member: Person, staff: Person, group: Group, client_of: Any
) -> None:
    topic = start_topic(actor=member, group=group, title="Data", source="Where from?")
    file = attached(member, "topic", topic.uuid, name="notes.txt", content=VIRUS)
    scan_waiting()
    fan_out_waiting()

    notified = Notification.objects.filter(event__kind="virus_found", channel="inbox")
    assert {notification.person for notification in notified} == {member, staff}
    browser: Client = client_of(member)
    assert "A virus was found in notes.txt" in browser.get("/inbox/").content.decode()
    assert browser.get(file.get_absolute_url()).status_code == 409
    inbox = client_of(staff).get("/inbox/").content.decode()
    assert "A virus was found in a file of a group" in inbox
    assert "notes.txt" not in inbox
    listed = client_of(staff).get("/staff/files/?show=infected").content.decode()
    assert "Test.Virus" in listed
    assert "Nobody can download them" in listed


def test_search_knows_no_words_of_a_file_before_the_scanner_has_seen_it(
    scanner: Scanner, member: Person, group: Group
) -> None:
    topic = start_topic(actor=member, group=group, title="Data", source="Where from?")
    attached(member, "topic", topic.uuid, name="notes.txt", content=b"quagga")
    attached(member, "topic", topic.uuid, name="ferret.txt", content=b"quagga " + VIRUS)

    assert not read_next()
    scan_waiting()
    while read_next():
        pass

    assert found_files(member, "quagga") == ["notes.txt"]
    assert found_files(member, '"ferret.txt"') == ["ferret.txt"]


def test_search_forgets_the_words_of_a_file_in_which_a_virus_is_found_later(
    files: None, settings: Any, member: Person, group: Group
) -> None:
    topic = start_topic(actor=member, group=group, title="Data", source="Where from?")
    attached(member, "topic", topic.uuid, name="notes.txt", content=b"quagga " + VIRUS)
    assert read_next()
    assert found_files(member, "quagga") == ["notes.txt"]

    later = Scanner()
    later.start()
    settings.CLAMD_URL = later.url
    scan_waiting()
    later.socket.close()

    assert found_files(member, "quagga") == []
    assert found_files(member, "notes.txt") == ["notes.txt"]


def test_admin_says_whether_uploads_are_scanned(
    staff: Person, client_of: Any, settings: Any
) -> None:
    browser, infected = client_of(staff), "/staff/files/?show=infected"
    assert "Uploads are not scanned" in browser.get("/staff/").content.decode()
    assert "uploads are not scanned" in browser.get(infected).content.decode()

    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    assert "Uploads are scanned by clamd" in browser.get("/staff/").content.decode()
    assert "No viruses found" in browser.get(infected).content.decode()
