"""Scanning a file with clamd, by the command INSTREAM of its protocol (clamd(8)).

Each piece is sent with its length before it, four bytes in network order; a length of zero ends the
file. The answer is one line: "stream: OK", "stream: NAME FOUND", or a sentence that ends in ERROR.
"""

import contextlib
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from common.files.choices import SCAN_SECONDS, SCANNER_ANSWER_SECONDS, SCANNER_CONNECT_SECONDS

PIECE_BYTES = 64 * 1024
ANSWER_MAX_BYTES = 1000
CLEAN = b"stream: OK"


class ScannerAway(Exception):
    """The scanner cannot be reached or does not answer in time."""


class ScanRefused(Exception):
    """The scanner answers that it does not scan this file, for instance because it is too large."""


def scan(path: Path, url: str) -> str:
    """Return the name of the virus that the scanner finds in the file, or "" for a clean one.

    `url` is tcp://host:port or unix:///path. Raises ScannerAway, ScanRefused, and OSError when the
    file cannot be read.
    """
    with path.open("rb") as file:
        try:
            with contextlib.closing(_connect(url)) as connection:
                answer = _answer(connection, iter(lambda: file.read(PIECE_BYTES), b""))
        except OSError as error:
            raise ScannerAway(error.strerror or str(error)) from error
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND") or "unnamed"
    if answer == CLEAN.decode():
        return ""
    if not answer:
        raise ScannerAway("no answer")
    raise ScanRefused(answer)


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SCANNER_CONNECT_SECONDS)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection(
        (parts.hostname or "localhost", parts.port or 3310), SCANNER_CONNECT_SECONDS
    )


def _answer(connection: socket.socket, pieces: Iterable[bytes]) -> str:
    """Send the pieces; return the scanner's answer without the zero byte at its end."""
    deadline = time.monotonic() + SCAN_SECONDS
    is_whole = False
    connection.settimeout(SCANNER_ANSWER_SECONDS)
    # A scanner can answer and hang up before the end of the file. Its answer counts, unless it
    # says that the file is clean, which cannot be known before the end.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(b"zINSTREAM\0")
        for piece in pieces:
            if time.monotonic() > deadline:
                raise TimeoutError("too slow")
            connection.sendall(len(piece).to_bytes(4, "big") + piece)
        connection.sendall(bytes(4))
        is_whole = True
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < ANSWER_MAX_BYTES:
        if time.monotonic() > deadline:
            raise TimeoutError("too slow")
        received = connection.recv(ANSWER_MAX_BYTES)
        if not received:
            break
        answer += received
    if answer.startswith(CLEAN) and not is_whole:
        raise ConnectionError("hung up before it had the whole file")
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
