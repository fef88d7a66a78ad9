"""A web process or the database that dies during Save loses nothing of what was typed.

The platform is the real one, as `make run` starts it, and what is killed is started again by its
supervisor. Its database is filled from the tests' migrated one, so that the start takes seconds.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest

from alliance.server import embedded, processes
from tests import factories
from tests.committed import copied_db
from tests.server.running import Platform, below, eventually, kill, platform
from workinggroups.discussion import actions as discussion

pytestmark = pytest.mark.xdist_group("drafts")

WORDS = "The limit favours those with their own hardware."
VICTIMS = {"web": "alliance.server.web", "database": "postgres -D"}
# The supervisor starts again what was killed within a few seconds; and all of it on a busy machine.
BACK_SECONDS = 15
CRASH_SECONDS = 30


class Session:
    """A connection of the test's own to a database."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url)
        self.connection.autocommit = True

    def run(self, statement: str, *values: object) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)

    def ask(self, statement: str, *values: object) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0]

    def close(self) -> None:
        self.connection.close()


@dataclass
class Site:
    """A platform, the page of a topic on it, and a browser in which a member is signed in."""

    running: Platform
    page: Any
    path: str

    @property
    def address(self) -> str:
        return f"http://localhost:{self.running.port}{self.path}"

    def connect(self) -> "Session":
        notified = json.loads((self.running.data / "run.json").read_text())
        return Session(notified["database_url"])

    def kill(self, victim: str) -> None:
        """SIGKILL to all processes of the victim."""
        heads = [pid for pid, line in self.running.children().items() if VICTIMS[victim] in line]
        assert heads
        for pid in {pid for head in heads for pid in (head, *below(head))}:
            kill(pid)


def fill(data: Path, source: str) -> None:
    """Make the database of a platform's data folder a copy of this one."""
    server = embedded.Postgres(data, volatile=True)
    server.prepare()
    process = embedded.run(server)
    try:
        with closing(Session(server.url("postgres"))) as session:
            session.run("CREATE DATABASE alliance")
        dump = [str(embedded.postgres_binary("pg_dump")), "--no-owner", "-Fc", "-Z0", source]
        load = [str(embedded.postgres_binary("pg_restore")), "--no-owner", "-d", server.url()]
        done = subprocess.run(dump, capture_output=True, check=True, timeout=60)
        subprocess.run(load, input=done.stdout, check=True, timeout=60)
    finally:
        processes.stop(process, stop_signal=server.stop_signal)


@pytest.fixture(scope="module")
def site(
    chromium: Any,
    migrated_db: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("crashes") / "data"
    data.mkdir()
    with copied_db(django_db_blocker) as name:
        member = factories.member_of(factories.organization("Aurora Labs"), "Mira Member")
        group = factories.group("Trust Benchmarks", preset="listed", chair=member)
        topic = discussion.start_topic(actor=member, group=group, title="Limit", source="Needed?")
        fill(data, urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl())
    with platform(data) as running:
        running.start()
        context = chromium.new_context()
        page = context.new_page()
        page.set_default_timeout(10_000)
        made = Site(running, page, topic.get_absolute_url())
        page.goto(f"http://localhost:{running.port}/accounts/login/?next={made.path}")
        page.locator("[name=login]").fill(member.email)
        page.locator("[name=password]").fill(factories.PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(made.address)
        yield made
        context.close()


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_crash_during_save_leaves_the_text_which_is_then_saved_once(
    site: Site, victim: str
) -> None:
    words = f"{WORDS} It was killed: {victim}."
    page = site.page
    page.goto(site.address)
    page.locator("[name=source]").fill(words)
    page.locator(".draft-state", has_text="Draft saved").wait_for()
    began = time.monotonic()

    lock = site.connect()
    lock.run("BEGIN")
    lock.run("LOCK TABLE discussion_post IN EXCLUSIVE MODE")
    page.get_by_role("button", name="Post reply").click(no_wait_after=True)
    with closing(site.connect()) as watch:
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        eventually(lambda: watch.ask(waits), "the save waits", 5)
        site.kill(victim)
    lock.close()
    eventually(lambda: site.running.answers("/readyz"), f"{victim} is back", BACK_SECONDS)

    with closing(site.connect()) as watch:
        posts = "SELECT count(*) FROM discussion_post WHERE source = %s"
        assert watch.ask(posts, words) == 0
        page.goto(site.address)
        assert "Unsaved text from" in page.locator(".draft-offer").inner_text()
        page.get_by_role("link", name="Continue editing").click()
        page.wait_for_function("() => document.querySelector('[name=source]').value !== ''")
        assert page.locator("[name=source]").input_value() == words
        page.get_by_role("button", name="Post reply").click()
        page.locator(".post", has_text=words).wait_for()
        assert watch.ask(posts, words) == 1
        assert watch.ask("SELECT count(*) FROM drafts_draft") == 0
    assert time.monotonic() - began < CRASH_SECONDS
