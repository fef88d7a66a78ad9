"""What it costs to tell ten thousand people something: the listing, the request, the mails.

Each is held against the least that would do: one bare statement, the same request in a group of
ten, and `smtplib` alone on one connection. The platform's workers are paused meanwhile.
"""

import os
import signal
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from bench.platform import ROOT, Platform
from common.access import Level
from common.mail.choices import TURN_SECONDS
from common.mail.compose import compose
from common.mail.deliver import deliver_due
from common.mail.models import Message
from common.names import lookup_key, sort_key
from common.times import since
from members.organizations.models import Affiliation, Organization
from members.people.models import Person
from notifications.deliver import hand_over
from notifications.fan_out import fan_out
from notifications.mails import render_notification
from notifications.models import Event, Notification, Preference
from workinggroups.discussion import actions
from workinggroups.groups.models import Group, Participation

FAN_OUT_GOAL = 0.5
REQUEST_GOAL = 1.2
MAIL_GOAL = 0.25
TASKS_GOAL = 100
BATCH = 1000  # rows an INSERT while the people are made

# The same rows as the product writes, without asking who may read.
BARE = """
INSERT INTO notifications_notice (event_id, person_id, channel, state, rhythm, due_at, created_at)
SELECT %(event)s, s.person_id, c.channel, c.state, COALESCE(p.rhythm, 'digest'), now(), now()
  FROM groups_participation s
  CROSS JOIN (VALUES ('inbox', 'done'), ('mail', 'waiting')) c(channel, state)
  LEFT JOIN notifications_preference p
         ON p.person_id = s.person_id AND p.kind = 'topic_started' AND p.scope_uuid IS NULL
 WHERE s.group_id = %(group)s
ON CONFLICT DO NOTHING
"""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Counts:
    many: int = 10_000
    few: int = 10
    mails: int = 1000
    rounds: int = 5


def report(running: Platform, writer: Person, session: str) -> list[str]:
    """Prints a line a figure; the goals missed, in words. `writer` is signed in as `session`."""
    counts = Counts()
    with paused(running):
        figures = measure(counts, writer, session)
    return said(counts, *figures)


def measure(counts: Counts, writer: Person, session: str) -> tuple[float, float, float, float]:
    few, many = groups(counts, writer)
    fan_out = share_of_bare_statement(counts, many, writer)
    request = request_of_many_to_few(counts, few, many, session)
    return fan_out, request, *mails_a_second(counts, many, writer)


def said(counts: Counts, fan_out: float, request: float, mails: float, raw: float) -> list[str]:
    many, few = counts.many, counts.few
    tasks = 2 + int(many / mails / TURN_SECONDS)
    print(
        f"\ntelling {many:,} in the app: {fan_out:.2f} of one bare statement (goal: {FAN_OUT_GOAL})"
    )
    print(f"request that tells {many:,} against {few}: {request:.2f} times (goal: {REQUEST_GOAL})")
    print(
        f"mails: {mails:.0f}/s from one process, smtplib alone {raw:.0f}/s: "
        f"{mails / raw:.2f} of it (goal: {MAIL_GOAL})"
    )
    print(f"tasks to mail {many:,} at that pace: about {tasks} (goal: at most {TASKS_GOAL})")
    found = [
        (fan_out < FAN_OUT_GOAL, f"telling {many:,}: {fan_out:.2f} of a bare statement"),
        (request > REQUEST_GOAL, f"request that tells {many:,}: {request:.2f} times that of {few}"),
        (mails / raw < MAIL_GOAL, f"mails: {mails / raw:.2f} of smtplib alone"),
        (tasks > TASKS_GOAL, f"tasks to mail {many:,}: {tasks}"),
    ]
    return [words for is_missed, words in found if is_missed]


# --- the people -------------------------------------------------------------------------------


