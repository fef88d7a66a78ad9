"""Two commits on one machine, each page asked of both in turn: `make bench ARGS=--against=<commit>`.

This tree and a git worktree of the other commit each start a platform of their own (`bench/side.py`)
and build the world by their own code. In each round a page is asked of both, one right after the
other, in the other order from page to page and round to round. So what else the machine does falls
on both alike, and the ratio of such a pair says more than any rate does.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bench.load import measure, request
from bench.platform import HIDDEN, ROOT, cpu_seconds
from bench.side import FIGURES

# A row is lost when this commit reaches less than so much of the other.
LEAST = 0.90
LOCKS = ("requirements.txt", "requirements-dev.txt")
SIDE = Path(__file__).with_name("side.py")
END_SECONDS = 120
NOT_MODIFIED = 304

T = TypeVar("T")
# A page as a side describes it: name, path, headers, signed_in, status.
Row = dict[str, Any]


class CannotCompare(Exception):
    """The other commit cannot be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one side did in one round: answers a second, and CPU seconds for each of them.

    `rate` may be another figure of which more is better, without CPU seconds."""

    rate: float
    cpu: float = 0.0


@dataclass(slots=True)
class Comparison:
    """A row, and what both sides did in each round: this commit first, the other second."""

    name: str
    pairs: list[tuple[Asked, Asked]] = field(default_factory=list)
    queries: tuple[int, int] | None = None

    @property
    def ratio(self) -> float:
        """The median of the rounds' own ratios of rates, this commit's to the other's."""
        return statistics.median(ours.rate / theirs.rate for ours, theirs in self.pairs)

    @property
    def is_lost(self) -> bool:
        return self.ratio < LEAST

    def rate(self, side: int) -> float:
        return statistics.median(pair[side].rate for pair in self.pairs)

    def cpu(self, side: int) -> float:
        """CPU seconds an answer: the median of the rounds."""
        return statistics.median(pair[side].cpu for pair in self.pairs)


# --- the two sides ----------------------------------------------------------------------------


