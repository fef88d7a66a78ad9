"""An installation may leave out `demo/` and `bench/`: it starts and works without them."""

import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.server.running import ROOT, environment, free_port, platform

PACKAGES = ("alliance", "catalogue", "common", "members", "notifications", "workinggroups")


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A copy of the code without demonstration data, load tests and tests."""
    copy = tmp_path / "installation"
    for folder in (*PACKAGES, "static", "templates"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    return copy


def test_passes_the_checks(installation: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=installation,
        env=environment(installation / "data", free_port()),
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr


@pytest.mark.xdist_group("platform")
def test_starts_empty_and_says_that_there_is_no_demonstration(
    installation: Path, tmp_path: Path
) -> None:
    with platform(tmp_path / "data", DEMO="1") as running:
        running.folder = installation
        running.start()

        sign_in = f"http://localhost:{running.port}/accounts/login/"
        with urllib.request.urlopen(sign_in, timeout=20) as page:
            assert "sign in with one click" not in page.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://localhost:{running.port}/dev/sign-in/", timeout=20)
        assert "No demonstration data" in running.said()
