"""A sender in a process of its own, to be paused and killed.

    python -m tests.mail.sending DIE_AFTER LEASE_SECONDS

Reads DATABASE_URL and EMAIL_URL and sends what is due. It kills itself when the relay has taken
DIE_AFTER mails, before the last is written down; 0 is never.
"""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from common.mail.choices import LEASE_SECONDS

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def sending(
    database: str, port: int, *, die_after: int = 0, lease_seconds: int = LEASE_SECONDS
) -> Iterator[subprocess.Popen[bytes]]:
    """Such a process on this database, talking to the relay on `port`; it ends with the block."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mail.sending", str(die_after), str(lease_seconds)],
        cwd=ROOT,
        env=environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def die_after(takes: int) -> None:
    """The kill falls between the relay's "250" and our commit."""
    from django.core.mail.backends.smtp import EmailBackend

    taken = itertools.count(1)
    send = EmailBackend.send_messages

    def send_and_die(self: EmailBackend, messages: Any) -> int:
        count = send(self, messages)
        if next(taken) == takes:
            os.kill(os.getpid(), signal.SIGKILL)
        return count

    EmailBackend.send_messages = send_and_die  # type: ignore[method-assign, assignment]


def main() -> None:
    import django

    django.setup()
    from common.mail import deliver, registry
    from tests.mail.conftest import words

    registry.register("test", words)
    die_after(int(sys.argv[1]))
    deliver.LEASE_SECONDS = int(sys.argv[2])
    deliver.LEASE_RESERVE_SECONDS = deliver.LEASE_SECONDS // 4
    deliver.deliver_due()


if __name__ == "__main__":
    main()
