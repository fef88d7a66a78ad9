"""Extracting the words of a file in a process under limits."""

import io
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from common.search import extract
from common.search.choices import Reason

MAX_SECONDS = 30
_SCRIPT = Path(extract.__file__)
# Four bytes a character at most.
_MAX_BYTES = extract.TEXT_MAX_CHARACTERS * 4 + 1024
_REASONS = {
    extract.CUT: Reason.CUT,
    extract.TOO_LARGE: Reason.TOO_LARGE,
    extract.LOCKED: Reason.LOCKED,
}


@dataclass(frozen=True)
class Extracted:
    """The words of a file. `reason` says why none or not all were extracted."""

    text: str = ""
    reason: Reason | None = None


def can_be_read(name: str) -> bool:
    """Whether words can be extracted from files with the extension of this name."""
    return _extension(name) in extract.READERS


def extracted(name: str, path: Path) -> Extracted:
    """Return the words of the file at `path`, read by the extension of `name`.

    Returns within half a minute for any file. The reading process has at most 1 GB of memory and
    20 s of processor time, cannot write files, and gets no environment.
    """
    if not path.is_file():
        return Extracted(reason=Reason.MISSING)
    command = [sys.executable, "-I", str(_SCRIPT), _extension(name), str(path)]
    with subprocess.Popen(  # noqa: S603 - our own script; the name of a stored file is random
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            output, ended = _output(process)
        finally:
            process.kill()
    if not ended:
        return Extracted(reason=Reason.TOO_LONG)
    # One space between words, so that tables do not fill the excerpts.
    text = " ".join(output.decode(errors="replace").split())
    if process.returncode in {0, extract.CUT}:
        reason = _REASONS.get(process.returncode)
        return Extracted(text, reason if text else Reason.NO_WORDS)
    if process.returncode < 0:  # the kernel ended it, at one of the limits
        return Extracted(reason=Reason.TOO_LARGE)
    return Extracted(reason=_REASONS.get(process.returncode, Reason.BROKEN))


def _output(process: "subprocess.Popen[bytes]") -> tuple[bytes, bool]:
    """Return what the process printed, and whether it ended by itself and in time."""
    assert isinstance(process.stdout, io.BufferedReader)
    pieces: list[bytes] = []
    size, end = 0, time.monotonic() + MAX_SECONDS
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while (left := end - time.monotonic()) > 0 and size <= _MAX_BYTES:
            if not waiting.select(left):
                break
            piece = process.stdout.read1(64 * 1024)
            if not piece:
                try:
                    process.wait(max(end - time.monotonic(), 0.1))
                except subprocess.TimeoutExpired:
                    break
                return b"".join(pieces), True
            pieces.append(piece)
            size += len(piece)
    return b"".join(pieces), False


def _extension(name: str) -> str:
    return Path(name).suffix.removeprefix(".").lower()
