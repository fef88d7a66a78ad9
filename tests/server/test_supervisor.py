"""`make run` as its user meets it: one command, and it comes back."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from tests.server.running import (
    ROOT,
    Platform,
    alive,
    below,
    environment,
    eventually,
    free_port,
    kill,
    platform,
)

# One data folder serves these tests in turn: a first start takes as long as all the others.
pytestmark = [pytest.mark.platform, pytest.mark.xdist_group("supervisor")]

PROCESSES = (
    "postgres -D",
    "valkey-server",
    "alliance.server.mailcatcher",
    "alliance.server.web",
    "celery --app alliance --quiet worker",
    "celery --app alliance --quiet beat",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path with spaces, longer than the name of a Unix socket may be."""
    data = tmp_path_factory.mktemp("a folder with spaces") / ("long" * 30) / "data"
    data.parent.mkdir()
    return data


@pytest.fixture(scope="module")
def lasting(folder: Path) -> Iterator[Platform]:
    with platform(folder) as made:
        yield made


@pytest.fixture
def site(lasting: Platform) -> Platform:
    """A platform that is ready, whatever the test before has done to it."""
    if lasting.process is None or lasting.process.poll() is not None:
        lasting.start()
    eventually(lambda: lasting.answers("/readyz"), "ready")
    eventually(lambda: is_whole(lasting), "all there")
    return lasting


def is_whole(site: Platform) -> bool:
    lines = site.children().values()
    return all(any(process in line for line in lines) for process in PROCESSES)


def pid_of(site: Platform, words: str) -> int:
    """The topmost process whose command line has these words."""
    return next(pid for pid, line in site.children().items() if words in line)


def run_file(site: Platform) -> dict[str, Any]:
    found = json.loads((site.data / "run.json").read_text())
    assert isinstance(found, dict)
    return found


def remember(site: Platform, word: str) -> None:
    """Leave something in both servers, committed."""
    urls = run_file(site)
    connection = psycopg2.connect(urls["database_url"], connect_timeout=10)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        cursor.execute("INSERT INTO kept VALUES (%s)", [word])
    connection.close()
    client = redis.Redis.from_url(urls["redis_url"], socket_timeout=10)
    client.rpush("kept", word)
    client.close()


