"""Connections that ask for nothing do not keep others out."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from alliance.server import accepting
from alliance.server.shares import Share, make_page
from tests.server.bare import Application
from tests.server.running import eventually


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Where a process listens that waits for a head for a moment only."""
    monkeypatch.setattr(accepting, "HEAD_SECONDS", 0.4)
    monkeypatch.setattr(accepting, "LOOK_SECONDS", 0.1)
    config = uvicorn.Config(
        Application(0), interface="asgi3", lifespan="off", log_config=None, access_log=False
    )
    listener = socket.create_server(("127.0.0.1", 0))
    place = listener.getsockname()
    web = accepting.SharingServer(config, listener, Share(make_page(1), 0), 10)
    thread = threading.Thread(target=web.run, daemon=True)
    thread.start()
    eventually(lambda: web.started, "the server listens", 20)
    yield place
    web.should_exit = web.force_exit = True
    thread.join(20)


WHOLE = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: h", WHOLE + b"GET / HT"])
def test_a_connection_without_a_whole_head_is_closed(address: Any, said: bytes) -> None:
    with socket.create_connection(address, 10) as visitor:
        visitor.sendall(said)
        answered = b"".join(iter(lambda: visitor.recv(1000), b""))

    assert answered.count(b" 200 ") == said.count(WHOLE)


def test_a_connection_that_was_answered_may_be_silent_longer(address: Any) -> None:
    with socket.create_connection(address, 1) as visitor:
        visitor.sendall(WHOLE)
        assert b" 200 " in visitor.recv(1000)
        with pytest.raises(TimeoutError):
            visitor.recv(1)
