"""Commands work in a clone whose platform was never started: with servers and tables of their own."""

import subprocess
import sys
from os.path import relpath
from pathlib import Path

import pytest

from tests.server.running import ROOT, environment, free_port


def make(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make` with this data folder, without renewing what is installed."""
    return subprocess.run(
        [
            *("make", "--silent", "--directory", str(ROOT), "--old-file", ".venv/installed"),
            # From the root, as in the Makefile: the path to it may hold a space.
            *(f"BIN={relpath(Path(sys.executable).parent, ROOT)}", *arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env=environment(data, free_port()),
    )


@pytest.mark.platform
@pytest.mark.xdist_group("platform")
def test_an_administrator_is_made_and_the_demo_then_refused(tmp_path: Path) -> None:
    """In one data folder, since making the tables takes the time."""
    data = tmp_path / "data of a clone"

    admin = make(data, "admin", "EMAIL=you@example.org")
    demo = make(data, "demo", "SIZE=small")

    assert admin.returncode == 0, admin.stderr
    assert "you@example.org is an administrator" in admin.stdout
    # The tables were made, and whoever is in them is no part of a demo that may be replaced.
    assert demo.returncode != 0
    assert "holds 1 people who are not of the demo" in demo.stderr
    assert not (data / "run.json").exists()
