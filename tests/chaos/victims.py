"""Who is killed, and when: each victim in its turn, at a chosen moment of the telling."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from os import kill

from django.db import connection

from tests.chaos import notified
from tests.server.running import Platform, below, eventually

VICTIMS = {
    "worker": "celery --app alliance --quiet worker",
    "broker": "valkey-server",
    "web": "alliance.server.web",
    "database": "postgres -D",
}
# The longest pause before a process that keeps dying is started again is 30 s.
BACK_SECONDS = 60
# START: around the request. TOLD: once the topic stands. AMID: some time after its first mail.
START, TOLD, AMID = "start", "told", "amid"


@dataclass
class Plan:
    """One trial: whom to hit, when, and whether as a whole or one of its processes."""

    victim: str
    moment: str
    whole: bool
    wait_seconds: float
    mails: int


def plans(trials: int, chance: random.Random, mails: int) -> Iterator[Plan]:
    """Every round of four hits every victim; about half of the kills fall amid the mails."""
    for trial in range(trials):
        if trial % len(VICTIMS) == 0:
            round_of_victims = chance.sample(list(VICTIMS), len(VICTIMS))
            moments = chance.sample([START, TOLD, AMID, AMID], len(VICTIMS))
        turn = trial % len(VICTIMS)
        yield Plan(
            victim=round_of_victims[turn],
            moment=moments[turn],
            whole=chance.random() < 0.5,
            wait_seconds=chance.uniform(0, 0.15),
            mails=chance.randrange(1, mails // 2),
        )


def await_victim(running: Platform, victim: str) -> None:
    """Nobody is killed who is still dead: then the trial would be none."""
    eventually(lambda: bool(heads(running, victim)), f"{victim} runs again", BACK_SECONDS)


def heads(running: Platform, victim: str) -> list[int]:
    """The process the supervisor has started as this victim."""
    pids = [pid for pid, line in running.children().items() if VICTIMS[victim] in line]
    return [pid for pid in pids if not any(pid in below(other) for other in pids)]


def strike(running: Platform, plan: Plan, chance: random.Random) -> int:
    """SIGKILL to all of the victim's processes or to one of them; how many were hit."""
    tree = [pid for head in heads(running, plan.victim) for pid in (head, *below(head))]
    hit = 0
    for pid in tree if plan.whole else chance.sample(tree, min(1, len(tree))):
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
            hit += 1
    return hit


def wait_for(check: Callable[[], bool], seconds: float) -> bool:
    """Whether `check` came to hold; looks often, for kills between two steps."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


class Kill:
    """One trial's kill, and what was going on when it fell."""

    def __init__(
        self,
        running: Platform,
        plan: Plan,
        chance: random.Random,
        mailbox: notified.Mailbox,
        titles: list[str],
    ) -> None:
        self.running = running
        self.plan = plan
        self.chance = chance
        self.mailbox = mailbox
        self.title = titles[-1]
        self.topics_before = len(titles) - 1
        self.mails_before = mailbox.count()
        self.hit = 0
        self.is_before_expansion = False
        self.is_amid_sending = False
        self.outstanding = 0

    def when_due(self) -> None:
        """Waits for the planned moment, notes what is going on, and kills."""
        try:
            self.await_moment()
            self.is_before_expansion = not notified.persist(
                lambda: notified.is_expanded(self.title)
            )
            self.is_amid_sending = notified.persist(notified.is_sending)
            topics = self.topics_before + notified.stands(self.title)
            self.outstanding = topics * notified.MAILED - self.mailbox.count()
            self.hit = strike(self.running, self.plan, self.chance)
        finally:
            connection.close()

    def await_moment(self) -> None:
        if self.plan.moment == START:
            time.sleep(self.plan.wait_seconds)
        elif self.plan.moment == TOLD:
            wait_for(lambda: notified.stands(self.title), BACK_SECONDS / 2)
        else:
            goal = self.mails_before + self.plan.mails
            wait_for(lambda: self.mailbox.count() >= goal, BACK_SECONDS / 2)

    def __str__(self) -> str:
        what = "all" if self.plan.whole else "one"
        early = "before its people were listed, " if self.is_before_expansion else ""
        amid = ", a sender at work" if self.is_amid_sending else ""
        return (
            f"{self.plan.victim} ({what}: {self.hit}) {early}{self.outstanding} mails to go{amid}"
        )


def summary(kills: list[Kill]) -> str:
    hit = Counter(kill.plan.victim for kill in kills if kill.hit)
    each = ", ".join(f"{name} {hit[name]}" for name in VICTIMS)
    early = sum(kill.is_before_expansion for kill in kills)
    waiting = sum(kill.outstanding > 0 for kill in kills)
    amid = sum(kill.is_amid_sending for kill in kills)
    return (
        f"  kills: {each}; {early} before the people were listed, "
        f"{waiting} while mails were outstanding, {amid} while a sender was at work"
    )
