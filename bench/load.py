"""Asks for one address over 8 kept connections for a while: by wrk, or by threads of our own."""

import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8

REPORT = """
done = function(summary, latency, requests)
  local wrong = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format("REPORT %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), wrong))
end
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """Answers a second, and how long they took in milliseconds."""

    rate: float
    p50: float
    p95: float
    failed: int
    answers: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request was answered."""

    status: int
    tag: str  # its ETag; empty without one


def request(url: str, headers: Mapping[str, str]) -> Answer:
    """Ask once."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request("GET", url.removeprefix(f"http://{parts.netloc}"), headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
        return Answer(answer.status, answer.headers.get("ETag", ""))
    finally:
        connection.close()


def measure(url: str, headers: Mapping[str, str], *, seconds: int, folder: Path) -> Pace:
    """`folder` keeps the script that makes wrk say what we want to know."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return by_threads(url, headers, seconds=seconds)
    script = folder / "report.lua"
    script.write_text(REPORT, encoding="utf-8")
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(
        [*command, "-s", str(script), url], check=True, capture_output=True, text=True
    )
    return parsed(done.stdout)


def parsed(output: str) -> Pace:
    """What our script wrote at the end of wrk's report; wrk counts in microseconds."""
    found = re.search(r"REPORT (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    if found is None:
        raise ValueError(f"wrk did not report:\n{output}")
    requests, duration, p50, p95, failed = (int(number) for number in found.groups())
    return Pace(requests / (duration / 1e6), p50 / 1000, p95 / 1000, failed, requests)


def by_threads(url: str, headers: Mapping[str, str], *, seconds: int) -> Pace:
    """The same without wrk. Slower itself, so that fast pages seem slower than they are."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    taken: list[float] = []
    failures: list[int] = []
    began = time.monotonic()

    def ask() -> None:
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        while time.monotonic() - began < seconds:
            asked = time.monotonic()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            answer.read()
            taken.append((time.monotonic() - asked) * 1000)
            if answer.status >= 400:
                failures.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(taken, n=20)
    rate = len(taken) / (time.monotonic() - began)
    return Pace(rate, cuts[9], cuts[18], len(failures), len(taken))
