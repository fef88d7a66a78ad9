"""An installation may leave out `demo/` and `bench/`: it starts and works without them."""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

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
    installation: Path, tmp_path: Path, committed_db: str
) -> None:
    """On tables that are made already, which takes most of the time of a first start."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "demo").write_text("wanted\n")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{committed_db}").geturl()
    servers = {"DATABASE_URL": url, "REDIS_URL": os.environ["REDIS_URL"]}

    with platform(data, DEMO="1", **servers) as running:
        running.folder = installation
        running.start()

        sign_in = f"http://localhost:{running.port}/accounts/login/"
        with urllib.request.urlopen(sign_in, timeout=20) as page:
            assert "sign in with one click" not in page.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://localhost:{running.port}/dev/sign-in/", timeout=20)
        assert "No demonstration data" in running.said()
