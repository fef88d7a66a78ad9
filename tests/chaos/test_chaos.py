import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_lost_or_doubled_when_processes_are_killed() -> None:
    """Ten trials, as every change has to pass; `make chaos` does fifty. It ends itself before the limit here."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "10"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=560,
        check=False,
    )

    said = done.stdout + done.stderr[-3000:]
    assert done.returncode == 0, said
    assert "nothing lost or doubled" in done.stdout
    kills = re.search(r"kills: worker (\d), broker (\d), web (\d), database (\d);", done.stdout)
    assert kills, said
    assert all(int(count) >= 2 for count in kills.groups()), said
    amid = re.search(r"(\d+) while mails were outstanding", done.stdout)
    assert amid, said
    assert int(amid[1]) >= 5, said
