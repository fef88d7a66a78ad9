"""The group of five hundred, its chair's browser, and what everybody was told in the end."""

import re
import time
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import Error, close_old_connections, connection, transaction
from django.urls import reverse
from django.utils import timezone

from common.access import Level
from common.mail.claims import LOCKS
from common.mail.models import Message
from common.times import since
from members.organizations.models import Affiliation
from members.people.models import Person
from notifications.models import Event, Notification, Preference
from tests import factories
from tests.browser import signed_in
from tests.server.running import Platform, eventually
from workinggroups.discussion.models import Topic
from workinggroups.groups.models import Group, Participation

PEOPLE = 500
# So many of them want mail at once; the others have it in the inbox and in tomorrow's digest.
MAILED = 100
CHAIR = "chair@chaos.example"
AWAY_SECONDS = 60
# What was put off by a sweeper, a restart and its pause, and a slow machine's mails a second.
TOLD_SECONDS = 120
SLOW_MAILS_A_SECOND = 10


Answer = TypeVar("Answer")


def persist(ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for again while the database is away."""
    end = time.monotonic() + AWAY_SECONDS
    while True:
        close_old_connections()
        try:
            return ask()
        except Error:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@transaction.atomic
def make_group() -> Group:
    organization = factories.organization("Chaos Labs")
    chair = factories.member_of(organization, "Chiara Chair", email=CHAIR)
    group = factories.group("Chaos", chair=chair)
    people = Person.objects.bulk_create(
        Person(name=f"Person {number}", email=f"p{number}@chaos.example")
        for number in range(PEOPLE)
    )
    joined = since(timezone.now() - timedelta(days=30))
    Affiliation.objects.bulk_create(
        Affiliation(person=person, organization=organization, source="staff", during=joined)
        for person in people
    )
    Participation.objects.bulk_create(
        Participation(group=group, person=person, organization=organization, during=joined)
        for person in people
    )
    Preference.objects.bulk_create(
        Preference(person=person, kind="topic_started", rhythm="now") for person in people[:MAILED]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return group


class Chair:
    """The chair's browser. A topic whose answer was lost is started again unless it stands."""

    def __init__(self, running: Platform, group: Group) -> None:
        self.group = group
        self.page = f"http://localhost:{running.port}{reverse('topic-start', args=[group.slug])}"
        session = (
            signed_in(Person.objects.get(email=CHAIR)).cookies[settings.SESSION_COOKIE_NAME].value
        )
        self.cookies = {settings.SESSION_COOKIE_NAME: session}

    def start_topic(self, title: str) -> None:
        end = time.monotonic() + AWAY_SECONDS
        while not persist(Topic.objects.filter(group=self.group, title=title).exists):
            try:
                self.send(title)
            except OSError:  # no answer, or one that says "in a moment"
                assert time.monotonic() < end, f"{title} could not be started"
                time.sleep(0.1)

    def send(self, title: str) -> None:
        form = self.ask()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token, form[:500]
        values = {"title": title, "level": str(Level.MEMBERS.value), "source": "What do we do?"}
        self.ask(urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token[1]}).encode())

    def ask(self, data: bytes | None = None) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = urllib.request.Request(self.page, data, {"Cookie": cookies})
        with urllib.request.urlopen(request, timeout=20) as answer:
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return str(answer.read().decode())


def stands(title: str) -> bool:
    return persist(Topic.objects.filter(title=title).exists)


def is_expanded(title: str) -> bool:
    """Whether the people to be told of this topic have been listed; False while it is not there."""
    topic = Topic.objects.filter(title=title).first()
    return bool(
        topic
        and Event.objects.filter(ref__topic=str(topic.uuid), expanded_at__isnull=False).exists()
    )


def in_inbox(title: str) -> int:
    """How many people have this topic in their inbox."""
    topic = Topic.objects.filter(title=title).first()
    notified = Notification.objects.filter(
        channel="inbox", event__ref__topic=str(topic and topic.uuid)
    )
    return notified.count()


def is_sending() -> bool:
    """Whether a living sender is at work; rows that a dead one has claimed do not count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE classid = %s", [LOCKS])
        return bool(cursor.fetchone()[0])


def wait_until_all_notified(mails: int) -> float:
    """Nothing waits any more, where about so many mails do; the seconds that took."""

    def is_done() -> bool:
        time.sleep(0.3)
        return not (
            Event.objects.filter(expanded_at__isnull=True).exists()
            or Notification.objects.filter(state="waiting", rhythm="now").exists()
            or Message.objects.exclude(state="sent").exists()
        )

    return eventually(
        lambda: persist(is_done), "everybody is told", TOLD_SECONDS + mails / SLOW_MAILS_A_SECOND
    )


class Mailbox:
    """What the platform's relay has taken."""

    def __init__(self, running: Platform) -> None:
        self.folder: Path = running.data / "mailbox"

    def count(self) -> int:
        return sum(path.suffix == ".eml" for path in self.folder.glob("[0-9]*"))

    def ids(self, titles: list[str]) -> dict[tuple[str, str], list[str]]:
        """Every Message-ID under which somebody had mail of a topic."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        headers = BytesHeaderParser()
        for path in self.folder.glob("*.eml"):
            with path.open("rb") as file:
                mail = headers.parse(file)
            words = " ".join(str(mail["Subject"]).split())
            title = next((title for title in titles if words.endswith(title)), None)
            if title:
                found[str(mail["To"]), title].append(str(mail["Message-ID"]))
        return found


def figures(mailbox: Mailbox, titles: list[str]) -> dict[str, int]:
    """What must be nothing, and what SMTP cannot promise."""
    inbox = Counter(
        Notification.objects.filter(channel="inbox").values_list("event__ref__topic", "person_id")
    )
    ids = mailbox.ids(titles)
    return {
        "topics lost": len(titles) - Topic.objects.filter(title__in=titles).count(),
        "inbox lost": PEOPLE * len(titles) - len(inbox),
        "inbox doubled": sum(count - 1 for count in inbox.values()),
        "mail lost": MAILED * len(titles) - len(ids),
        "mail repeated under another Message-ID": sum(
            len(set(found)) > 1 for found in ids.values()
        ),
        "mail repeated under the same Message-ID (allowed, once a kill)": sum(
            len(found) - len(set(found)) for found in ids.values()
        ),
    }
