"""What reading Markdown costs, as `make bench` prints it; `python -m bench.reading` prints it alone."""

import gc
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from operator import itemgetter
from pathlib import Path

from common.errors import Invalid
from common.text.limits import Limit
from common.text.markdown import TextKind, read
from tests.text.hostile import pathological

HOSTILE_SECONDS = 0.25
_MINUTES = (
    "## Item {n}\n\nThe chair opened item {n}; *nobody* objected, and **Aino** will write to the\n"
    "[members](https://a.example/{n}) before the next meeting. It costs 500 euros.\n\n"
    "- [ ] Write to the members\n- [x] Book the room\n\n"
)
_LISTS = (
    "- one thing {n}\n  - another **thing**\n    - a third, with `code`\n\n      and a paragraph\n"
)
_TABLE = "| {n} | a cell with words | **strong** | [link](x{n}.md) |\n"
_CJK = "規格の**「安全性」**は第{n}版です。**注意：**期限は月末とします。会合は四月に開きます。\n\n"


def benign(size: int) -> dict[str, str]:
    """Texts of this size that people write."""

    def filled(pattern: str, share: int = 1) -> str:
        return "".join(
            pattern.format(n=n) for n in range(size // (len(pattern.encode()) + 8) // share)
        )

    head = "| n | words | strong | link |\n|--:|:--|---|---|\n"
    return {
        "minutes": filled(_MINUTES),
        "nested lists": filled(_LISTS),
        # Cells are counted: more of them are refused.
        "tables": filled(_MINUTES, 2) + "\n\n".join([head + filled(_TABLE, 80)] * 38)[:size],
        "Japanese": filled(_CJK),
    }


def seconds(source: str, kind: TextKind, tries: int, enough: float) -> float:
    """The best of several tries, in seconds of this thread; a text may be refused in words."""
    best = float("inf")
    for _try in range(tries):
        started = time.thread_time()
        with suppress(Invalid):
            read(source, kind)
        best = min(best, time.thread_time() - started)
        if best < enough:
            break
    return best


def pace() -> float:
    """How many times as long as on an idle machine of 2024 plain Python takes here, at least 1."""

    def work() -> float:
        started = time.thread_time()
        pieces: dict[str, int] = {}
        for number in range(60_000):
            pieces[str(number & 1023)] = number
        return time.thread_time() - started

    return max(1.0, min(work() for _try in range(3)) / 0.010)


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def growth(times: int, source: str, say: Callable[[str], object] = print) -> float:
    """Megabytes that this process gained while it read a text so often, after a few times to warm up."""
    for _time in range(2):
        read(source, TextKind.NOTES)
    gc.collect()
    before = resident_megabytes()
    for _time in range(times):
        read(source, TextKind.NOTES)
    gc.collect()
    gained = resident_megabytes() - before
    say(f"{times} readings of {len(source.encode()) // 1024} KB: {gained:+.1f} MB")
    return gained


def main(times: int = 200) -> None:
    for name, source in benign(Limit.NOTES).items():
        took = seconds(source, TextKind.NOTES, tries=3, enough=0)
        print(
            f"reading {len(source.encode()) // 1024} KB of {name}: {took:.2f} s (goal: at most 1 s)"
        )
    for kind, limit in ((TextKind.POST, Limit.POST), (TextKind.NOTES, Limit.NOTES)):
        slowest = {
            name: seconds(source, kind, tries=3, enough=HOSTILE_SECONDS / 2)
            for name, source in pathological(limit).items()
        }
        name, took = max(slowest.items(), key=itemgetter(1))
        print(
            f"reading the dearest of {len(slowest)} hostile families at {limit // 1024} KB, {name}: "
            f"{took:.2f} s (goal: at most {HOSTILE_SECONDS} s)"
        )
    growth(times, benign(Limit.NOTES)["minutes"])


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DEVELOPMENT", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()
    main()
