"""`python -m bench [--quick] [--only=WORD] [--against=COMMIT]`: builds, measures, prints."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench import against
from bench.platform import HIDDEN, Failed, Platform, platform

ROUNDS = 7
SECONDS = 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of one second")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds over all pages")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="seconds a page and round")
    # Several processes take turns on the cores: what a page costs beside another shows in one.
    parser.add_argument("--web", type=int, default=1, help="web processes")
    parser.add_argument("--only", default="", metavar="WORD", help="rows with this in their name")
    parser.add_argument("--against", metavar="COMMIT", help="compare this tree with that commit")
    options = parser.parse_args()
    rounds, seconds = (1, 1) if options.quick else (options.rounds, options.seconds)
    if options.against:
        return against.compare(
            options.against, against.Options(rounds, seconds, options.web, options.only)
        )
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as place:
        folder = Path(place)
        folder.chmod(0o711)  # PostgreSQL passes through as somebody else where we are root
        try:
            with platform(folder / "data", options.web) as running:
                return run(running, folder, rounds, seconds, options.only)
        except Failed as error:
            print(f"The platform did not start:\n{error}", file=sys.stderr)
            return 1


def run(running: Platform, folder: Path, rounds: int, seconds: int, only: str) -> int:
    first = running.start()
    print(f"first start, with a new database: {first:.1f} s to the first page", flush=True)
    running.stop()
    again = running.start()
    print(f"second start: {again:.1f} s to the first page (goal: at most 2.5 s)", flush=True)

    # Only now: the settings read where the servers are.
    for name in HIDDEN:
        os.environ.pop(name, None)
    os.environ.update(running.environment, DJANGO_SETTINGS_MODULE="bench.settings")
    import django

    django.setup()
    from bench import measuring, reading

    missed = measuring.run(running, folder, rounds=rounds, seconds=seconds, only=only)
    if only in "reading":
        reading.main(times=200 if rounds > 1 else 20)
    return missed


if __name__ == "__main__":
    sys.exit(main())
