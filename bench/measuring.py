"""Which pages are measured, how, and what is printed of each beside its goal."""

import logging
import random
import statistics
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import lists, searching, telling, voting, world
from bench.load import Pace, measure, request
from bench.platform import Platform
from bench.yardsticks import FLOOR, ONE_SELECT
from workinggroups.meetings.actions import reset_feed
from workinggroups.meetings.views.calendar import feed_url

# A thousand of everything that a group lists.
SIZES = world.Sizes(decisions=1000, action_items=1000, topics=1000, notifications=1000)
# The page of a meeting asks most: notes, roll, agenda, decisions, files and drafts among it.
PAGE_QUERIES = 16
LIST_QUERIES = 8
RAW_BYTES = 60 * 1024
GZIP_BYTES = 15 * 1024
API_LIST = "/api/v1/action-items/?limit=50"
MEGABYTES = {"web": 130, "celery": 110}


@dataclass(slots=True)
class Row:
    """One address, for whom, its goal, and what was measured of it."""

    name: str
    path: str
    session: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    # Asked by who has a copy already: with the ETag of the answer before.
    has_copy: bool = False
    of_floor: float | None = None
    of_select: float | None = None
    queries_max: int = PAGE_QUERIES
    raw_max: int | None = RAW_BYTES
    status: int = 200
    answered: int = 0
    queries: int = 0
    raw: int = 0
    gzip: int = 0
    paces: list[Pace] = field(default_factory=list)
    # Of each round, the rate as a share of what the floor reached just before.
    shares: list[float] = field(default_factory=list)

    @property
    def asked_with(self) -> dict[str, str]:
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"}
        return {**self.headers, **(cookie if self.session else {})}

    @property
    def rate(self) -> float:
        return statistics.median(pace.rate for pace in self.paces)

    @property
    def p50(self) -> float:
        return statistics.median(pace.p50 for pace in self.paces)

    @property
    def p95(self) -> float:
        return statistics.median(pace.p95 for pace in self.paces)

    @property
    def failed(self) -> int:
        return sum(pace.failed for pace in self.paces)


def run(running: Platform, folder: Path, *, rounds: int, seconds: int, only: str = "") -> int:
    """Builds the world, measures and prints. The exit code: 1 where a page failed.

    With `only`, nothing but the yardsticks and what has this word in its name.
    """
    logging.getLogger("alliance.request").setLevel(logging.WARNING)  # of this process alone
    began = time.monotonic()
    made = world.build(SIZES)
    world.settle()
    print(f"world built in {time.monotonic() - began:.0f} s\n", flush=True)
    rows = pages(made, world.sign_in(made.member))
    rows[2:] = [row for row in rows[2:] if only in row.name]
    for row in rows:
        look(row)
        take_copy(row, running.url)
        if row.answered != row.status:
            print(f"{row.name}: {row.answered} instead of {row.status}", flush=True)

    def ask(row: Row) -> float:
        pace = measure(running.url + row.path, row.asked_with, seconds=seconds, folder=folder)
        row.paces.append(pace)
        return pace.rate

    floor = rows[1]
    others = [row for row in rows if row is not floor]
    for number in range(rounds):
        # The floor before each row, so that what else the machine does falls on both alike, and in
        # another order each round, so that no row always follows the same one.
        for row in random.Random(number).sample(others, len(others)):
            before = ask(floor)
            row.shares.append(ask(row) / before)
    missed = report(rows)
    parts: dict[str, Callable[[], list[str]]] = {
        "memory": lambda: report_memory(running.weights()),
        "telling, mails": lambda: telling.report(running, made.member, world.sign_in(made.member)),
        "voting, ballots": lambda: voting.report(running),
        "lists": lambda: lists.report(made),
        "searching": lambda: searching.report(made.member.pk),
    }
    for name, part in parts.items():
        if only in name:
            missed += part()
    print("\n" + ("Missed:" if missed else "Every goal is met."))
    for line in missed:
        print(f"  {line}")
    return 1 if any(row.failed for row in rows) else 0


def pages(made: world.World, session: str) -> list[Row]:
    """The yardsticks first. Goals as shares of them."""
    usual, large = made.usual.slug, made.large.slug
    publication = reverse("publication", args=[made.publication.identifier])
    return [
        Row("one-SELECT", ONE_SELECT, raw_max=None),
        Row("floor", FLOOR, session, raw_max=None),
        Row("group, 200 meetings", f"/groups/{usual}/", session, of_floor=0.25, of_select=0.06),
        Row("group, 5,000 meetings", f"/groups/{large}/", session, of_floor=0.25),
        Row("meeting, 20 items, 8 KB", made.meeting.get_absolute_url(), session, of_floor=0.20),
        Row(
            "meeting, 60 items, 200 people",
            made.crowded_meeting.get_absolute_url(),
            session,
            raw_max=None,
        ),
        Row("meetings of 5,000", reverse("meetings", args=[large]), session),
        Row("series, 260 meetings", made.series.get_absolute_url(), session),
        Row(
            "API, 50 action items",
            API_LIST,
            session,
            of_floor=0.40,
            queries_max=LIST_QUERIES,
            raw_max=None,
        ),
        Row("catalogue, anonymous", reverse("catalogue"), of_floor=0.60),
        Row("publication, anonymous", publication, of_floor=0.60),
        # Who brings a cookie of ours gets a page of their own, made each time.
        Row("the same, made anew", publication, headers={"Cookie": "theme=dark"}),
        Row("the same, 304", publication, has_copy=True, of_select=0.40, status=304),
        *calendars(made, session),
        Row("my work", reverse("my-work"), session),
        Row("my calendar", reverse("calendar"), session, raw_max=None),
        Row("inbox", reverse("inbox"), session),
        Row("home, anonymous", reverse("home"), of_floor=0.60),
        Row("home, made anew", reverse("home"), headers={"Cookie": "theme=dark"}),
        Row("groups, anonymous", reverse("groups"), of_floor=0.60),
        Row("members, anonymous", reverse("members"), of_floor=0.60),
    ]


