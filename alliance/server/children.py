"""Child processes: showing their output, restarting those that die, ending all together."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from alliance.server.processes import ServerError

# Seconds before a dead process is restarted, more each time it dies soon after. Short, since nobody
# is served meanwhile; long enough that a process that cannot start costs little.
BACK_OFF_SECONDS = (1, 2, 4, 5)
# A process that ran for so long is healthy: its next death counts as the first.
HEALTHY_SECONDS = 60
# How long to wait for a process to end.
STOP_SECONDS = 12
LOG_BYTES = 5 * 1024 * 1024


@dataclass
class Child:
    """A child process and what is needed to restart it."""

    name: str
    begin: Callable[[int], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    # Where its output goes instead of the terminal.
    log: Path | None = None
    # Whether its lines on the terminal begin with its name.
    is_named: bool = True
    process: subprocess.Popen[bytes] | None = None
    pipe: IO[bytes] | None = None
    begun_at: float = 0
    deaths: int = 0
    again_at: float | None = None
    partial: bytes = b""
    recent: list[str] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def say(line: str) -> None:
    with contextlib.suppress(OSError):
        print(line, flush=True)


class Children:
    """Start, watch and stop child processes, in the main thread only (see `processes.command`)."""

    def __init__(self) -> None:
        self.listed: list[Child] = []
        self.selector = selectors.DefaultSelector()

    def add(self, child: Child) -> Child:
        self.listed.append(child)
        self.begin(child)
        return child

    def forget(self, child: Child) -> None:
        """Do not restart this child, which has finished its work."""
        self.listed.remove(child)

    def begin(self, child: Child) -> None:
        """Start the child; its output goes to its log file, or by line to the terminal."""
        child.again_at = None
        child.begun_at = time.monotonic()
        if child.log is not None:
            with open_log(child.log) as log:
                child.process = child.begin(log.fileno())
            return
        reading, writing = os.pipe()
        try:
            child.process = child.begin(writing)
        finally:
            os.close(writing)
        child.pipe = os.fdopen(reading, "rb", buffering=0)
        self.selector.register(child.pipe, selectors.EVENT_READ, child)

    def watch(self) -> None:
        """Notice dead children, and restart those whose delay is over."""
        now = time.monotonic()
        for child in self.listed:
            if child.again_at is not None:
                if now >= child.again_at:
                    self.begin(child)
            elif child.process is not None and child.process.poll() is not None:
                if now - child.begun_at > HEALTHY_SECONDS:
                    child.deaths = 0
                delay = BACK_OFF_SECONDS[min(child.deaths, len(BACK_OFF_SECONDS) - 1)]
                child.deaths += 1
                child.again_at = now + delay
                say(
                    f"{child.name} ended ({ending(child.process.returncode)}), "
                    f"restarting it in {delay} s."
                )

    def stop(self) -> None:
        """End all children: first those that serve people, then the servers that these need."""
        servers = [child for child in self.listed if child.log is not None]
        others = [child for child in self.listed if child.log is None]
        for group in (others, servers):
            alive = [child for child in group if child.is_running]
            for child in alive:
                assert child.process is not None
                child.process.send_signal(child.stop_signal)
            deadline = time.monotonic() + STOP_SECONDS
            while any(child.is_running for child in alive) and time.monotonic() < deadline:
                self.read_output(0.05)
            for child in alive:
                if child.process is not None and child.is_running:
                    say(f"{child.name} did not stop in time and was killed.")
                    child.process.kill()
                    child.process.wait()
            self.read_output(0)

    def show(self, child: Child, line: str) -> None:
        child.recent = [*child.recent[-30:], line]
        say(f"{child.name:>8} | {line}" if child.is_named else line)

    def read_output(self, timeout: float) -> None:
        for key, _ in self.selector.select(timeout):
            child: Child = key.data
            piece = os.read(key.fd, 65536)
            if not piece:
                self.forget_pipe(child)
                continue
            *lines, child.partial = (child.partial + piece).split(b"\n")
            for line in lines:
                if line.strip():
                    self.show(child, line.decode("utf-8", "replace").rstrip())

    def forget_pipe(self, child: Child) -> None:
        if child.pipe is None:
            return
        self.selector.unregister(child.pipe)
        child.pipe.close()
        child.pipe = None
        if child.partial:
            self.show(child, child.partial.decode("utf-8", "replace"))
            child.partial = b""

    def await_end(self, child: Child, *, while_running: Child) -> None:
        """Wait until a child has finished its work. Raises ServerError when it fails."""
        assert child.process is not None
        while child.pipe is not None or child.is_running:
            self.read_output(0.02)
            if not while_running.is_running:
                self.read_output(0.2)
                raise ServerError(f"{while_running.name} did not start: see the lines above.")
        if child.process.returncode != 0:
            reason = child.recent[-1] if child.recent else ending(child.process.returncode)
            raise ServerError(f"The start failed: {reason.removeprefix('CommandError: ')}")


def open_log(path: Path) -> IO[bytes]:
    """Open a log file to append to; rename a long one to `.old` first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")


def ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
