"""Slow, broken and hostile clients against a real web server with one page thread."""

import contextlib
import io
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from alliance.server.gateway.buffering import BufferingGateway, Environ, StartResponse
from alliance.server.gateway.request_body import Limits
from tests.server.running import eventually

MAX_BYTES = 1_000_000
BIG = 8_000_000


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    """What the pages see of a request."""
    wanted = ("REMOTE_ADDR", "QUERY_STRING", "CONTENT_LENGTH", "HTTP_X_FORWARDED_FOR")
    seen: dict[str, Any] = {name: request.META.get(name) for name in wanted}
    seen |= {"path": request.path, "size": len(request.body), "thread": threading.get_ident()}
    return HttpResponse(json.dumps(seen), content_type="application/json")


def big_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * BIG)


def big_stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(b"y" * 100_000 for _ in range(BIG // 100_000))


def file(request: HttpRequest) -> FileResponse:
    """A file that was looked into before it is sent, as a check of its type does."""
    opened = open(request.META["file"], "rb")  # noqa: SIM115
    opened.read(10)
    opened.seek(0)
    return FileResponse(opened)


def memory_file(request: HttpRequest) -> FileResponse:
    return FileResponse(io.BytesIO(b"z" * 300_000))


urlpatterns = [
    path("echo", echo),
    path("écho", echo),
    path("big", big_page),
    path("stream", big_stream),
    path("file", file),
    path("memory", memory_file),
]


class Server:
    """A uvicorn in a thread; how to speak with it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect(self, receive_bytes: int = 0) -> socket.socket:
        connection = socket.socket()
        if receive_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def ask(self, head: str, body: bytes = b"") -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer; the connection is closed by the server."""
        with self.connect() as connection:
            connection.sendall(request(head) + body)
            return answer_on(connection)

    def echo(self, head: str, body: bytes = b"") -> dict[str, Any]:
        status, _, content = self.ask(head, body)
        assert status == 200
        seen = json.loads(content)
        assert isinstance(seen, dict)
        return seen


def request(head: str) -> bytes:
    first, *more = head.split("\n")
    lines = [f"{first} HTTP/1.1", "Host: testserver", "Connection: close", *more, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def answer_on(connection: socket.socket) -> tuple[int, bytes, bytes]:
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 20):
            received += piece
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    return int(head.split()[1]), head.lower(), body


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    found = tmp_path / "sample"
    found.write_bytes(os.urandom(300_001))
    return found


@pytest.fixture
def server(settings: Any, sample: Path) -> Iterator[Server]:
    settings.ROOT_URLCONF = __name__
    handler = WSGIHandler()

    def pages(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return handler({**environ, "file": str(sample)}, start_response)

    limits = Limits(MAX_BYTES, idle_seconds=1.5, total_seconds=4)
    with serving(BufferingGateway(pages, threads=1, limits=limits)) as started:
        yield started


@contextlib.contextmanager
def serving(gateway: BufferingGateway) -> Iterator[Server]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            gateway, lifespan="off", ws="none", log_config=None, access_log=False
        )
        config.proxy_headers = False
        web = uvicorn.Server(config)
        thread = threading.Thread(target=web.run, kwargs={"sockets": [listener]}, daemon=True)
        port = listener.getsockname()[1]
        thread.start()
        eventually(lambda: web.started, "the server listens", 20)
        try:
            yield Server(port)
        finally:
            web.should_exit = web.force_exit = True
            thread.join(20)
            assert not thread.is_alive(), "The server did not end."
            gateway.threads.shutdown(wait=False, cancel_futures=True)


def seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_body_in_a_coding_that_nobody_undoes_is_refused(server: Server) -> None:
    with server.connect() as client:
        head = "POST /echo\nTransfer-Encoding: gzip, chunked"
        client.sendall(request(head) + b"3\r\nabc\r\n0\r\n\r\n")

        status, _, _ = answer_on(client)

    assert status == 400


# --- slow clients -------------------------------------------------------------------------------


def test_pages_go_on_while_fifty_uploads_stall(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(50):
            stalled = stack.enter_context(server.connect())
            stalled.sendall(request("POST /echo\nContent-Length: 500000") + b"a" * 100_000)

        slowest = max(seconds(lambda: server.echo("GET /echo")) for _ in range(10))

    assert slowest < 1


def test_a_stalled_upload_is_told_and_let_go(server: Server) -> None:
    with server.connect() as stalled:
        stalled.sendall(request("POST /echo\nContent-Length: 500000") + b"a" * 100_000)

        status, head, _ = answer_on(stalled)

    assert status == 408
    assert b"connection: close" in head


def test_a_trickled_upload_has_a_last_moment(server: Server) -> None:
    with server.connect() as trickle:
        trickle.sendall(request("POST /echo\nContent-Length: 500000"))
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 8:
                trickle.sendall(b"a")
                time.sleep(0.2)
                trickle.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    if trickle.recv(1, socket.MSG_PEEK):
                        break
                trickle.settimeout(5)
        trickle.settimeout(5)

        status, _, _ = answer_on(trickle)

    assert status == 408
    assert time.monotonic() - began < 7


@pytest.mark.parametrize("page", ["/big", "/stream", "/file"])
def test_pages_go_on_while_readers_are_slow(server: Server, page: str) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            slow = stack.enter_context(server.connect(receive_bytes=4096))
            slow.sendall(request(f"GET {page}"))
            assert slow.recv(15) == b"HTTP/1.1 200 OK"

        slowest = max(seconds(lambda: server.echo("GET /echo")) for _ in range(10))

    assert slowest < 1


def test_a_slow_reader_gets_every_byte(server: Server) -> None:
    with server.connect(receive_bytes=65536) as slow:
        slow.sendall(request("GET /stream"))
        received = b""
        while piece := slow.recv(200_000):
            received += piece
            time.sleep(0.002)

    head, _, body = received.partition(b"\r\n\r\n")
    assert body == b"y" * BIG
    assert f"content-length: {BIG}".encode() in head


# --- bodies -------------------------------------------------------------------------------------


def test_a_chunked_body_arrives_with_its_length(server: Server) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (70_000, b"a" * 70_000) for _ in range(3)) + b"0\r\n\r\n"

    seen = server.echo("POST /echo\nTransfer-Encoding: chunked", body)

    assert (seen["size"], seen["CONTENT_LENGTH"]) == (210_000, "210000")


@pytest.mark.parametrize("size", [1, 65_536, 65_537, MAX_BYTES])
def test_a_body_arrives_whole(server: Server, size: int) -> None:
    assert server.echo(f"POST /echo\nContent-Length: {size}", b"a" * size)["size"] == size


def test_a_body_beyond_the_limit_is_refused_in_words(server: Server) -> None:
    status, _, page = server.ask(
        f"POST /echo\nContent-Length: {MAX_BYTES + 1}", b"a" * (MAX_BYTES + 1)
    )

    assert status == 413
    assert b"a file at most 25 MB" in page


def test_a_refused_upload_can_be_announced_before_it_is_sent(server: Server) -> None:
    status, _, _ = server.ask("POST /echo\nExpect: 100-continue\nContent-Length: 999999999")

    assert status == 413


def test_a_chunked_body_beyond_the_limit_is_refused(server: Server) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (99_999, b"a" * 99_999) for _ in range(12)) + b"0\r\n\r\n"

    status, _, _ = server.ask("POST /echo\nTransfer-Encoding: chunked", body)

    assert status == 413


def test_the_api_is_refused_as_a_problem(server: Server) -> None:
    status, head, body = server.ask(
        "POST /api/v1/anything/\nExpect: 100-continue\nContent-Length: 999999999"
    )

    assert status == 413
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == 413


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: -1",
        "Content-Length: +5",
        "Content-Length: five",
        "Content-Length: 5\nContent-Length: 6",
        "Content-Length: 5\nTransfer-Encoding: chunked",
    ],
)
def test_an_unclear_length_is_400(server: Server, headers: str) -> None:
    status, _, _ = server.ask(f"POST /echo\n{headers}", b"aaaaa")

    assert status == 400