class Side:
    """One commit's platform, and its rows by name."""

    def __init__(self, tree: Path, python: str, folder: Path, web_processes: int) -> None:
        folder.mkdir()
        folder.chmod(0o711)  # PostgreSQL passes through as somebody else where we are root
        kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        self.process = subprocess.Popen(
            [python, str(SIDE), str(folder / "data"), str(web_processes)],
            cwd=tree,
            env=kept | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.tree = tree
        self.rows: dict[str, Row] = {}

    def await_world(self) -> None:
        """Wait for what the side says once its world is built. Raises CannotCompare."""
        described = self._answer()
        self.url: str = described["url"]
        self.pid: int = described["pid"]
        self.cookie: str = described["cookie"]
        self.rows = {row["name"]: row for row in described["rows"]}

    def ask(self, **question: object) -> Any:
        """Return the side's answer to one question. Raises CannotCompare where it is gone."""
        assert self.process.stdin is not None
        try:
            print(json.dumps(question), file=self.process.stdin, flush=True)
        except OSError as error:
            raise CannotCompare(f"{self.tree}: {error}") from error
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise CannotCompare(f"{self.tree}: the bench there ended; what it said is above.")
        return json.loads(line)

    def queries(self, row: Row) -> int:
        """Return how many queries this row takes once it was asked for before."""
        return int(self.ask(path=row["path"], headers=row["headers"]))

    def figure(self, name: str) -> Asked | None:
        """Measure a figure that is no page's; None where this side's bench does not offer it."""
        figure = self.ask(figure=name)
        return None if figure is None else Asked(figure)

    def asked_with(self, row: Row) -> Row:
        """The row with the ETag of this side's running platform, where who has a copy asks."""
        if row["status"] != NOT_MODIFIED:
            return row
        fresh = {name: each for name, each in row["headers"].items() if name != "If-None-Match"}
        tag = request(self.url + row["path"], fresh).tag
        return {**row, "headers": {**fresh, "If-None-Match": tag}}

    def status(self, row: Row) -> int:
        """Return how the running platform answers this row now; what that makes is kept there."""
        return request(self.url + row["path"], row["headers"]).status

    def pace(self, row: Row, *, seconds: int, folder: Path) -> Asked:
        """Ask for this row for so many seconds."""
        before = cpu_seconds(self.pid)
        pace = measure(self.url + row["path"], row["headers"], seconds=seconds, folder=folder)
        if pace.failed or not pace.answers:
            raise CannotCompare(f"{self.tree}: {row['name']}: {pace.failed} requests failed.")
        return Asked(pace.rate, (cpu_seconds(self.pid) - before) / pace.answers)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def other_tree(commit: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """A tree of that commit, and the Python to run it with: ours, where the lock files are equal.

    Raises CannotCompare where git or the installation fails.
    """
    tree = folder / "other"
    run(["git", "worktree", "add", "--quiet", "--detach", str(tree), commit], ROOT)
    try:
        if not (tree / "bench" / "measuring.py").exists():
            raise CannotCompare(f"{commit} has no bench.")
        if is_same_environment(ROOT, tree):
            yield tree, sys.executable
        else:
            environment = {**os.environ, "PYTHON": sys.executable}
            install = ["alliance/server/install", ".venv/installed-dev", *LOCKS]
            run(install, tree, environment)
            yield tree, str(tree / ".venv" / "bin" / "python")
    finally:
        run(["git", "worktree", "remove", "--force", str(tree)], ROOT)


def is_same_environment(tree: Path, other: Path) -> bool:
    return all((tree / name).read_bytes() == (other / name).read_bytes() for name in LOCKS)


def run(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    """Raises CannotCompare where the command fails; it says why by itself."""
    if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:
        raise CannotCompare(f"`{' '.join(command)}` failed.")


# --- comparing --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Options:
    """How long to measure, and which rows: those whose name has the word `only` in it."""

    rounds: int
    seconds: int
    web_processes: int
    only: str


def compare(commit: str, options: Options) -> int:
    """Measure and print. The exit code: 1 where a row is lost, 2 where nothing can be compared."""
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as place:
        folder = Path(place)
        folder.chmod(0o711)
        try:
            with two_sides(commit, folder, options) as (ours, theirs):
                pages, apart = compare_pages(ours, theirs, folder, options)
                figures, not_compared = compare_figures(ours, theirs, options)
        except CannotCompare as error:
            print(error, file=sys.stderr)
            return 2
    return report(commit, pages, figures, apart + not_compared)


@contextmanager
def two_sides(commit: str, folder: Path, options: Options) -> Iterator[tuple[Side, Side]]:
    """This tree's platform and the other's, both with their worlds. Raises CannotCompare."""
    with other_tree(commit, folder) as (tree, python), ExitStack() as started:
        sides = []
        for name, of, program in (("ours", ROOT, sys.executable), ("theirs", tree, python)):
            side = Side(of, program, folder / name, options.web_processes)
            started.callback(side.end)
            sides.append(side)
        began = time.monotonic()
        for side in sides:
            side.await_world()
        print(f"both worlds built in {time.monotonic() - began:.0f} s", flush=True)
        yield sides[0], sides[1]


def compare_pages(
    ours: Side, theirs: Side, folder: Path, options: Options
) -> tuple[list[Comparison], list[str]]:
    """Each page that both sides have; and in words what is said of the others."""
    rows: list[tuple[Comparison, Row, Row]] = []
    apart: list[str] = []
    for name, described in ours.rows.items():
        if options.only not in name:
            continue
        row = ours.asked_with(described)
        if ours.status(row) != row["status"]:
            raise CannotCompare(f"{name}: this commit does not answer {row['status']}.")
        other = theirs.asked_with(theirs.rows.get(name) or signed_in(row, theirs))
        if theirs.status(other) != other["status"]:
            apart.append(f"{name}: new")
        else:
            queries = (ours.queries(row), theirs.queries(other))
            rows.append((Comparison(name, queries=queries), row, other))
    gone = [name for name in theirs.rows if options.only in name and name not in ours.rows]
    apart += [f"{name}: gone" for name in gone]
    for number in range(options.rounds):
        mixed = random.Random(number).sample(rows, len(rows))
        for place, (comparison, row, other) in enumerate(mixed):
            pair = in_turn(
                partial(ours.pace, row, seconds=options.seconds, folder=folder),
                partial(theirs.pace, other, seconds=options.seconds, folder=folder),
                number + place,
            )
            comparison.pairs.append(pair)
    return [comparison for comparison, _, _ in rows], apart


def signed_in(row: Row, side: Side) -> Row:
    """The same row with the session of another side, whose bench does not have it."""
    cookie = {"Cookie": side.cookie} if row["signed_in"] else {}
    return {**row, "headers": {**row["headers"], **cookie}}


def compare_figures(
    ours: Side, theirs: Side, options: Options
) -> tuple[list[Comparison], list[str]]:
    """Each figure that is no page's and that both sides offer; and in words, which are not."""
    compared: list[Comparison] = []
    apart: list[str] = []
    for name in FIGURES:
        if options.only not in name:
            continue
        comparison = Comparison(name)
        for number in range(options.rounds):
            pair = in_turn(partial(ours.figure, name), partial(theirs.figure, name), number)
            if pair[0] is None or pair[1] is None:
                apart.append(f"{name}: not compared")
                break
            comparison.pairs.append((pair[0], pair[1]))
        else:
            compared.append(comparison)
    return compared, apart


def in_turn(ours: Callable[[], T], theirs: Callable[[], T], number: int) -> tuple[T, T]:
    """Both, one after the other: the other one first where the number is odd."""
    if number % 2:
        second = theirs()
        return ours(), second
    return ours(), theirs()


# --- what is printed --------------------------------------------------------------------------


def report(
    commit: str, pages: list[Comparison], figures: list[Comparison], apart: list[str]
) -> int:
    """Print a line a row, this commit's figure before the other's; the exit code."""
    print(f"\nThis tree against {commit}: this tree's figure, then the other's.\n")
    print(f"{'page':<25}{'ratio':>7}{'req/s':>15}{'CPU ms':>15}{'queries':>9}")
    for row in pages:
        rates = f"{row.rate(0):.0f} / {row.rate(1):.0f}"
        cpu = f"{row.cpu(0) * 1000:.2f} / {row.cpu(1) * 1000:.2f}"
        queries = " / ".join(map(str, row.queries or ()))
        print(f"{row.name:<25}{row.ratio:>7.2f}{rates:>15}{cpu:>15}{queries:>9}{verdict(row)}")
    print()
    for row in figures:
        rates = f"{row.rate(0):.2f} / {row.rate(1):.2f}"
        print(f"{row.name:<48}{row.ratio:>7.2f}{rates:>16}{verdict(row)}")
    for line in apart:
        print(line)
    lost = [row.name for row in [*pages, *figures] if row.is_lost]
    print(f"\nLost: {'; '.join(lost)}." if lost else f"\nNo row is below {LEAST:.2f}.")
    return 1 if lost else 0


def verdict(row: Comparison) -> str:
    return "  lost" if row.is_lost else ""
