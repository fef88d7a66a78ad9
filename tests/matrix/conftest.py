"""The world is built once for all rows; each request runs in a savepoint that is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponse, SimpleCookie
from django.test import Client
from django.test.client import ClientHandler
from pytest_django.plugin import DjangoDbBlocker

from tests.browser import signed_in
from tests.world import World, build_world


class Browsers:
    """A fresh browser for each request, holding the session of its actor.

    All of them ask one site: to set up its middleware anew would cost each request 2 ms.
    """

    def __init__(self, world: World) -> None:
        self.sites: dict[bool, ClientHandler] = {}
        self.cookies: dict[tuple[str, bool], str] = {}
        self.nothings: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for actor, person in world.people.items():
            for recent in (True, False):
                client = signed_in(person, recent=recent, lasts_seconds=3600)
                self.cookies[actor, recent] = client.cookies.output(header="", sep=";")

    def of(self, actor: str, *, recent: bool = True, enforce_csrf_checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks, raise_request_exception=False)
        client.handler = self.sites.setdefault(enforce_csrf_checks, client.handler)
        if actor != "anonymous":
            client.cookies = SimpleCookie(self.cookies[actor, recent])
        return client

    def nothing(self, actor: str, route: str) -> set[tuple[str, str]]:
        """What this actor is answered where there is nothing; asked once."""
        url = "/api/v1/nothing/" if route.startswith("api-") else "/there/is/nothing/here/"
        if (actor, url) not in self.nothings:
            self.nothings[actor, url] = traces(self.of(actor).get(url))
        return self.nothings[actor, url]


def traces(response: HttpResponse) -> set[tuple[str, str]]:
    """Everything by which one answer could be told from another, without the request's id.

    In the API two headers go with the address, which its public description names anyway.
    """
    apart = {"x-request-id", "content-length"}
    if response["Content-Type"] == "application/problem+json":
        apart |= {"allow", "vary"}
    headers = {
        (name.lower(), value) for name, value in response.items() if name.lower() not in apart
    }
    return headers | {("body", response.content.decode())}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        built = build_world()
        # Checked here, or each test would check what is deferred for the whole world once more.
        connection.check_constraints()
        yield built
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(world: World) -> Browsers:
    return Browsers(world)
