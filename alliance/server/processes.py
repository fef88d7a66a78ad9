"""Starting and stopping a child process."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")


class ServerError(Exception):
    """An error for the person at the terminal; the message is the line to print."""


def command(
    program: Sequence[str],
    *,
    identity: str = "same",
    death_signal: signal.Signals = signal.SIGKILL,
    folder: Path | None = None,
) -> list[str]:
    """Wrap `program` so that the kernel sends it `death_signal` when this process dies.

    The kernel watches the calling thread: start children from the main thread only.
    """
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER)]
    place = str(folder) if folder else "-"
    return [*launcher, identity, str(os.getpid()), str(int(death_signal)), place, *program]


def start(
    program: Sequence[str],
    *,
    identity: str = "same",
    death_signal: signal.Signals = signal.SIGKILL,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    output: int | None = None,
    inherit: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child without standard input; both outputs go to the descriptor `output`.

    `death_signal` is sent to the child when we die without stopping it. Use another signal than
    SIGKILL only for a program that always ends by it.
    """
    return subprocess.Popen(  # noqa: S603
        command(program, identity=identity, death_signal=death_signal, folder=folder),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(environment) if environment is not None else None,
        pass_fds=tuple(inherit),
    )


def stop(
    process: subprocess.Popen[bytes],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    patience_seconds: float = 10,
) -> None:
    """Send `stop_signal`, wait, then kill."""
    if process.poll() is not None:
        return
    process.send_signal(stop_signal)
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