def calendars(made: world.World, session: str) -> list[Row]:
    """The feed of all meetings of the member, which no session is asked for, and one meeting."""
    feed = reset_feed(actor=made.member)
    path = urlsplit(feed_url(feed)).path
    of_group = urlsplit(feed_url(feed, made.series.group)).path
    events = browser().get(path).content.count(b"BEGIN:VEVENT")
    one = reverse("meeting-ics", args=[made.meeting.group.slug, made.meeting.number])
    return [
        Row(f"calendar, {events} meetings", path, of_floor=0.20, raw_max=None),
        Row("calendar, the same, 304", path, has_copy=True, status=304),
        Row("calendar, group with a series", of_group, raw_max=None),
        Row("calendar, the same group, 304", of_group, has_copy=True, status=304),
        Row("calendar, one meeting", one, session, of_floor=0.60),
        Row(
            "API, the same, 304",
            API_LIST,
            session,
            has_copy=True,
            status=304,
            queries_max=LIST_QUERIES,
        ),
    ]


def browser(session: str = "") -> Client:
    client = Client(SERVER_NAME="localhost")
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def look(row: Row) -> None:
    """Counts queries and bytes in this process, once the page was opened before."""
    client = browser(row.session)
    tag = client.get(row.path, headers=row.headers).headers.get("ETag", "")
    copy = {"If-None-Match": tag} if row.has_copy else {}
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(row.path, headers=row.headers | copy)
    row.answered = answer.status_code
    row.queries = len(captured)
    row.raw = len(answer.content)
    row.gzip = len(zlib.compress(answer.content, 6))


def take_copy(row: Row, url: str) -> None:
    """Asks the running platform for the row once: for the ETag of who has a copy, and its status."""
    answered = request(url + row.path, row.asked_with)
    if row.has_copy:
        row.headers = row.headers | {"If-None-Match": answered.tag}
        answered = request(url + row.path, row.asked_with)
    row.answered = answered.status


# --- what is printed --------------------------------------------------------------------------

HEAD = (
    f"{'page':<25}{'req/s':>8}{'p50':>8}{'p95':>8}{'queries':>9}{'bytes':>9}{'gzip':>8}"
    f"{'of floor':>10}{'of 1-SEL':>10}  goal"
)


def report(rows: list[Row]) -> list[str]:
    """Prints a line a page; the goals missed, in words."""
    print(HEAD)
    select = rows[0]
    missed: list[str] = []
    for row in rows:
        of_floor = statistics.median(row.shares) if row.shares else 1.0
        of_select = of_floor / statistics.median(select.shares)
        goals: list[str] = []
        if row.of_floor is not None:
            goals.append(f"floor {row.of_floor:.0%}")
            missed += short(row.name, "of the floor", of_floor, row.of_floor)
        if row.of_select is not None:
            goals.append(f"one-SELECT {row.of_select:.0%}")
            missed += short(row.name, "of one-SELECT", of_select, row.of_select)
        print(
            f"{row.name:<25}{row.rate:>8.0f}{row.p50:>8.1f}{row.p95:>8.1f}{row.queries:>9}"
            f"{row.raw:>9}{row.gzip:>8}{of_floor:>10.0%}{of_select:>10.0%}  {', '.join(goals)}",
            flush=True,
        )
        missed += exact_misses(row)
    return missed + scaling(rows)


def scaling(rows: list[Row]) -> list[str]:
    """Prints how the page of a large group fares beside that of a small one, where both are asked."""
    shares = {row.name: statistics.median(row.shares) for row in rows if row.shares}
    usual, large = shares.get("group, 200 meetings"), shares.get("group, 5,000 meetings")
    if usual is None or large is None:
        return []
    print(
        f"\ngroup page with 5,000 meetings against 200: {large / usual:.2f} (goal: at least 0.90)"
    )
    return short("group, 5,000 meetings", "of the page with 200", large / usual, 0.9)


def short(name: str, what: str, share: float, goal: float) -> list[str]:
    return [] if share >= goal else [f"{name}: {share:.0%} {what}, goal {goal:.0%}"]


def exact_misses(row: Row) -> list[str]:
    """What does not depend on the machine: queries and bytes."""
    found: list[str] = []
    if row.queries > row.queries_max:
        found.append(f"{row.name}: {row.queries} queries, at most {row.queries_max}")
    if row.raw_max is not None and row.raw > row.raw_max:
        found.append(f"{row.name}: {row.raw} bytes, at most {row.raw_max}")
    if row.raw_max is not None and row.gzip > GZIP_BYTES:
        found.append(f"{row.name}: {row.gzip} bytes as gzip, at most {GZIP_BYTES}")
    if row.failed:
        found.append(f"{row.name}: {row.failed} requests failed")
    return found


def report_memory(weights: dict[str, list[float]]) -> list[str]:
    missed: list[str] = []
    for kind, found in weights.items():
        listed = ", ".join(f"{weight:.0f}" for weight in found)
        print(f"memory of {kind} processes (PSS): {listed} MB (goal: at most {MEGABYTES[kind]})")
        missed += [
            f"{kind} process: {weight:.0f} MB, at most {MEGABYTES[kind]}"
            for weight in found
            if weight > MEGABYTES[kind]
        ]
    return missed
