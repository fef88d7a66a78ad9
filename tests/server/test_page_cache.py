"""The gateway answers public pages by itself, and never an old one later than it promises."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import InterfaceError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from alliance.server.gateway import page_cache
from alliance.server.gateway.answers import Answer
from alliance.server.gateway.buffering import BufferingGateway
from alliance.server.gateway.page_cache import OVERHEAD_BYTES, VERSION_SECONDS, Page, PageCache
from alliance.server.gateway.request_body import Limits
from bench.connections import ask_at_once
from common.http.public_pages import public_page
from common.public_changes.queries import version
from tests import factories
from tests.factories import works
from tests.server.test_buffering_gateway import Server, serving
from workinggroups.deliverables.actions import withdraw
from workinggroups.groups.choices import Listing
from workinggroups.groups.models import Group


class World:
    """What stands on the pages of these tests, and how often each was made."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.version = "1"
        self.text = "first"
        self.is_away = False
        self.made: Counter[str] = Counter()
        self.meanwhile: Callable[[], None] = lambda: None
        self.go_on = threading.Event()
        self.go_on.set()

    def read_version(self) -> str:
        if self.is_away:
            raise InterfaceError("away")
        return self.version

    def change(self, text: str) -> None:
        self.text = text
        self.version = f"{self.version}1"


world = World()


@public_page
def page(request: HttpRequest) -> HttpResponse:
    world.made["page"] += 1
    text = world.text
    world.go_on.wait(10)
    meanwhile, world.meanwhile = world.meanwhile, lambda: None
    meanwhile()
    return HttpResponse(text)


@public_page
def form(request: HttpRequest) -> HttpResponse:
    world.made["form"] += 1
    answer = HttpResponse(world.text)
    answer.set_cookie("csrftoken", "x")
    return answer


@public_page
def lost(request: HttpRequest) -> HttpResponse:
    world.made["lost"] += 1
    return HttpResponseRedirect("/elsewhere")


def own(request: HttpRequest) -> HttpResponse:
    world.made["own"] += 1
    return HttpResponse(world.text)


urlpatterns = [
    path("page", page),
    # Nobody marked this address, whatever the view behind it does.
    path("unmarked", lambda request: page(request)),
    path("form", form),
    path("lost", lost),
    path("own", own),
]


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.ROOT_URLCONF = __name__
    world.begin()
    gateway = BufferingGateway(
        WSGIHandler(),
        threads=2,
        limits=Limits(1000),
        page_cache=PageCache(lambda: world.read_version()),
    )
    with serving(gateway) as started:
        yield started


def later() -> None:
    """The version that the gateway knows is read again."""
    time.sleep(VERSION_SECONDS * 1.1)


def body(server: Server, head: str = "GET /page") -> str:
    status, _head, content = server.ask(head)
    assert status == 200
    return content.decode()


def test_a_page_is_made_once_for_all_strangers(server: Server) -> None:
    assert [body(server) for _ in range(5)] == ["first"] * 5
    assert world.made["page"] == 1


def test_a_changed_page_is_made_again(server: Server) -> None:
    body(server)
    world.change("second")
    later()

    assert body(server) == "second"
    assert world.made["page"] == 2


def test_a_page_that_changed_while_it_was_made_is_made_again(server: Server) -> None:
    def change() -> None:
        world.change("second")
        later()

    world.meanwhile = change

    assert body(server) == "second"
    assert body(server) == "second"
    assert world.made["page"] == 2


def test_many_who_come_together_wait_for_one_page(server: Server) -> None:
    world.go_on.clear()
    with ThreadPoolExecutor(40) as readers:
        answers = [readers.submit(body, server) for _ in range(40)]
        time.sleep(0.3)
        world.go_on.set()

        assert {answer.result() for answer in answers} == {"first"}
    assert world.made["page"] <= 2  # a second time where they came further apart than a version