def test_too_many_bodies_on_disk_are_asked_to_come_later() -> None:
    limits = Limits(MAX_BYTES, spooled_at_once=2)
    with (
        serving(BufferingGateway(WSGIHandler(), threads=1, limits=limits)) as server,
        ExitStack() as stack,
    ):
        for _ in range(2):
            waiting = stack.enter_context(server.connect())
            waiting.sendall(request("POST /x\nContent-Length: 500000") + b"a" * 100_000)
        eventually(lambda: limits.spooled_now == 2, "both bodies are on disk", 20)

        status, head, _ = server.ask("POST /x\nContent-Length: 100000", b"a" * 100_000)
        small, _, _ = server.ask("GET /x\nContent-Length: 10", b"a" * 10)

    assert status == 503
    assert b"retry-after: 60" in head
    assert small == 404


# --- what reaches the pages ------------------------------------------------------------------------


def test_a_header_with_an_underscore_does_not_pass_for_another(server: Server) -> None:
    seen = server.echo("GET /echo\nX_Forwarded_For: 1.2.3.4")

    assert seen["HTTP_X_FORWARDED_FOR"] is None
    assert seen["REMOTE_ADDR"] == "127.0.0.1"


def test_a_claimed_address_is_not_believed(server: Server) -> None:
    assert server.echo("GET /echo\nX-Forwarded-For: 1.2.3.4")["REMOTE_ADDR"] == "127.0.0.1"


def test_a_path_is_read_as_utf8(server: Server) -> None:
    assert server.echo("GET /%C3%A9cho")["path"] == "/écho"


@pytest.mark.parametrize("bad", ["/%FF", "/%00", "/%ED%A0%80", "/echo?a=%00", "/echo?q=é"])
def test_bytes_that_are_no_text_are_the_senders_mistake(server: Server, bad: str) -> None:
    status, _, _ = server.ask(f"GET {bad}")

    assert status in {400, 404}


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "a b", "", "[::"])
def test_a_foreign_host_is_400(server: Server, host: str) -> None:
    with server.connect() as connection:
        head = f"GET /echo HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())

        status, _, _ = answer_on(connection)

    assert status == 400


# --- answers ------------------------------------------------------------------------------------


def test_a_file_is_sent_byte_for_byte(server: Server, sample: Path) -> None:
    status, head, body = server.ask("GET /file")

    assert status == 200
    assert body == sample.read_bytes()
    assert b"content-length: 300001" in head


def test_a_file_from_memory_is_sent(server: Server) -> None:
    assert server.ask("GET /memory")[2] == b"z" * 300_000


def test_head_has_no_body(server: Server) -> None:
    status, head, body = server.ask("HEAD /file")

    assert (status, body) == (200, b"")
    assert b"content-length: 300001" in head


def test_one_thread_answers_and_so_keeps_its_database_connection(server: Server) -> None:
    threads = {server.echo("GET /echo")["thread"] for _ in range(5)}

    assert len(threads) == 1


def test_pages_that_fail_entirely_are_500(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        raise RuntimeError

    with serving(BufferingGateway(broken, threads=1, limits=Limits(MAX_BYTES))) as server:
        status, _, _ = server.ask("GET /")

    assert status == 500
