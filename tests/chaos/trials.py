"""The trials one after the other, the emptied broker, and the sum of it all."""

import os
import random
import signal
import threading
import time

import redis
from django.conf import settings

from tests.chaos import notified, victims
from tests.server.running import Platform, below, kill

# The promise after a broker lost everything: the sweepers' half minute and the mailing itself.
CAUGHT_UP_SECONDS = 60
# The promise of the inbox while the relay says nothing.
HEARD_SECONDS = 5
RELAY = "alliance.server.mailcatcher"


def run(running: Platform, trials: int, chance: random.Random) -> int:
    began = time.monotonic()
    group = notified.make_group()
    chair, mailbox = notified.Chair(running, group), notified.Mailbox(running)
    print(f"  {notified.PEOPLE} people made in {time.monotonic() - began:.0f} s", flush=True)
    titles = ["Silent relay", "Silent relay still"]
    heard = silence_relay(running, chair, titles)
    print(f"  relay silent: everybody had it in the inbox after {heard:.1f} s", flush=True)
    began = time.monotonic()
    kills = []
    for plan in victims.plans(trials, chance, notified.MAILED):
        titles.append(f"Trial {len(titles) - 1}")
        victims.await_victim(running, plan.victim)
        shot = victims.Kill(running, plan, chance, mailbox, titles)
        killer = threading.Thread(target=shot.when_due, daemon=True)
        killer.start()
        chair.start_topic(titles[-1])
        killer.join(victims.BACK_SECONDS)
        assert not killer.is_alive(), "the killer waits for ever"
        kills.append(shot)
        print(f"  {titles[-1]} at {time.monotonic() - began:.0f} s: {shot}", flush=True)
    print(f"  trials took {time.monotonic() - began:.0f} s", flush=True)
    took = notified.wait_until_all_notified(notified.MAILED * len(titles) - mailbox.count())
    print(f"  all told {took:.0f} s after the last trial", flush=True)
    titles.append("Trial with an emptied broker")
    caught_up = empty_broker(running, chair, mailbox, titles)
    print(f"  broker emptied twice: caught up within {caught_up:.0f} s", flush=True)
    print(victims.summary(kills))
    # The workers that died before the emptied broker count as well.
    hits = sum(shot.hit > 0 for shot in kills) + 1
    return judge(notified.figures(mailbox, titles), caught_up, heard, len(titles), hits)


def silence_relay(running: Platform, chair: notified.Chair, titles: list[str]) -> float:
    """The relay takes connections and says nothing while two topics are told; the seconds
    until everybody has the second in the inbox. The mails go out later."""
    relay = next(pid for pid, line in running.children().items() if RELAY in line)
    for victim in victims.VICTIMS:
        victims.await_victim(running, victim)
    os.kill(relay, signal.SIGSTOP)
    try:
        chair.start_topic(titles[0])
        # Now its mails meet the silence.
        victims.wait_for(lambda: notified.persist(notified.is_sending), HEARD_SECONDS)
        chair.start_topic(titles[1])
        began = time.monotonic()
        victims.wait_for(
            lambda: notified.in_inbox(titles[-1]) >= notified.PEOPLE, 4 * HEARD_SECONDS
        )
        return time.monotonic() - began
    finally:
        os.kill(relay, signal.SIGCONT)


def empty_broker(
    running: Platform, chair: notified.Chair, mailbox: notified.Mailbox, titles: list[str]
) -> float:
    """The bell of a topic is lost before a worker hears it, and whatever the broker holds again
    amid the mails; the seconds from the first loss until everybody was told."""
    broker = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=10)
    for victim in victims.VICTIMS:
        victims.await_victim(running, victim)
    before = mailbox.count()
    for worker in victims.heads(running, "worker"):
        for pid in (worker, *below(worker)):
            kill(pid)
    chair.start_topic(titles[-1])
    broker.flushall()
    began = time.monotonic()
    assert victims.wait_for(lambda: mailbox.count() > before, CAUGHT_UP_SECONDS), "no mail came"
    broker.flushall()
    notified.wait_until_all_notified(notified.MAILED)
    return time.monotonic() - began


def judge(figures: dict[str, int], caught_up: float, heard: float, topics: int, kills: int) -> int:
    for name, value in figures.items():
        print(f"  {name}: {value}")
    bad = [name for name, value in figures.items() if value and "allowed" not in name]
    if sum(value for name, value in figures.items() if "allowed" in name) > kills:
        bad.append(f"more mails repeated than there were kills ({kills})")
    if heard > HEARD_SECONDS:
        bad.append("a silent relay held up the inbox")
    if caught_up > CAUGHT_UP_SECONDS:
        bad.append("an emptied broker took too long")
    if bad:
        print("FAILED: " + ", ".join(bad))
        return 1
    print(f"OK: {topics} topics told to 500 people, nothing lost or doubled")
    return 0
