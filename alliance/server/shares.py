"""How many connections each web process has, shared through a page of memory.

The page has two numbers for each web process: how many connections it has, and when it wrote that
(milliseconds of the system's monotonic clock). Each process writes its own numbers and reads the
others, so nothing is locked. The memory outlives the processes: a restarted process takes over the
numbers of the one before.
"""

import mmap
import os
import sys
import tempfile
import time

# Each number has eight bytes, which are read and written at once.
NUMBERS_PER_PROCESS = 2
BYTES_PER_NUMBER = 8
# The number of a process that accepts no connections: starting, stopping, or at its file limit.
TAKES_NONE = -1
# A process writes its number ten times a second (uvicorn's tick). A process that has not done so for
# this long is stuck or dead, and the others ignore it.
SILENT_MILLISECONDS = 250


def make_page(processes: int) -> int:
    """Create the page for so many web processes; return the descriptor that they inherit."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("alliance-shares")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    numbers = TAKES_NONE.to_bytes(BYTES_PER_NUMBER, sys.byteorder, signed=True)
    numbers += bytes(BYTES_PER_NUMBER)
    os.write(descriptor, numbers * processes)
    return descriptor


class Share:
    """The page as one process sees it: its own numbers, and those of the others."""

    def __init__(self, page: int, index: int) -> None:
        """`page` is the descriptor, `index` counts the processes from 0."""
        self.numbers = memoryview(mmap.mmap(page, 0)).cast("q")
        self.index = index
        self.others = [
            other for other in range(len(self.numbers) // NUMBERS_PER_PROCESS) if other != index
        ]
        self.publish(TAKES_NONE)

    def publish(self, connections: int) -> None:
        """Tell the others how many connections this process has, or TAKES_NONE."""
        place = self.index * NUMBERS_PER_PROCESS
        self.numbers[place] = connections
        self.numbers[place + 1] = now_milliseconds()

    def can_accept(self, connections: int) -> bool:
        """Whether this process, which has so many connections, can accept the next one.

        It can be above the least loaded other process by one connection, or by an eighth of that
        process's number. Processes that are silent or accept none do not count, so that the last
        process awake accepts everything.
        """
        silent_before = now_milliseconds() - SILENT_MILLISECONDS
        least = connections
        for other in self.others:
            place = other * NUMBERS_PER_PROCESS
            if (
                TAKES_NONE < self.numbers[place] < least
                and self.numbers[place + 1] >= silent_before
            ):
                least = self.numbers[place]
        return connections <= least + max(1, least // 8)


def now_milliseconds() -> int:
    return time.monotonic_ns() // 1_000_000
