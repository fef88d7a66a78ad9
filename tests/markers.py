"""Which tests have which marker, and how much of the suite a run with fewer of them was.

`pyproject.toml` says what the markers mean. A pytest plugin named in `addopts`.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

FUNCTIONS = pytest.StashKey[int]()


def function_of(nodeid: str) -> str:
    """The test function of a case: without its parameters and the group that xdist appends."""
    return nodeid.partition("[")[0].partition("@")[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sample",
        type=int,
        metavar="COUNT",
        help="Of each test run so many cases at most, evenly chosen; the mark `sample(count)` "
        "names another count.",
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark tests by the fixtures they use, so that none can be forgotten."""
    fixtures = getattr(item, "fixturenames", ())
    if "chromium" in fixtures:
        item.add_marker("browser")
    elif "committed_db" in fixtures:
        item.add_marker("race")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count the test functions before any is deselected; with `--sample`, drop cases."""
    cases = Counter(function_of(item.nodeid) for item in items)
    config.stash[FUNCTIONS] = len(cases)
    if not config.option.sample:
        return
    seen: Counter[str] = Counter()
    chosen, dropped = [], []
    for item in items:
        function = function_of(item.nodeid)
        marker = item.get_closest_marker("sample")
        count = marker.args[0] if marker else config.option.sample
        is_chosen = is_in_sample(seen[function], cases[function], count)
        (chosen if is_chosen else dropped).append(item)
        seen[function] += 1
    items[:] = chosen
    config.hook.pytest_deselected(items=dropped)


def is_in_sample(index: int, cases: int, count: int) -> bool:
    """Whether the case at this index is one of `count`, evenly spread over all cases."""
    return index * count % cases < count


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker: send the count to the process that collects nothing itself."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["functions"] = session.config.stash.get(FUNCTIONS, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    output = getattr(node, "workeroutput", {})
    node.config.stash[FUNCTIONS] = output.get("functions", 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many of the test functions ran, where some were left out."""
    total = config.stash.get(FUNCTIONS, 0)
    ran = len(functions_that_ran(terminalreporter.stats.values()))
    if 0 < ran < total:
        terminalreporter.write_line(
            f"{ran} of {total} test functions ran ({100 * ran // total} %)."
        )


def functions_that_ran(stats: Iterable[list[Any]]) -> set[str]:
    reports = (report for group in stats for report in group)
    return {
        function_of(report.nodeid)
        for report in reports
        if getattr(report, "when", "") == "call" and not report.skipped
    }
