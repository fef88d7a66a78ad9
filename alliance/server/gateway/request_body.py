"""Reading the body of a request before it gets a page thread, and no more of it than allowed.

A slow sender costs one open file, not one of the few threads that answer pages: with fifty stalled
uploads and one thread, all other pages are still served.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile

from alliance.server.gateway.answers import Scope
from common.disk import is_disk_full

Message = Scope
Receive = Callable[[], Awaitable[Message]]
Headers = Iterable[tuple[bytes, bytes]]

# Bodies up to this many bytes are buffered in memory, longer ones in a temporary file.
MEMORY_BYTES = 64 * 1024
# How much of a refused body is read and discarded, as a multiple of the limit: a browser shows our
# answer only after it has sent its body, and an error otherwise.
DRAIN_FACTOR = 4


class Refused(Exception):
    """The body is refused; `status` is the HTTP status of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The client disconnected before its body was complete."""


@dataclass
class Limits:
    """The limits of a body, in bytes and seconds."""

    max_bytes: int
    # The longest wait between two pieces.
    idle_seconds: float = 20
    # The longest time for the whole body: enough for 26 MB at 1 Mbit/s.
    total_seconds: float = 300
    # The most bodies in temporary files at a time, in one process.
    spooled_at_once: int = 200
    spooled_now: int = field(default=0, init=False)


class Body:
    """The body of a request as a file, for the time of the request."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.file = SpooledTemporaryFile[bytes](max_size=MEMORY_BYTES)
        self.size = 0
        self.spooled = False

    def write(self, piece: bytes) -> None:
        """Add a piece. Raises Refused: 413 above the limit, 503 when too many bodies are on disk, 507
        when the disk is full.
        """
        if self.size + len(piece) > self.limits.max_bytes:
            raise Refused(413)
        if not self.spooled and self.size + len(piece) > MEMORY_BYTES:
            if self.limits.spooled_now >= self.limits.spooled_at_once:
                raise Refused(503)
            self.limits.spooled_now += 1
            self.spooled = True
        try:
            self.file.write(piece)
        except OSError as error:
            if not is_disk_full(error):
                raise
            raise Refused(507) from None
        self.size += len(piece)

    def close(self) -> None:
        self.file.close()
        if self.spooled:
            self.spooled = False
            self.limits.spooled_now -= 1


def declared_length(headers: Headers) -> int | None:
    """Return Content-Length, or None without one. Raises Refused(400) for an unclear value."""
    lengths = {value for name, value in headers if name == b"content-length"}
    if not lengths:
        return None
    if len(lengths) > 1 or not (value := lengths.pop()).isdigit() or len(value) > 18:
        raise Refused(400)
    return int(value)


async def read(headers: Headers, receive: Receive, limits: Limits) -> Body | None:
    """Read the whole body; return None for a request without a body.

    Raises Refused (400, 408, 413, 503 or 507) or Gone. The caller closes the body.
    """
    headers = list(headers)
    length = declared_length(headers)
    encodings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    chunked = bool(encodings)
    # With an encoding that we do not decode, compressed bytes would be taken for the body.
    if (chunked and encodings != [b"chunked"]) or (length is not None and chunked):
        raise Refused(400)
    if not length and not chunked:
        return None
    deadline = time.monotonic() + limits.total_seconds
    waiting = any(name == b"expect" for name, value in headers)
    if length is not None and length > limits.max_bytes:
        if not waiting:
            await drain(receive, limits, deadline)
        raise Refused(413)
    body = Body(limits)
    try:
        while True:
            piece, more = await next_piece(receive, limits, deadline)
            body.write(piece)
            if not more:
                break
    except Refused as refused:
        body.close()
        if refused.status in {413, 507}:
            await drain(receive, limits, deadline)
        raise
    except BaseException:
        body.close()
        raise
    body.file.seek(0)
    return body


async def next_piece(receive: Receive, limits: Limits, deadline: float) -> tuple[bytes, bool]:
    patience = min(limits.idle_seconds, deadline - time.monotonic())
    try:
        async with asyncio.timeout(max(patience, 0)):
            message = await receive()
    except TimeoutError:
        raise Refused(408) from None
    if message["type"] == "http.disconnect":
        raise Gone
    return message.get("body", b""), message.get("more_body", False)


async def drain(receive: Receive, limits: Limits, deadline: float) -> None:
    """Read and discard the rest for a while, so that the sender reads the answer."""
    allowance = limits.max_bytes * DRAIN_FACTOR
    more = True
    while more and allowance > 0:
        try:
            piece, more = await next_piece(receive, limits, deadline)
        except Refused:
            return
        allowance -= len(piece)
