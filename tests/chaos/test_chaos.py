import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_lost_or_doubled_when_processes_are_killed() -> None:
    """Ten trials in every run; `make chaos` does fifty."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "10"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "nothing lost or doubled" in done.stdout
