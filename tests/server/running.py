"""A platform of its own for a test: started as `make run` does, watched through /proc.

Every wait has its limit, and whatever a test leaves behind is killed with the platform. If the
test's own process dies, the kernel ends the platform.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from alliance.server import processes

ROOT = Path(__file__).resolve().parent.parent.parent
# A stop takes twice `children.STOP_SECONDS` at most.
STOP_SECONDS = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    """What `make run DEMO=0` sets, and nothing of the test run's own servers."""
    hidden = {"DATABASE_URL", "REDIS_URL", "TESTING", "SITE_URL", "PROCESS_KIND", "EMAIL_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    kept |= {"DATA_DIR": str(data), "PORT": str(port), "DEVELOPMENT": "1", "DEMO": "0"}
    kept |= {"PAGES_A_MINUTE": "0"}  # tests ask faster than people
    # One of each is enough to kill, and leaves the machine to the other tests.
    return kept | {"WEB_PROCESSES": "1", "WORKER_PROCESSES": "1"} | more


def eventually(check: Callable[[], object], what: str, seconds: float = 60) -> float:
    """Wait until `check` holds; the seconds it took."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - began


class Platform:
    """One `alliance.server up` in a data folder, of the code in `folder`."""

    folder = ROOT

    def __init__(self, data: Path, port: int, **more: str) -> None:
        self.data = data
        self.port = port
        self.environment = environment(data, port, **more)
        self.log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        with self.log.open("ab") as log:
            self.process = processes.start(
                [sys.executable, "-m", "alliance.server", "up"],
                folder=self.folder,
                environment=self.environment,
                output=log.fileno(),
            )

    def start(self, seconds: float = 240) -> float:
        """Begin and wait for the first page; the seconds it took."""
        self.begin()
        try:
            return eventually(lambda: self.answers("/healthz"), "a page", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.said()}") from error

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def answers(self, path: str) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        address = f"http://localhost:{self.port}{path}"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as page:
            return bool(page.status == 200)
        return False

    def children(self) -> dict[int, str]:
        """Pid and command line of every process below the supervisor."""
        assert self.process is not None
        return below(self.process.pid)

    def stop(self) -> float:
        """End it as Ctrl-C would; the seconds it took. Raises TimeoutExpired, having killed it."""
        assert self.process is not None
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        return time.monotonic() - began

    def kill(self) -> None:
        """End it and everything below it, at once and whatever state it is in."""
        assert self.process is not None
        pids = {self.process.pid, *self.children()}
        for pid in pids:
            kill(pid)
        self.process.wait(10)
        eventually(lambda: not alive(pids), "all killed", 10)


@contextlib.contextmanager
def platform(data: Path, **more: str) -> Iterator[Platform]:
    """A platform that is stopped at the end of the block, and killed if that failed."""
    made = Platform(data, free_port(), **more)
    try:
        yield made
    except BaseException:
        if made.process is not None:
            made.kill()
        raise
    if made.process is not None:
        made.stop()


def below(pid: int) -> dict[int, str]:
    """Pid and command line of every process that descends from this one, parents first."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if fields[0] == "Z":
                continue
            parents[int(folder.name)] = int(fields[1])
            lines[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    found: dict[int, str] = {}
    wave = {pid}
    while wave:
        wave = {child for child, parent in parents.items() if parent in wave}
        found |= {child: lines[child] for child in wave}
    return found


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # the child of one that is gone already
        os.kill(pid, signal.SIGKILL)


def alive(pids: set[int]) -> set[int]:
    def runs(pid: int) -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state != "Z"

    return {pid for pid in pids if runs(pid)}
