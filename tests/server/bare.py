"""Bare web processes: the platform's way of taking connections, and an application of three lines.

    python -m tests.server.bare SOCKET PAGE SLOT

Every address answers with the number of the process. `/files/` first opens files until the system
has no more, `/close/` closes them.
"""

import contextlib
import mmap
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import uvicorn

from alliance.server import accepting, processes, shares
from tests.server.running import ROOT, eventually


class Application:
    """Answers with the number of its process."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.files: list[int] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] == "/files/":
            with contextlib.suppress(OSError):
                while True:
                    self.files.append(os.open(os.devnull, os.O_RDONLY))
        if scope["path"] == "/close/":
            while self.files:
                os.close(self.files.pop())
        body = str(self.index).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def main() -> None:
    listener, page, index = (int(argument) for argument in sys.argv[1:])
    config = uvicorn.Config(
        Application(index),
        interface="asgi3",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=10,
    )
    accepting.serve(config, socket.socket(fileno=listener), shares.Share(page, index))


class Web:
    """Bare web processes on one socket; `ulimit` is what the shell's command of that name is told."""

    def __init__(self, count: int, ulimit: str = "") -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=accepting.QUEUE)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.page = shares.make_page(count)
        self.ulimit = ulimit
        self.processes = [self.begin(index) for index in range(count)]
        self.numbers = memoryview(mmap.mmap(self.page, 0)).cast("q")
        self.await_all()

    def await_all(self) -> None:
        """Wait until every process takes connections."""
        eventually(lambda: shares.TAKES_NONE not in self.held(), "all take connections")

    def begin(self, index: int) -> subprocess.Popen[bytes]:
        """Start the process with this number, for the first time or again."""
        descriptors = (self.listener.fileno(), self.page)
        numbers = [str(number) for number in (*descriptors, index)]
        program = [sys.executable, "-m", "tests.server.bare", *numbers]
        if self.ulimit:
            program = ["/bin/sh", "-c", f'ulimit {self.ulimit} && exec "$@"', "sh", *program]
        return subprocess.Popen(
            processes.command(program),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=descriptors,
        )

    def held(self) -> list[int]:
        """What each process says of the connections it holds."""
        return list(self.numbers[:: shares.NUMBERS_PER_PROCESS])

    def begin_again(self, index: int) -> None:
        """Kill the process, if it still lives, and start it again."""
        self.processes[index].kill()
        self.processes[index].wait()
        self.output(self.processes[index]).close()
        self.numbers[index * shares.NUMBERS_PER_PROCESS] = shares.TAKES_NONE
        self.processes[index] = self.begin(index)
        self.await_all()

    def cpu_seconds(self, index: int) -> float:
        """What the process has used of a processor so far."""
        stat = (
            Path(f"/proc/{self.processes[index].pid}/stat").read_text().rpartition(")")[2].split()
        )
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def output(self, process: subprocess.Popen[bytes]) -> IO[bytes]:
        assert process.stdout is not None
        return process.stdout

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
            self.output(process).close()
        self.listener.close()
        os.close(self.page)


@contextlib.contextmanager
def web(count: int, ulimit: str = "") -> Iterator[Web]:
    made = Web(count, ulimit)
    try:
        yield made
    finally:
        made.stop()


if __name__ == "__main__":
    main()
