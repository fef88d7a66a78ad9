"""Opens many kept connections at once and asks for one page over each.

    python -m bench.connections http://localhost:8000/readyz [--count 2000]

All connections stay open until the last has its answer. It fails if one is refused or cut off, or
if an answer is not 200.
"""

import argparse
import asyncio
import collections
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from alliance.server import file_limit

# How long somebody waits for an answer before giving up.
PATIENCE_SECONDS = 60


@dataclass
class Answer:
    """What came over one connection, which stays open."""

    # A status such as `200`, or the name of the error that broke the connection.
    outcome: str
    body: bytes
    # From the first packet to the last byte.
    seconds: float
    writer: asyncio.StreamWriter | None


async def ask(url: str) -> Answer:
    """Open a connection and ask for the page; the connection is left open."""
    parts = urlsplit(url)
    began = time.monotonic()
    writer = None
    outcome, body = "", b""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
            request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"
            writer.write(request.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            outcome = head.split(b" ", 2)[1].decode()
            body = await reader.readexactly(length(head))
    except (OSError, EOFError) as error:
        outcome = type(error).__name__
    return Answer(outcome, body, time.monotonic() - began, writer)


def length(head: bytes) -> int:
    """The length that the head of an answer promises."""
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    return 0


def ask_at_once(url: str, count: int) -> list[Answer]:
    """Ask over `count` connections at the same time; all are open until the last has answered.

    In a thread of its own, since a loop may run in the caller's.
    """
    file_limit.raise_file_limit()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_ask_all(url, count))).result()


async def _ask_all(url: str, count: int) -> list[Answer]:
    answers = await asyncio.gather(*(ask(url) for _ in range(count)))
    for answer in answers:
        if answer.writer is not None:
            answer.writer.close()
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.connections", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--count", type=int, default=2000, help="connections")
    options = parser.parse_args()
    answers = ask_at_once(options.url, options.count)
    outcomes = collections.Counter(answer.outcome for answer in answers)
    taken = [answer.seconds for answer in answers]
    print(", ".join(f"{outcome}: {number}" for outcome, number in outcomes.most_common()))
    print(f"median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s")
    return 0 if set(outcomes) == {"200"} else 1


if __name__ == "__main__":
    sys.exit(main())
