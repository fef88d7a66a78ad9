"""Kills processes of a running platform at random while five hundred people are told things.

    make chaos              50 trials
    make chaos ARGS=10      as many as it says; SEED=… chooses the same victims again

First the relay falls silent, which must not hold up the inbox. Then in each trial the chair starts
a topic in a group of 500, on the page, and one of worker, broker, web process and database gets
SIGKILL: around the request, once the topic stands, or amid the
mails. Then the broker is emptied, before a worker heard its bell and again amid the mails. At the
end everybody must have been told of every topic: none lost, none doubled in the inbox, and mail
repeated only under the same Message-ID and at most once a kill, which is what a kill between the
relay's answer and our commit leaves (SMTP cannot promise more).
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from tests.server.running import Platform, platform

# Whatever happens, it ends after so long, and the platform with it.
LIMIT_SECONDS = 300
LIMIT_SECONDS_PER_TRIAL = 20


def main() -> int:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(os.environ.get("SEED") or time.time_ns() % 1_000_000)
    print(f"{trials} trials, SEED={seed}", flush=True)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT_SECONDS + trials * LIMIT_SECONDS_PER_TRIAL)
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as folder,
        platform(Path(folder) / "data") as running,
    ):
        print(f"  a platform started in {running.start():.0f} s", flush=True)
        connect(running)
        from tests.chaos.trials import run  # it needs the settings

        return run(running, trials, random.Random(seed))


def give_up(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("The trials took too long.")


def connect(running: Platform) -> None:
    """This process becomes one more client of the platform's servers."""
    import django

    served = json.loads((running.data / "run.json").read_text())
    os.environ.update(
        DJANGO_SETTINGS_MODULE="alliance.settings",
        DEVELOPMENT="1",
        DATA_DIR=str(running.data),
        SITE_URL=f"http://localhost:{running.port}",
        DATABASE_URL=served["database_url"],
        REDIS_URL=served["redis_url"],
    )
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
