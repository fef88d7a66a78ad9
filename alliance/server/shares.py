"""How many connections each web process holds, told to the others through a page of memory.

The page has one slot for each web process: the connections it holds, and when it last said so
(milliseconds of the system's monotonic clock). Each process writes its own slot and reads the
others, so nothing is locked. The memory outlives the processes: one that is started again takes
over its slot.
"""

import mmap
import os
import sys
import tempfile
import time

# Each slot is two numbers of eight bytes, which are written and read whole.
NUMBERS_PER_SLOT = 2
BYTES_PER_NUMBER = 8
# Held by a process that takes no connections: starting, stopping, or at its limit of files.
TAKES_NONE = -1
# A process says what it holds ten times a second (uvicorn's tick). One that has been silent for so
# long is stuck or dead: the others wait for it no longer.
SILENT_MILLISECONDS = 250


def make_page(processes: int) -> int:
    """A page for so many web processes, as a descriptor that they inherit."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("alliance-shares")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    slot = TAKES_NONE.to_bytes(BYTES_PER_NUMBER, sys.byteorder, signed=True)
    slot += bytes(BYTES_PER_NUMBER)
    os.write(descriptor, slot * processes)
    return descriptor


class Share:
    """One process's view of the page: its own slot, and the connections of the others."""

    def __init__(self, page: int, slot: int) -> None:
        """`page` is the descriptor, `slot` the process's place in it, from 0."""
        self.numbers = memoryview(mmap.mmap(page, 0)).cast("q")
        self.slot = slot
        self.others = [
            other for other in range(len(self.numbers) // NUMBERS_PER_SLOT) if other != slot
        ]
        self.say(TAKES_NONE)

    def say(self, held: int) -> None:
        """Tell the others how many connections this process holds, or TAKES_NONE."""
        place = self.slot * NUMBERS_PER_SLOT
        self.numbers[place] = held
        self.numbers[place + 1] = now_milliseconds()

    def has_room(self, held: int) -> bool:
        """Whether the next connection may be taken by this process, which holds so many.

        It may be one connection above the least loaded of the others, or an eighth of what that
        one holds. Whoever is silent or takes none does not count, so the last process awake takes
        everything.
        """
        heard_since = now_milliseconds() - SILENT_MILLISECONDS
        least = held
        for other in self.others:
            place = other * NUMBERS_PER_SLOT
            if TAKES_NONE < self.numbers[place] < least and self.numbers[place + 1] >= heard_since:
                least = self.numbers[place]
        return held <= least + max(1, least // 8)


def now_milliseconds() -> int:
    return time.monotonic_ns() // 1_000_000