def test_a_crowd_that_no_version_stays_fresh_for_still_gets_the_kept_page(
    server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine where the turn of the last comes later than a version is good for."""
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setattr(page_cache, "VERSION_SECONDS", 0.005)

    answers = ask_at_once(f"http://localhost:{server.port}/page", 500)

    assert {(answer.outcome, answer.body) for answer in answers} == {("200", b"first")}
    assert world.made["page"] <= 3


@pytest.mark.parametrize(
    "head",
    [
        "GET /page\nCookie: theme=dark",
        "GET /page\nAuthorization: Bearer x",
        "GET /page\nHX-Request: true",
        "GET /page?q=1",
        "GET /form",
        "GET /own",
        "GET /unmarked",
    ],
)
def test_what_may_be_personal_is_asked_for_each_time(server: Server, head: str) -> None:
    for _ in range(3):
        body(server, head)

    assert sum(world.made.values()) == 3


def test_what_is_no_page_is_asked_for_each_time(server: Server) -> None:
    assert [server.ask("GET /lost")[0] for _ in range(3)] == [302] * 3
    assert world.made["lost"] == 3


def test_each_host_has_its_own_pages(server: Server, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    body(server)
    with server.connect() as other:
        other.sendall(b"GET /page HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n")
        assert b"first" in b"".join(iter(lambda: other.recv(1 << 16), b""))

    assert world.made["page"] == 2


def test_a_kept_page_answers_under_its_own_id_and_only_once_in_full(server: Server) -> None:
    heads = [server.ask("GET /page")[1] for _ in range(3)]
    ids = {line for head in heads for line in head.split(b"\r\n") if b"x-request-id" in line}
    tag = next(line for line in heads[0].split(b"\r\n") if line.startswith(b"etag:"))
    asked = tag.decode().removeprefix("etag: ").replace("w/", "W/")

    status, head, content = server.ask(f"GET /page\nIf-None-Match: {asked}")
    headless = server.ask("HEAD /page")

    assert len(ids) == 3
    assert (status, content) == (304, b"")
    assert tag in head
    assert (headless[0], headless[2]) == (200, b"")
    assert b"content-length: 5" in headless[1]
    assert world.made["page"] == 1


def test_who_holds_a_copy_has_the_page_kept_for_all(server: Server) -> None:
    _status, head, _content = server.ask("GET /page")
    tag = next(line for line in head.split(b"\r\n") if line.startswith(b"etag:"))
    held = tag.decode().removeprefix("etag: ").replace("w/", "W/")
    world.change("first")
    later()
    world.made.clear()

    first = server.ask(f"GET /page\nIf-None-Match: {held}")
    others = [server.ask("GET /page") for _ in range(3)]

    assert (first[0], first[2]) == (304, b"")
    assert b"content-length" not in first[1]
    assert [(status, content) for status, _head, content in others] == [(200, b"first")] * 3
    assert world.made["page"] == 1


def test_nothing_kept_is_sent_while_the_database_is_away(server: Server) -> None:
    body(server)
    world.is_away = True
    world.text = "what the pages say then"
    later()

    assert body(server) == "what the pages say then"

    world.is_away = False
    world.change("back")
    later()
    assert body(server) == "back"


def test_little_is_kept() -> None:
    page = Page(Answer(200, [(b"a", b"b")], b"x" * 30, route="page"), "1", 0)
    kept = PageCache(lambda: "1", most_bytes=3 * page.bytes)

    for number in range(50):
        kept._put((number,), page)

    assert kept.bytes <= 3 * page.bytes
    assert list(kept.pages) == [(47,), (48,), (49,)]
    assert page.bytes >= OVERHEAD_BYTES + 32


def test_a_host_of_many_digits_is_not_remembered(server: Server) -> None:
    """Django takes any digits for a port, so that one page has as many names as somebody likes."""
    for _ in range(2):
        with server.connect() as visitor:
            host = b"testserver:" + b"0" * 10_000
            visitor.sendall(b"GET /page HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
            assert b" 200 " in visitor.recv(1000)

    assert world.made["page"] == 2


@pytest.mark.parametrize(
    "twice",
    [
        "Accept-Language: de\nAccept-Language: en",
        "X-Forwarded-Proto: https\nX-Forwarded-Proto: http",
    ],
)
def test_what_is_said_twice_makes_no_page_for_those_who_say_it_once(
    server: Server, twice: str
) -> None:
    """The pages join both, and the gateway must not file that page under the last of them."""
    body(server, f"GET /page\n{twice}")
    body(server, f"GET /page\n{twice.splitlines()[1]}")

    assert world.made["page"] == 2


# --- the pages themselves, with a database in which commits count ------------------------------------


@pytest.fixture
def site(committed_db: str, settings: Any, tmp_path: Any) -> Iterator[Server]:
    settings.MEDIA_ROOT = tmp_path
    gateway = BufferingGateway(
        WSGIHandler(), threads=1, limits=Limits(1000), page_cache=PageCache(version)
    )
    with serving(gateway) as started:
        yield started
    connections.close_all()
    assert gateway.page_cache is not None
    gateway.page_cache.version.thread.submit(connections.close_all).result(10)


def test_a_hundred_readers_see_a_withdrawal_within_a_fifth_of_a_second(site: Server) -> None:
    """And the narrowed rights of a group. Each reader notes when it asked and what it got: whoever
    asked later than VERSION_SECONDS after COMMIT must not be answered as before it."""
    chair = factories.member_of(factories.organization("Aurora Labs"), "Chiara Chair")
    group = factories.group("Open Group", preset="open", chair=chair)
    work = works.publication(chair, group, title="Of Tests")
    pages = [
        reverse("publication", args=[work.identifier]),
        reverse("home"),
        reverse("group", args=[group.slug]),
    ]
    seen: list[tuple[int, float, bytes]] = []
    stop = threading.Event()

    def read(number: int) -> None:
        place = number % len(pages)
        for _ in itertools.count():
            if stop.is_set():
                return
            asked_at = time.monotonic()
            status, _head, content = site.ask(f"GET {pages[place]}")
            seen.append((place, asked_at, content if status == 200 else str(status).encode()))

    readers = [threading.Thread(target=read, args=(number,), daemon=True) for number in range(100)]
    for reader in readers:
        reader.start()
    time.sleep(1)
    withdraw(actor=chair, publication=work, reason="Wrong numbers.")
    withdrawn_at = time.monotonic()
    Group.objects.filter(pk=group.pk).update(listing=Listing.ALLIANCE)
    hidden_at = time.monotonic()
    time.sleep(1)
    stop.set()
    for reader in readers:
        reader.join(20)

    first = {
        place: next(content for at, _asked, content in seen if at == place) for place in (0, 1, 2)
    }
    since = {0: withdrawn_at, 1: withdrawn_at, 2: hidden_at}
    late = [
        (place, round(asked_at - since[place], 3))
        for place, asked_at, content in seen
        if content == first[place] and asked_at > since[place] + VERSION_SECONDS
    ]
    assert late == []
    assert any(asked_at > hidden_at + VERSION_SECONDS for _place, asked_at, _content in seen)
