"""The request buffering gateway of a web process.

Pages are ordinary WSGI, with a few threads in each process. The gateway keeps slow clients away from
these threads on both sides: it reads a whole body before it uses a thread, and buffers a whole answer
(in memory, in a temporary file, or as an open file) before it sends it. Cached public pages are
answered without a thread. WebSockets are refused.
"""

import asyncio
import contextvars
import io
import itertools
import logging
import os
import urllib.parse
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile, _TemporaryFileWrapper
from typing import IO, Any

from a2wsgi.wsgi import build_environ
from django.core.files import File

from alliance.server.gateway import request_body
from alliance.server.gateway.answers import Answer, Scope
from alliance.server.gateway.page_cache import PageCache, unconditional
from alliance.server.gateway.request_body import Body, Gone, Limits, Message, Receive, Refused
from common.disk import is_disk_full
from common.http.public_pages import PUBLIC_PAGE

Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
Pages = Callable[[Environ, StartResponse], Iterable[bytes]]

logger = logging.getLogger("alliance.gateway")

# Answers up to this many bytes are buffered in memory, longer ones in a temporary file.
ANSWER_MEMORY_BYTES = 512 * 1024
PIECE_BYTES = 64 * 1024
# A reader who accepts no byte for so long is gone.
SEND_STALL_SECONDS = 60
# How many requests can wait for a thread of one process before others are answered by 503: two
# thousand visitors at the same moment are all answered, whichever process has them.
WAITING_REQUESTS = 2000
# The key of a request's environment with the status of a body that the gateway refused. No header can
# set it: those begin with HTTP_.
REFUSED = "alliance.refused"
# Answers without a body and without Content-Length.
NO_LENGTH = {204, 304}
# The WebSocket close code (4000–4999 are for applications): no address takes WebSockets.
NO_SUCH_SOCKET = 4404


class FileHandover:
    """The iterable that a page returns when its answer is an open file (PEP 3333)."""

    def __init__(self, file: IO[bytes], block_size: int = PIECE_BYTES) -> None:
        self.file = file
        self.block_size = block_size

    def __iter__(self) -> "FileHandover":
        return self

    def __next__(self) -> bytes:
        piece = self.file.read(self.block_size)
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        self.file.close()

    def detached(self) -> IO[bytes] | None:
        """Return the open file under a descriptor of its own; None when it is not a plain file.

        The page's descriptor can then be closed at once, in its thread, as Django expects. A reader
        that changes the bytes (such as gzip) is not a plain file.
        """
        file: object = self.file
        while isinstance(file, File | SpooledTemporaryFile | _TemporaryFileWrapper):
            file = file._file if isinstance(file, SpooledTemporaryFile) else file.file
        if not isinstance(file, io.BufferedReader | io.BufferedRandom | io.FileIO):
            return None
        own = os.fdopen(os.dup(file.fileno()), "rb")
        own.seek(file.tell())  # the reader may have buffered ahead of its own position
        return own


