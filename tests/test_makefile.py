"""What `make` offers, and what it says before it does anything."""

import re
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


def test_documents_name_only_commands_that_there_are() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / ".ci" / "run"]
    named = {
        (document.name, target)
        for document in documents
        for target in re.findall(
            r"(?:^|`)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE
        )
    }
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert {(name, target) for name, target in named if target not in targets} == set()
    assert {"run", "test", "test-fast", "check"} <= {target for _, target in named}


def test_help_lists_each_command_that_is_explained() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {"run", "test", "test-fast", "chaos"} <= {
        line.split()[0] for line in listed.stdout.splitlines()
    }
