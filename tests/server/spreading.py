"""Starts bare web processes again and again and counts who gets 32 kept connections.

    python -m tests.server.spreading       20 starts each of 2, 4 and 8 processes
    python -m tests.server.spreading 5     as many as it says

It fails if one process ever holds more than twice what another holds.
"""

import collections
import statistics
import sys

from bench.connections import ask_at_once
from tests.server.bare import Web, web

CONNECTIONS = 32
PROCESSES = (2, 4, 8)
# The most loaded against the least loaded.
MOST_RATIO = 2.0


def spread(site: Web, connections: int = CONNECTIONS) -> list[int]:
    """How many of these connections each process took, when they came all at once."""
    answers = ask_at_once(site.url, connections)
    assert {answer.outcome for answer in answers} == {"200"}
    taken = collections.Counter(int(answer.body) for answer in answers)
    return [taken[index] for index in range(len(site.processes))]


def main() -> int:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    worst = 0.0
    for processes in PROCESSES:
        ratios = []
        for _ in range(starts):
            with web(processes) as site:
                taken = spread(site)
            ratios.append(max(taken) / max(min(taken), 0.5))
        worst = max(worst, *ratios)
        print(
            f"{processes} processes, {starts} starts: most against least loaded "
            f"{statistics.median(ratios):.2f} in the median, {max(ratios):.2f} at worst",
            flush=True,
        )
    return 0 if worst <= MOST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
