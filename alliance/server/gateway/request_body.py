"""Reading a request's body before a page thread is taken, and never more of it than allowed.

A slow sender costs one open file, not one of the few threads that answer pages: with fifty stalled
uploads and one thread the other pages go on.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any

from common.disk import is_disk_full

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Headers = Iterable[tuple[bytes, bytes]]

# Bodies up to this many bytes wait in memory, longer ones in a temporary file.
MEMORY_BYTES = 64 * 1024
# How much of a refused body is read and thrown away, as a multiple of what is allowed: a browser
# shows our answer only after it has sent its body, and a broken connection otherwise.
DRAIN_FACTOR = 4


class Refused(Exception):
    """The body is not taken; `status` is the HTTP answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The client left before its body was complete."""


@dataclass
class Limits:
    """What a body may cost. Bytes and seconds."""

    max_bytes: int
    # Longest silence between two pieces.
    idle_seconds: float = 20
    # Longest time for the whole body: 26 MB over a line of 1 Mbit/s and a little more.
    total_seconds: float = 300
    # Bodies in temporary files at a time, in one process.
    spooled_at_once: int = 200
    spooled_now: int = field(default=0, init=False)


class Body:
    """One request's body as a file, for the time of the request."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.file = SpooledTemporaryFile[bytes](max_size=MEMORY_BYTES)
        self.size = 0
        self.spooled = False

    def write(self, piece: bytes) -> None:
        """Raises Refused: 413 beyond the size, 503 when too many bodies wait on disk already, 507
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
    """Content-Length, or None where there is none. Raises Refused(400) for anything unclear."""
    lengths = {value for name, value in headers if name == b"content-length"}
    if not lengths:
        return None
    if len(lengths) > 1 or not (value := lengths.pop()).isdigit() or len(value) > 18:
        raise Refused(400)
    return int(value)


async def read(headers: Headers, receive: Receive, limits: Limits) -> Body | None:
    """The whole body, or None for a request that has none.

    Raises Refused (400, 408, 413, 503 or 507) or Gone. The caller closes what it gets.
    """
    headers = list(headers)
    length = declared_length(headers)
    encodings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    chunked = bool(encodings)
    # A coding that nobody here undoes would make compressed bytes pass as the body itself.
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
    """Read on for a while and forget it, so that the sender comes to hear the answer."""
    allowance = limits.max_bytes * DRAIN_FACTOR
    more = True
    while more and allowance > 0:
        try:
            piece, more = await next_piece(receive, limits, deadline)
        except Refused:
            return
        allowance -= len(piece)
