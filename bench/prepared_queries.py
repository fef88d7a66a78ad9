"""What each prepared query buys of the page that asks it; `python -m bench.prepared_queries`.

Every page is drawn with all of its queries prepared and, in turn, with one of them built by Django
as the plain function would be. One that saves less than 3 % of its page is not worth its decorator.
"""

import os
import statistics
import sys
import time
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

import django

ROUNDS = 15
REQUESTS = 12
WORTH_PERCENT = 3.0


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()

    from django.conf import settings
    from django.test import Client

    from common.prepared_statements import PreparedQuery

    settings.PAGES_A_MINUTE = 0  # no limit
    plain: set[str] = set()
    asked: defaultdict[str, int] = defaultdict(int)
    prepared_call = PreparedQuery.__call__

    def call(self: PreparedQuery[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        asked[self.name] += 1
        if self.name in plain:
            return list(self.plain(*args, **kwargs))
        return prepared_call(self, *args, **kwargs)

    PreparedQuery.__call__ = call  # type: ignore[method-assign]

    def seconds(client: Client, path: str) -> float:
        started = time.process_time()
        for _request in range(REQUESTS):
            status = client.get(path).status_code
            if status != 200:
                raise SystemExit(f"{path} is answered {status}.")
        return time.process_time() - started

    bought: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for page, client, path in _pages():
        asked.clear()
        seconds(client, path)
        for name in sorted(asked):
            ratios = []
            for _round in range(ROUNDS):
                with_it = seconds(client, path)
                plain.add(name)
                ratios.append(1 - with_it / seconds(client, path))
                plain.clear()
            bought[name].append((100 * statistics.median(ratios), page))
    print(f"{'prepared query':<40}{'buys':>8}  of the CPU of")
    for name, shares in sorted(bought.items(), key=lambda item: -max(item[1])[0]):
        share, page = max(shares)
        print(
            f"{name:<40}{share:>7.1f}%  {page}{'' if share >= WORTH_PERCENT else '  (too little)'}"
        )
    return 0


def _pages() -> list[tuple[str, Any, str]]:
    """Name, browser and path of the pages opened most, of the largest group of the database."""
    from django.conf import settings
    from django.db.models import Count
    from django.test import Client

    from bench.world import sign_in
    from members.people.models import Person
    from workinggroups.deliverables.models import Publication
    from workinggroups.groups.models import Group, Seat
    from workinggroups.meetings.actions import reset_feed
    from workinggroups.meetings.models import Meeting
    from workinggroups.meetings.views.calendar import feed_url

    group = Group.objects.annotate(n=Count("participations")).latest("n")
    person = Person.objects.get(pk=Seat.objects.filter(group=group).values("person")[:1])
    meeting = Meeting.objects.filter(group=group, notes_count__gt=0).latest("starts_at")
    publication = Publication.objects.standing().latest("published_at")
    client, stranger = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = sign_in(person)
    return [
        ("a group", client, group.get_absolute_url()),
        ("a meeting", client, meeting.get_absolute_url()),
        ("my work", client, "/my/"),
        ("a publication", stranger, publication.get_absolute_url()),
        ("a calendar feed", stranger, urlsplit(feed_url(reset_feed(actor=person), group)).path),
    ]


if __name__ == "__main__":
    sys.exit(main())
