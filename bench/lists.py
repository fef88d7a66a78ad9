"""Every list page over the large alliance: as many queries as over a small one, and quick."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.world import World, sign_in
from members.people.models import Person
from workinggroups.groups.models import Group, Participation
from workinggroups.meetings.models import Meeting

PAGE_QUERIES = 15
API_QUERIES = 8

OF_A_GROUP = ("meetings", "topics", "decisions", "deliverables", "group-actions")
OF_A_MEMBER = ("my-work", "inbox", "calendar", "groups", "directory", "members", "catalogue")
OF_STAFF = (
    "staff",
    "staff-accounts",
    "staff-organizations",
    "staff-applications",
    "staff-groups",
    "staff-mail",
    "staff-record",
)
OF_THE_API = (
    "notice",
    "organization",
    "group",
    "action-item",
    "topic",
    "post",
    "meeting",
    "decision",
    "deliverable",
    "revision",
    "publication",
)


@dataclass(frozen=True, slots=True)
class Cost:
    status: int
    queries: int
    milliseconds: float


def report(made: World) -> list[str]:
    """Prints a line a list; the limits missed, in words."""
    member, staff = browser(made.member), browser(_staff())
    small = _smallest_of(made.member)
    print(f"\n{'list':<28}{'queries':>9}{'ms':>8}{'queries, small group':>22}")
    missed: list[str] = []
    for name in OF_A_GROUP:
        large = cost(member, reverse(name, args=[made.large.slug]))
        few = cost(member, reverse(name, args=[small.slug]))
        missed += list(misses(name, large, PAGE_QUERIES, few))
    crowd, somebody = _largest()
    few = cost(member, reverse("group-people", args=[small.slug]))
    large = cost(browser(somebody), reverse("group-people", args=[crowd.slug]))
    missed += list(misses("group-people", large, PAGE_QUERIES, few))
    for client, names in ((member, OF_A_MEMBER), (staff, OF_STAFF)):
        for name in names:
            missed += list(misses(name, cost(client, reverse(name)), PAGE_QUERIES))
    missed += list(misses("search", cost(member, f"{reverse('search')}?q=test"), PAGE_QUERIES))
    for kind in OF_THE_API:
        path = f"{reverse(f'api-{kind}-list')}?limit=50"
        missed += list(misses(f"API {kind}", cost(member, path), API_QUERIES))
    return missed


def misses(name: str, cost: Cost, most: int, few: Cost | None = None) -> Iterator[str]:
    beside = f"{few.queries:>22}" if few else ""
    print(f"{name:<28}{cost.queries:>9}{cost.milliseconds:>8.1f}{beside}", flush=True)
    if cost.status != 200:
        yield f"{name}: {cost.status}"
    if cost.queries > most:
        yield f"{name}: {cost.queries} queries, at most {most}"
    if few and cost.queries > few.queries:
        yield f"{name}: {cost.queries} queries, {few.queries} in a small group"


def browser(person: Person) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = sign_in(person)
    return client


def cost(client: Client, path: str) -> Cost:
    """Of the second visit, so that what is prepared once is prepared."""
    client.get(path)
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    return Cost(answer.status_code, len(captured), (time.perf_counter() - began) * 1000)


def _staff() -> Person:
    found: Person = Person.objects.filter(is_staff=True, is_active=True)[0]
    return found


def _largest() -> tuple[Group, Person]:
    """The group with most people, and one of them."""
    counted = Participation.objects.current().values("group").annotate(n=Count("pk"))
    group = Group.objects.get(pk=counted.order_by("-n")[0]["group"])
    return group, Participation.objects.current().filter(group=group)[0].person


def _smallest_of(person: Person) -> Group:
    """Of the groups this person takes part in, the one that met least and yet twice."""
    own = Participation.objects.current().filter(person=person).values("group")
    counted = (
        Meeting.objects.filter(group__in=own)
        .values("group")
        .annotate(n=Count("pk"))
        .filter(n__gte=2)
        .order_by("n")
    )
    return Group.objects.get(pk=counted[0]["group"])
