"""What `make` says before it does anything."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("target", "says"),
    [("admin", "Say who: make admin EMAIL="), ("restore", "Say which: make restore FILE=")],
)
def test_a_command_that_misses_a_name_complains_before_it_installs(
    target: str, says: str, tmp_path: Path
) -> None:
    copy = tmp_path / "Makefile"
    copy.write_text((ROOT / "Makefile").read_text())

    done = subprocess.run(
        ["make", "--file", copy, target], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert done.stderr.startswith(says)
    assert not (tmp_path / ".venv").exists()