def remembers(site: Platform, word: str) -> bool:
    urls = run_file(site)
    connection = psycopg2.connect(urls["database_url"], connect_timeout=10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept WHERE word = %s", [word])
        rows = cursor.fetchone()
    connection.close()
    client = redis.Redis.from_url(urls["redis_url"], socket_timeout=10)
    in_valkey = client.lrange("kept", 0, -1)
    client.close()
    return rows == (1,) and word.encode() in in_valkey


def refusal(data: Path, port: int, **more: str) -> tuple[int, str]:
    """Exit code and error output of a start that is expected to fail."""
    done = subprocess.run(
        [sys.executable, "-m", "alliance.server", "up"],
        cwd=ROOT,
        env=environment(data, port, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def test_start_and_stop(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with platform(folder) as site:
        first = site.start()
        eventually(lambda: site.answers("/readyz"), "ready")
        children = set(site.children())
        assert run_file(site)["url"] == f"http://localhost:{site.port}"
        stopped = site.stop()

        assert f"Alliance is running at http://localhost:{site.port}" in site.said()
        assert f"read them at http://localhost:{site.port}/mailbox/" in site.said()
        assert alive(children) == set()
        assert not (folder / "run.json").exists()
        again = site.start()

    with capsys.disabled():
        print(
            f"\n  start to first page: {first:.1f} s new, {again:.1f} s again; "
            f"stopped in {stopped:.1f} s"
        )


def test_a_killed_child_is_started_again(site: Platform) -> None:
    remember(site, "children")
    children = site.children()
    for pid in children:
        kill(pid)

    eventually(lambda: alive(set(children)) == set(), "all gone")
    eventually(lambda: site.answers("/readyz"), "ready again")
    eventually(lambda: is_whole(site), "all there again")
    assert remembers(site, "children")


def test_a_killed_worker_takes_its_pool_with_it(site: Platform) -> None:
    worker = pid_of(site, "quiet worker")
    eventually(lambda: below(worker), "a pool")
    pool = set(below(worker))

    kill(worker)

    eventually(lambda: not alive(pool), "no process of its pool", 5)


def test_a_killed_supervisor_leaves_nothing_behind(site: Platform) -> None:
    remember(site, "supervisor")
    children = set(site.children())
    assert site.process is not None

    site.process.kill()
    site.process.wait(10)

    eventually(lambda: not alive(children), "no child left", 15)
    site.start()
    eventually(lambda: site.answers("/readyz"), "ready again")
    assert remembers(site, "supervisor")


def test_everything_killed_at_once_comes_back(site: Platform) -> None:
    remember(site, "everything")
    assert site.process is not None

    for pid in [site.process.pid, *site.children()]:
        kill(pid)
    site.process.wait(10)

    site.start()
    eventually(lambda: site.answers("/readyz"), "ready again")
    assert remembers(site, "everything")


def test_second_start_names_the_first(site: Platform) -> None:
    assert site.process is not None

    code, said = refusal(site.data, free_port())

    assert code == 3
    address = f"http://localhost:{site.port}"
    assert said == (
        f"Already running: process {site.process.pid}, {address}. `make stop` ends it.\n"
    )


def test_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        code, said = refusal(tmp_path / "data", port)

    assert code == 1
    assert said.startswith(f"Port {port} cannot be used (Address already in use)")
    assert said.count("\n") == 1


def test_data_of_another_postgres_is_left_alone(tmp_path: Path) -> None:
    old = tmp_path / "data" / "pg17"
    old.mkdir(parents=True)
    (old / "PG_VERSION").write_text("17\n")

    code, said = refusal(tmp_path / "data", free_port())

    assert code == 1
    assert said.startswith(f"{old} is of PostgreSQL 17, and this release uses 18")
    assert said.count("\n") == 1
    assert not (tmp_path / "data" / "pg18").exists()


def test_named_servers_are_used_and_none_is_started(lasting: Platform, committed_db: str) -> None:
    if lasting.process is not None:
        lasting.stop()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{committed_db}").geturl()
    servers = {"DATABASE_URL": url, "REDIS_URL": os.environ["REDIS_URL"]}
    with platform(lasting.data, **servers) as site:
        site.start()
        eventually(lambda: site.answers("/readyz"), "ready")

        lines = "\n".join(site.children().values())

        assert "postgres" not in lines
        assert "valkey-server" not in lines
        assert run_file(site)["database_url"] == url


def test_unreachable_database_is_one_clear_line(tmp_path: Path) -> None:
    url = "postgresql://nobody@/nothing?host=/nonexistent"

    code, said = refusal(tmp_path / "data", free_port(), DATABASE_URL=url, CONNECT_SECONDS="1")

    assert code == 1
    assert said.splitlines()[-1].startswith("The start failed: PostgreSQL does not answer")


def test_production_without_a_secret_is_one_clear_line(tmp_path: Path) -> None:
    code, said = refusal(tmp_path, free_port(), DEVELOPMENT="0", SITE_URL="https://a.example")

    assert code == 1
    assert said.startswith("Production needs SECRET_KEY")
    assert said.count("\n") == 1


WRITER = """
from django.conf import settings
from django.test import Client
from members.people.models import Person
from members.people import actions
person = Person.objects.filter(email="writer@example.org").first() or actions.create_person(
    actor=None, email="writer@example.org", name="Wanda Writer", zone="UTC")
Person.objects.filter(pk=person.pk).update(is_staff=True)
client = Client()
client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
print("SESSION", settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
STAFF_TEXT = "/staff/texts/privacy/"


class Writer:
    """A browser without scripts in which a member of staff writes a text of the site."""

    def __init__(self, site: Platform) -> None:
        said = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", WRITER],
            cwd=ROOT,
            env=site.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        name, value = said.partition("SESSION ")[2].split()
        self.address = f"http://localhost:{site.port}"
        self.opener = urllib.request.build_opener()
        self.opener.addheaders = [("Cookie", f"{name}={value}")]

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as page:
            return str(page.read().decode())

    def form(self) -> dict[str, str]:
        request = self.opener.open(self.address + STAFF_TEXT, timeout=30)
        cookie = request.headers["Set-Cookie"].partition(";")[0]
        html = request.read().decode()
        self.opener.addheaders = [("Cookie", f"{self.opener.addheaders[0][1]}; {cookie}")]
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        """Status and page; 0 where the connection broke."""
        data = urllib.parse.urlencode(form).encode()
        try:
            with self.opener.open(self.address + path, data, timeout=30) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


@pytest.mark.parametrize("victim", ["postgres -D", "alliance.server.web"])
def test_a_crash_while_a_form_is_saved_loses_no_word(site: Platform, victim: str) -> None:
    """The text is in the answer, in the drafts, or saved; the form offers it again."""
    writer = Writer(site)
    words = f"Written while {victim} was killed."
    form = {**writer.form(), "title": "Privacy", "source": words}
    assert writer.post("/drafts/save/", form)[0] == 200

    kill(pid_of(site, victim))
    status, page = writer.post(STAFF_TEXT, form)
    eventually(lambda: site.answers("/readyz"), "ready again")

    assert status in {0, 200, 503}
    if status == 503:
        assert words in page
    if status == 200:
        assert words in writer.get("/pages/privacy/")
    else:
        assert "Unsaved text from" in writer.get(STAFF_TEXT)
        assert words in writer.get("/my/drafts/")
