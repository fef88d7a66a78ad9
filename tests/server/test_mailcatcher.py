"""The development mailbox, spoken to as a mail program would."""

import email
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.server.running import ROOT, eventually


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "alliance.server.mailcatcher",
                str(listener.fileno()),
                str(tmp_path / "mailbox"),
            ],
            cwd=ROOT,
            pass_fds=[listener.fileno()],
        )
        number = listener.getsockname()[1]

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", number)) == 0

        eventually(listens, "the mailbox listens", 10)
        yield int(number)
        process.terminate()
        assert process.wait(10) == 0


def test_each_mail_is_kept_whole(port: int, tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Tāmaki"
    message["From"] = "a@example.org"
    message["To"] = "b@example.org"
    message.set_content("Kia ora.\n.a line with a dot\n")

    with smtplib.SMTP("127.0.0.1", port) as relay:
        for _ in range(3):
            relay.send_message(message, to_addrs=["b@example.org", "hidden@example.org"])

    kept = sorted((tmp_path / "mailbox").glob("*.eml"))
    assert [path.stem.split("-")[1] for path in kept] == ["1", "2", "3"]
    found = email.message_from_bytes(kept[0].read_bytes(), policy=message.policy)
    assert found["Subject"] == "Tāmaki"
    assert found["X-Envelope-To"] == "b@example.org, hidden@example.org"
    assert found.get_content().splitlines() == message.get_content().splitlines()


def test_a_mail_beyond_the_limit_is_refused(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as relay, pytest.raises(smtplib.SMTPException):
        relay.sendmail("a@example.org", ["b@example.org"], b"x" * 31 * 1024 * 1024)