class BufferingGateway:
    """The ASGI application that a web process serves."""

    def __init__(
        self, pages: Pages, *, threads: int, limits: Limits, page_cache: PageCache | None = None
    ) -> None:
        self.pages = pages
        self.limits = limits
        self.page_cache = page_cache
        # The threads live as long as the process, and each keeps its database connection.
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": NO_SUCH_SOCKET})
        elif scope["type"] == "http":
            await self.serve(scope, receive, send)
        else:
            raise NotImplementedError(scope["type"])

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self.page_cache.key_of(scope) if self.page_cache is not None else None
        if self.page_cache is not None and key is not None:
            whole = environment(unconditional(scope), None, 0)
            answer = await self.page_cache.answer(scope, key, lambda: self.ask_pages(dict(whole)))
            await send_answer(scope, answer, send)
            return
        body = None
        refused = 0
        try:
            body = await request_body.read(scope["headers"], receive, self.limits)
        except Refused as refusal:
            refused = refusal.status
        except Gone:
            return
        try:
            answer = await self.ask_pages(environment(scope, body, refused))
        finally:
            if body is not None:
                body.close()
        if refused:  # the client can still be sending the rest of the body
            answer.headers.append((b"connection", b"close"))
        try:
            await send_answer(scope, answer, send)
        finally:
            if answer.file is not None:
                answer.file.close()

    async def ask_pages(self, environ: Environ) -> Answer:
        """Return the answer of the pages, made in a thread; 503 when too many requests wait."""
        if self.waiting >= WAITING_REQUESTS:
            return OVERLOADED
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        self.waiting += 1
        try:
            return await loop.run_in_executor(self.threads, context.run, self.answer, environ)
        finally:
            self.waiting -= 1

    def answer(self, environ: Environ) -> Answer:
        """Run the pages and buffer the answer. Called in a page thread."""
        answer = Answer()

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], object]:
            answer.status = int(status.split(" ", 1)[0])
            answer.headers = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]
            return lambda piece: None

        try:
            chunks = self.pages(environ, start_response)
            try:
                if isinstance(chunks, FileHandover):
                    answer.file = chunks.detached()
                if answer.file is None:
                    buffer(chunks, answer)
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
        except Exception as error:
            if is_disk_full(error):
                logger.error("The disk is full: an answer could not be buffered.")
                return DISK_FULL
            # An error that Django could not answer.
            logger.exception("The pages failed.")
            return Answer(500, [(b"content-type", b"text/plain")], b"Internal Server Error")
        answer.route = environ.get(PUBLIC_PAGE)
        return answer


DISK_FULL = Answer(
    507,
    [(b"content-type", b"text/plain"), (b"retry-after", b"300")],
    b"Our disk is full. Try again later.",
)
OVERLOADED = Answer(
    503,
    [(b"content-type", b"text/plain"), (b"retry-after", b"5")],
    b"The site is very busy right now. Try again in a few seconds.",
)


def environment(scope: Scope, body: Body | None, refused: int) -> Environ:
    """Return the WSGI environment of a request whose body is complete.

    Header names with an underscore are dropped: `X_Forwarded_For` would be taken for the real header.
    """
    raw_path = scope.get("raw_path") or urllib.parse.quote(scope["path"]).encode()
    plain: Any = {
        **scope,
        "headers": [pair for pair in scope["headers"] if b"_" not in pair[0]],
    }
    file: Any = body.file if body else io.BytesIO()
    environ: Environ = dict(build_environ(plain, file))
    # From the raw bytes, so that a path that is not UTF-8 is recognized.
    environ["PATH_INFO"] = urllib.parse.unquote_to_bytes(raw_path).decode("latin-1")
    environ["wsgi.file_wrapper"] = FileHandover
    # A chunked body has become an ordinary one.
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.pop("CONTENT_LENGTH", None)
    if body is not None:
        environ["CONTENT_LENGTH"] = str(body.size)
    if refused:
        environ[REFUSED] = refused
    return environ


def buffer(chunks: Iterable[bytes], answer: Answer) -> None:
    """Buffer the body: one chunk as it is, several in a file that moves to disk when it grows."""
    pieces = iter(chunks)
    answer.body = next(pieces, b"")
    size = len(answer.body)
    second = next(pieces, None)
    if second is not None:
        file = SpooledTemporaryFile[bytes](max_size=ANSWER_MEMORY_BYTES)
        try:
            for piece in itertools.chain((answer.body, second), pieces):
                file.write(piece)
        except BaseException:
            file.close()
            raise
        size = file.tell()
        file.seek(0)
        answer.body, answer.file = b"", file
    if answer.status not in NO_LENGTH and not any(
        n == b"content-length" for n, _ in answer.headers
    ):
        answer.headers.append((b"content-length", str(size).encode()))


async def send_answer(scope: Scope, answer: Answer, send: Send) -> None:
    """Send at the reader's pace; stop when the reader has stopped reading."""
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    if answer.file is None or scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": answer.body})
        return
    loop = asyncio.get_running_loop()
    more = True
    while more:
        piece = await loop.run_in_executor(None, answer.file.read, PIECE_BYTES)
        more = len(piece) == PIECE_BYTES
        try:
            async with asyncio.timeout(SEND_STALL_SECONDS):
                await send({"type": "http.response.body", "body": piece, "more_body": more})
        except TimeoutError:
            logger.info("A reader stopped reading: the answer was cut off.")
            return
