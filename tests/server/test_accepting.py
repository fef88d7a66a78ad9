"""Connections on which nothing moves do not keep others out."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from alliance.server import accepting
from alliance.server.shares import Share, make_page
from tests.server.running import eventually

LARGE = b"x" * 20_000_000


async def large_or_small(scope: Any, receive: Any, send: Any) -> None:
    body = LARGE if scope["path"] == "/large" else b"small"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[accepting.SharingServer]:
    """A process that waits for a moment only."""
    monkeypatch.setattr(accepting, "HEAD_SECONDS", 0.4)
    monkeypatch.setattr(accepting, "UNREAD_SECONDS", 0.4)
    monkeypatch.setattr(accepting, "CHECK_SECONDS", 0.1)
    config = uvicorn.Config(
        large_or_small, interface="asgi3", lifespan="off", log_config=None, access_log=False
    )
    listener = socket.create_server(("127.0.0.1", 0))
    started = accepting.SharingServer(config, listener, Share(make_page(1), 0), 10)
    thread = threading.Thread(target=started.run, daemon=True)
    thread.start()
    eventually(lambda: started.started, "the server listens", 20)
    yield started
    started.should_exit = started.force_exit = True
    thread.join(20)


WHOLE = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: h", WHOLE + b"GET / HT"])
def test_a_connection_without_a_whole_head_is_closed(
    web: accepting.SharingServer, said: bytes
) -> None:
    with socket.create_connection(web.listener.getsockname(), 10) as visitor:
        visitor.sendall(said)
        answered = b"".join(iter(lambda: visitor.recv(1000), b""))

    assert answered.count(b" 200 ") == said.count(WHOLE)


def test_a_connection_that_was_answered_may_be_silent_longer(web: accepting.SharingServer) -> None:
    with socket.create_connection(web.listener.getsockname(), 1) as visitor:
        visitor.sendall(WHOLE)
        assert b" 200 " in visitor.recv(1000)
        with pytest.raises(TimeoutError):
            visitor.recv(1)


def test_a_reader_who_takes_nothing_is_cut_off(web: accepting.SharingServer) -> None:
    with socket.create_connection(web.listener.getsockname(), 10) as visitor:
        visitor.sendall(WHOLE.replace(b"/ ", b"/large ", 1))
        eventually(lambda: web.connection_count == 1, "the visitor is in", 5)
        eventually(lambda: web.connection_count == 0, "the visitor is out", 5)
        assert len(b"".join(iter(lambda: visitor.recv(1 << 20), b""))) < len(LARGE)


def test_a_reader_who_takes_it_all_is_not(web: accepting.SharingServer) -> None:
    with socket.create_connection(web.listener.getsockname(), 10) as visitor:
        visitor.sendall(WHOLE.replace(b"/ ", b"/large ", 1))
        read = 0
        while read < len(LARGE):
            piece = visitor.recv(1 << 20)
            assert piece, "cut off"
            read += len(piece)
