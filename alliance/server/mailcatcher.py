"""The development mailbox: an SMTP server that stores each mail of the platform as a file.

    python -m alliance.server.mailcatcher SOCKET FOLDER

SOCKET is the descriptor of a bound socket on the loopback address. Each message becomes
`<nanoseconds since 1970>-<n>.eml` in FOLDER, complete or not at all.
"""

import asyncio
import itertools
import os
import signal
import socket
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MAX_BYTES = 30 * 1024 * 1024


class Mailbox:
    """The handler that aiosmtpd calls for each message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store the message below the addresses of its envelope, which a Bcc does not show."""
        name = f"{time.time_ns()}-{next(self.numbers)}.eml"
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        partial = self.folder / f".{name}"
        # Bytes, since the server below does not decode.
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        partial.write_bytes(head.encode("utf-8", "replace") + content)
        os.replace(partial, self.folder / name)
        return "250 Stored"


async def serve(listener: socket.socket, folder: Path) -> None:
    """Accept mail until SIGTERM."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mailbox = Mailbox(folder)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)

    def session() -> SMTP:
        return SMTP(mailbox, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, hostname="localhost")

    server = await loop.create_server(session, sock=listener)
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