@transaction.atomic
def groups(counts: Counts, writer: Person) -> tuple[Group, Group]:
    """A group of a few and one of many; the writer sits in both."""
    start = timezone.now().replace(microsecond=0)
    home = Organization.objects.order_by("pk")[0]
    people: list[Person] = Person.objects.bulk_create(
        [
            Person(
                name=f"Told {number:05d}",
                sort_name=sort_key(f"Told {number:05d}"),
                search_name=lookup_key(f"Told {number:05d}"),
                email=f"told{number}@people.example",
                joined_at=start,
            )
            for number in range(counts.many)
        ],
        batch_size=BATCH,
    )
    Affiliation.objects.bulk_create(
        [
            Affiliation(person=person, organization=home, source="staff", during=since(start))
            for person in people
        ],
        batch_size=BATCH,
    )
    Preference.objects.bulk_create(
        [
            Preference(person=person, kind="topic_started", rhythm="digest")
            for person in people[::3]
        ],
        batch_size=BATCH,
    )
    area = Group.objects.order_by("pk")[0].focus_area
    few, many = Group.objects.bulk_create(
        Group(
            name=name,
            sort_name=sort_key(name),
            search_name=lookup_key(name),
            slug=slug,
            purpose="We are told.",
            focus_area=area,
            listing="public",
            admission="open",
            content="alliance",
            state="active",
        )
        for name, slug in (("Told, few", "told-few"), ("Told, many", "told-many"))
    )
    Participation.objects.bulk_create(
        [
            Participation(group=group, person=person, organization=home, during=since(start))
            for group, seated in ((few, people[: counts.few]), (many, people))
            for person in [writer, *seated]
        ],
        batch_size=BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return few, many


@contextmanager
def paused(running: Platform) -> Iterator[None]:
    """The platform's own workers neither help nor take the processors."""
    pids = [pid for pid, line in running.children().items() if "-m celery" in line]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


# --- what is measured -------------------------------------------------------------------------


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def share_of_bare_statement(counts: Counts, group: Group, writer: Person) -> float:
    """How fast an event is expanded, as a share of the bare statement; both are rolled back."""

    def bare(event: Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, {"event": event.pk, "group": group.pk})

    def once(act: Callable[[Event], None]) -> float:
        with transaction.atomic():
            event = announced(group, writer)
            took = seconds(lambda: act(event))
            assert event.notifications.count() >= 2 * counts.many
            transaction.set_rollback(True)
        return took

    pairs = [(once(bare), once(fan_out)) for _ in range(counts.rounds)]
    return statistics.median(bare for bare, _ in pairs) / statistics.median(
        ours for _, ours in pairs
    )


def announced(group: Group, writer: Person) -> Event:
    """The event of a new topic that all of the group read."""
    topic = actions.start_topic(
        actor=writer,
        group=group,
        title=f"News {next(_numbers)}",
        source="What do we do?",
        level=Level.MEMBERS,
    )
    return Event.objects.get(dedupe_key=f"topic_started:{topic.uuid}")


def request_of_many_to_few(counts: Counts, few: Group, many: Group, session: str) -> float:
    """How many times longer the request takes that tells the many."""
    client = Client(SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = session

    def post(group: Group) -> float:
        title = f"News {next(_numbers)}"
        values = {"title": title, "level": Level.MEMBERS.value, "source": "What do we do?"}
        path = reverse("topic-start", args=[group.slug])
        began = time.perf_counter()
        answer = client.post(path, values)
        took = time.perf_counter() - began
        assert answer.status_code == 302, answer.content[:500]
        return took

    post(few), post(many)
    pairs = [(post(few), post(many)) for _ in range(3 * counts.rounds)]
    return statistics.median(many for _, many in pairs) / statistics.median(few for few, _ in pairs)


def mails_a_second(counts: Counts, group: Group, writer: Person) -> tuple[float, float]:
    """By the product, rights and words and delivery rows included; and by `smtplib` alone."""
    event = announced(group, writer)
    fan_out(event)
    chosen = event.notifications.filter(channel="mail").order_by("pk")[: counts.mails].values("pk")
    Notification.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(
        rhythm="now"
    )
    hand_over(counts.mails)
    message = Message.objects.filter(state="queued")[0]
    words = render_notification(message)
    assert words is not None
    content = compose(message, words).message().as_bytes()
    with sink() as port:
        to_sink = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_USE_TLS": False}
        with override_settings(EMAIL_HOST_USER="", EMAIL_USE_SSL=False, **to_sink):
            taken = 0

            def deliver() -> None:
                nonlocal taken
                taken = deliver_due(seconds=600)

            ours = seconds(deliver)
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as relay:

            def send() -> None:
                for _ in range(counts.mails):
                    relay.sendmail("bench@people.example", ["told@people.example"], content)

            raw = seconds(send)
    assert taken >= counts.mails, taken
    return taken / ours, counts.mails / raw


@contextmanager
def sink() -> Iterator[int]:
    """The port of a bare relay in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.sink", str(listener.fileno())],
            cwd=ROOT,
            pass_fds=[listener.fileno()],
        )
        try:
            yield int(listener.getsockname()[1])
        finally:
            process.kill()
            process.wait(10)
