"""A running platform of the bench: started, waited for, weighed and stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 240

# What another platform, or a test run, may have left in the environment.
HIDDEN = {
    "DATABASE_URL",
    "REDIS_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "TESTING",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "PROCESS_KIND",
    "DJANGO_SETTINGS_MODULE",
}


class Failed(Exception):
    """The platform did not start; the message holds what it said."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Platform:
    """Web processes with one page thread each, one worker of two, beat and the servers."""

    def __init__(self, data: Path, web_processes: int = 1) -> None:
        self.data = data
        self.web_processes = web_processes
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = data.parent / "platform.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        return kept | {
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "DEVELOPMENT": "1",
            "DEMO": "0",
            "WEB_PROCESSES": str(self.web_processes),
            "WORKER_PROCESSES": "2",
            # As in production: more threads only wait for each other.
            "PAGE_THREADS": "1",
        }

    def start(self) -> float:
        """Seconds until the first page. Raises Failed."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bench.serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - began > START_SECONDS:
                raise Failed(self.log.read_text(encoding="utf-8", errors="replace")[-4000:])
            time.sleep(0.02)
        return time.monotonic() - began

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{self.url}/catalogue/", timeout=20) as page,
        ):
            return bool(page.status == 200)
        return False

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(90)

    def weights(self) -> dict[str, list[float]]:
        """The proportional share of memory (PSS) in MB of each process, by kind."""
        found: dict[str, list[float]] = {"web": [], "celery": []}
        for pid, line in self.children().items():
            for kind, word in (("web", "alliance.server.web"), ("celery", "-m celery")):
                if word in line:
                    found[kind].append(share_of_memory(pid))
        return {kind: sorted(weights, reverse=True) for kind, weights in found.items()}

    def children(self) -> dict[int, str]:
        """Pid and command line of every process below the supervisor."""
        assert self.process is not None
        return descendants(self.process.pid)


def descendants(supervisor: int) -> dict[int, str]:
    """Pid and command line of every process below this one."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int(stat_fields(int(folder.name))[1])
            lines[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    found: dict[int, str] = {}
    wave = {supervisor}
    while wave:
        wave = {pid for pid, parent in parents.items() if parent in wave and pid in lines}
        found |= {pid: lines[pid] for pid in wave}
    return found


def stat_fields(pid: int) -> list[str]:
    """What /proc says of a process, from its state on (proc(5), field 3). Raises OSError."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(supervisor: int) -> float:
    """CPU time that web processes and PostgreSQL below this supervisor have used so far."""
    ticks = 0
    for pid, line in descendants(supervisor).items():
        if "alliance.server.web" in line or "postgres" in line:
            with contextlib.suppress(OSError):
                # Its own in user and system mode, and that of children that ended.
                ticks += sum(int(number) for number in stat_fields(pid)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def share_of_memory(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


@contextlib.contextmanager
def platform(data: Path, web_processes: int = 1) -> Iterator[Platform]:
    made = Platform(data, web_processes)
    try:
        yield made
    finally:
        made.stop()
