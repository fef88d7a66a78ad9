"""Kills processes of a running platform at random while five hundred people are told things.

    make chaos              50 trials
    make chaos ARGS=10      as many as it says

Each trial starts a topic in a group of 500 and, at a random moment around it, sends SIGKILL to one
of: worker, broker, web process, database. At the end everybody must have been told of every topic:
none lost, none doubled in the inbox, and mail repeated only under the same Message-ID, which is
what a kill between the relay's answer and our commit leaves (SMTP cannot promise more).
"""

import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tests.server.running import Platform, eventually, platform

PEOPLE = 500
VICTIMS = {
    "worker": "celery",
    "broker": "valkey",
    "web": "alliance.server.web",
    "database": "postgres -D",
}
# A mail in the hands of a killed worker is free again when its lease ends (common.mail.choices).
LONGEST_WAIT_SECONDS = 420


def main() -> int:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(os.environ.get("SEED") or time.time_ns() % 1_000_000)
    print(f"{trials} trials with {PEOPLE} people, SEED={seed}", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as folder,
        platform(Path(folder) / "data") as running,
    ):
        running.start()
        connect(running)
        return run(running, trials, random.Random(seed))


def connect(running: Platform) -> None:
    """This process becomes one more client of the platform's servers."""
    import json

    import django

    served = json.loads((running.data / "run.json").read_text())
    os.environ.update(
        DJANGO_SETTINGS_MODULE="alliance.settings",
        DEVELOPMENT="1",
        DATA_DIR=str(running.data),
        DATABASE_URL=served["database_url"],
        REDIS_URL=served["redis_url"],
    )
    django.setup()


def run(running: Platform, trials: int, chance: random.Random) -> int:
    group, chair = make_group()
    titles = []
    for trial in range(trials):
        victim = chance.choice(list(VICTIMS))
        title = f"Trial {trial + 1}"
        killer = threading.Timer(chance.uniform(0, 1.5), kill, (running, victim))
        killer.start()
        start_topic(group, chair, title)
        titles.append(title)
        killer.join()
        print(f"  {title}: killed {victim}", flush=True)
        time.sleep(chance.uniform(0.5, 2))
    wait_until_told(group, len(titles))
    return judge(running, group, titles)


def kill(running: Platform, victim: str) -> None:
    pids = [pid for pid, line in running.children().items() if VICTIMS[victim] in line]
    # The oldest is the parent: the worker's or the database's own master.
    for pid in sorted(pids)[:1]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def persist(act: Any) -> Any:
    """The act, tried again while the database is away."""
    from django.db import InterfaceError, OperationalError, close_old_connections

    end = time.monotonic() + 90
    while True:
        close_old_connections()
        try:
            return act()
        except (InterfaceError, OperationalError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def make_group() -> tuple[Any, Any]:
    from django.db import connection

    from notifications.models import Preference
    from tests import factories

    organization = factories.organization("Chaos Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Chaos", chair=chair)
    for number in range(PEOPLE):
        person = factories.member_of(
            organization, f"Person {number}", email=f"p{number}@chaos.example", password=False
        )
        factories.seat(group, person)
        Preference.objects.create(person=person, kind="topic_started", rhythm="now")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return group, chair


def start_topic(group: Any, chair: Any, title: str) -> None:
    """The topic is there once, whatever was killed while it was being started."""
    from workinggroups.discussion import actions
    from workinggroups.discussion.models import Topic

    def act() -> None:
        if not Topic.objects.filter(group=group, title=title).exists():
            actions.start_topic(actor=chair, group=group, title=title, source="What do we do?")

    persist(act)


def wait_until_told(group: Any, topics: int) -> None:
    from common.mail.models import Message
    from notifications.models import Event, Notice

    def is_told() -> bool:
        def ask() -> bool:
            return (
                not Event.objects.filter(expanded_at__isnull=True).exists()
                and not Notice.objects.filter(state="waiting").exists()
                and not Message.objects.exclude(state="sent").exists()
            )

        time.sleep(0.5)
        return bool(persist(ask))

    took = eventually(is_told, "everybody is told", LONGEST_WAIT_SECONDS)
    print(f"  all told {took:.0f} s after the last trial", flush=True)


def judge(running: Platform, group: Any, titles: list[str]) -> int:
    from email import message_from_bytes, policy

    from notifications.models import Notice
    from workinggroups.discussion.models import Topic

    assert Topic.objects.filter(group=group).count() == len(titles)
    inbox = Counter(
        Notice.objects.filter(channel="inbox").values_list("event__ref__topic", "person_id")
    )
    expected = PEOPLE * len(titles)
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in (running.data / "mailbox").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        title = next((title for title in titles if str(mail["Subject"]).endswith(title)), None)
        if title:
            ids[str(mail["To"]), title].append(str(mail["Message-ID"]))
    lost_mail = expected - len(ids)
    foreign = sum(len(set(found)) > 1 for found in ids.values())
    repeated = sum(len(found) - 1 for found in ids.values())
    figures = {
        "inbox lost": expected - len(inbox),
        "inbox doubled": sum(count - 1 for count in inbox.values()),
        "mail lost": lost_mail,
        "mail repeated under another Message-ID": foreign,
        "mail repeated under the same Message-ID (allowed)": repeated,
    }
    for name, value in figures.items():
        print(f"  {name}: {value}")
    bad = [name for name, value in figures.items() if value and "allowed" not in name]
    print(
        "FAILED: " + ", ".join(bad) if bad else f"OK: {expected} notices, nothing lost or doubled"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
