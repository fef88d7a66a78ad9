"""The arithmetic of a comparison of two commits; the comparison itself is run by hand."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench import against, platform
from bench.against import Asked, Comparison


def comparison(name: str, *rates: tuple[float, float]) -> Comparison:
    pairs = [(Asked(ours, cpu=0.002), Asked(theirs, cpu=0.001)) for ours, theirs in rates]
    return Comparison(name, pairs, queries=(3, 4))


def test_the_ratio_is_the_median_of_the_ratios_of_the_rounds() -> None:
    # The machine was slower in the second round, for both: ratios 1.0, 0.8, 0.95.
    row = comparison("group", (100, 100), (40, 50), (95, 100))

    assert row.ratio == 0.95
    assert (row.rate(0), row.rate(1)) == (95, 100)
    assert (row.cpu(0), row.cpu(1)) == (0.002, 0.001)


@pytest.mark.parametrize(("rate", "is_lost"), [(89.9, True), (90, False), (120, False)])
def test_a_row_below_nine_tenths_of_the_other_is_lost(rate: float, is_lost: bool) -> None:
    assert comparison("group", (rate, 100)).is_lost is is_lost


def test_one_bad_round_loses_no_row() -> None:
    assert not comparison("group", (10, 100), (100, 100), (99, 100)).is_lost


def test_the_sides_are_asked_in_alternating_order() -> None:
    asked: list[str] = []

    def side(name: str) -> str:
        asked.append(name)
        return name

    pairs = [against.in_turn(lambda: side("A"), lambda: side("B"), number) for number in range(3)]

    assert asked == ["A", "B", "B", "A", "A", "B"]
    assert pairs == [("A", "B")] * 3


def test_the_exit_code_says_whether_any_row_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = comparison("group", (100, 100)), comparison("mails", (1, 2))

    assert against.report("abc123", [good], [], ["feed: new"]) == 0
    assert "feed: new" in capsys.readouterr().out
    assert against.report("abc123", [good], [bad], []) == 1
    assert "Lost: mails." in capsys.readouterr().out


def test_trees_share_an_environment_only_where_both_lock_files_are_equal(tmp_path: Path) -> None:
    trees = [tmp_path / "one", tmp_path / "other"]
    for tree in trees:
        tree.mkdir()
        for name in against.LOCKS:
            (tree / name).write_text("django==5.2\n")
    assert against.is_same_environment(*trees)

    (trees[1] / "requirements-dev.txt").write_text("django==5.3\n")
    assert not against.is_same_environment(*trees)


BUSY = "import time\nwhile time.process_time() < 0.1: pass\nprint(flush=True); input()"
SUPERVISOR = f"""
import subprocess, sys
for name in ("alliance.server.web", "-m celery"):
    subprocess.Popen([sys.executable, "-S", "-c", {BUSY!r}, name])
input()
"""


def test_cpu_time_is_counted_of_web_processes_and_not_of_workers() -> None:
    command = [sys.executable, "-S", "-c", SUPERVISOR]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, process_group=0) as supervisor:
        try:
            assert supervisor.stdout is not None
            for _child in range(2):
                supervisor.stdout.readline()
            used = platform.cpu_seconds(supervisor.pid)
        finally:
            os.killpg(supervisor.pid, signal.SIGKILL)

    assert 0.08 <= used <= 0.18
