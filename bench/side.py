"""One of the two platforms that `bench.against` compares, in a process of its own.

    python /…/bench/side.py DATA_DIR WEB_PROCESSES

The working folder is the tree of a commit, and `bench` and everything else is imported from there,
so this file uses nothing else of its own tree. It starts that commit's platform, builds its world,
writes what was made as one line of JSON, and then answers each line of JSON on standard input by
one. It ends with its standard input.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

TREE = Path.cwd()
# What a commit's bench may lack, or measure in another way than is asked here.
ABSENT = (ImportError, AttributeError, TypeError)


class Side:
    """A running platform, its world, and what can be asked of both."""

    def __init__(self, running: Any, until_end: ExitStack) -> None:
        from bench import measuring, world

        self.running = running
        self.until_end = until_end
        self.world = world.build(measuring.SIZES)
        world.settle()
        self.session = world.sign_in(self.world.member)
        self.rows = measuring.pages(self.world, self.session)

    def described(self) -> dict[str, Any]:
        """Return where the platform is, how to sign in, and its rows."""
        from django.conf import settings

        return {
            "url": self.running.url,
            "pid": self.running.process.pid,
            "cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}",
            "rows": [
                {
                    "name": row.name,
                    "path": row.path,
                    "headers": row.asked_with,
                    "signed_in": bool(row.session),
                    "status": row.status,
                }
                for row in self.rows
            ],
        }

    def queries(self, path: str, headers: dict[str, str]) -> int:
        """Return how many queries the second visit of a page takes, in this process."""
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        client = Client(SERVER_NAME="localhost")
        fresh = {name: each for name, each in headers.items() if name != "If-None-Match"}
        tag = client.get(path, headers=fresh).headers.get("ETag", "")
        # A copy of this process: the running platform names another host in what it answers.
        copy = {"If-None-Match": tag} if "If-None-Match" in headers else {}
        with CaptureQueriesContext(connection) as captured:
            client.get(path, headers=fresh | copy)
        return len(captured)

    def figure(self, name: str) -> float | None:
        """Return a figure that is no page's, the more the better; None where it is not offered."""
        try:
            return FIGURES[name](self)
        except ABSENT as error:
            print(f"{TREE}: {name}: {type(error).__name__}: {error}", file=sys.stderr)
            return None

    @cached_property
    def told(self) -> tuple[Any, Any, Any]:
        """Counts, a group of few, a group of many. The workers rest from now on:
        what they would do for ten thousand people falls on neither side."""
        from bench import telling

        self.until_end.enter_context(telling.paused(self.running))
        counts = telling.Counts(rounds=3)
        return (counts, *telling.groups(counts, self.world.member))


def fan_out(side: Side) -> float:
    from bench import telling

    counts, _few, many = side.told
    return telling.share_of_bare_statement(counts, many, side.world.member)


def request(side: Side) -> float:
    from bench import telling

    return 1 / telling.request_of_many_to_few(*side.told, side.session)


def mails(side: Side) -> float:
    from bench import telling

    counts, _few, many = side.told
    ours, alone = telling.mails_a_second(counts, many, side.world.member)
    return ours / alone


def searches(side: Side) -> float:
    import statistics

    from bench import searching

    return 1000 / statistics.median(searching.milliseconds(side.world.member.pk, 0.0))


def reading(side: Side) -> float:
    reading = import_module("bench.reading")  # with the names that it imports itself
    minutes = reading.benign(reading.Limit.NOTES)["minutes"]
    return 1 / float(reading.seconds(minutes, reading.TextKind.NOTES, tries=1, enough=0))


# Each a rate or a share of something bare: the more the better.
FIGURES: dict[str, Callable[[Side], float]] = {
    "search, answers a second": searches,
    "minutes read a second": reading,
    "telling 10,000, of one bare statement": fan_out,
    "request that tells 10, of one that tells 10,000": request,
    "mails, of smtplib alone": mails,
}


def main() -> None:
    data, web_processes = Path(sys.argv[1]), int(sys.argv[2])
    sys.path[0] = str(TREE)  # in place of the folder of this file
    # Answers alone go where the other process reads; what a bench prints goes to the terminal.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from bench.platform import HIDDEN, platform

    with ExitStack() as until_end:
        running = until_end.enter_context(platform(data, web_processes))
        running.start()
        for name in HIDDEN:
            os.environ.pop(name, None)
        os.environ.update(running.environment, DJANGO_SETTINGS_MODULE="bench.settings")
        import django

        django.setup()
        logging.getLogger("alliance.request").setLevel(logging.WARNING)
        serve(Side(running, until_end), answers)


def serve(side: Side, answers: TextIO) -> None:
    def say(answer: object) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    say(side.described())
    for line in sys.stdin:
        question = json.loads(line)
        if "figure" in question:
            say(side.figure(question["figure"]))
        else:
            say(side.queries(question["path"], question["headers"]))


if __name__ == "__main__":
    main()
