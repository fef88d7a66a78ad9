"""Preparing the database and the static files before the first request.

Runs at every start and reports what it did; with nothing to do, it reports nothing.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from alliance.server.processes import ServerError

Report = Callable[[str], None]

OLDEST_POSTGRES = 15
# An arbitrary number, the same for all processes of this platform.
MIGRATION_LOCK = 7_205_759_403


def prepare(report: Report, *, demo: bool) -> None:
    """Bring the database and the static files up to date with this code.

    `demo` decides what a new database contains. Raises ServerError with the line to show.
    """
    connect(report)
    await_redis()
    with only_one():
        fresh = migrate(report)
        collect_static(report)
        if fresh:
            remember_demo("wanted" if demo else "declined")
        if remembered_demo() == "wanted":
            load_demo(report)
        elif not demo and remembered_demo() == "loaded":
            report_kept_demo(report)


def prepare_database(report: Report, *, demo: bool) -> None:
    """Create the database and its tables if missing, before a command uses them.

    For a clone that was never started. `demo` says whether the command loads the demo.
    """
    connect(report)
    with only_one():
        if migrate(report):
            remember_demo("loaded" if demo else "declined")


def connect(report: Report) -> None:
    """Wait for PostgreSQL; create the database if the server lacks it."""
    deadline = time.monotonic() + settings.CONNECT_SECONDS
    while True:
        try:
            connection.ensure_connection()
            break
        except OperationalError as error:
            reason = str(error).strip()
            if "does not exist" in reason and "database" in reason:
                create_database(report)
            elif time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL does not answer: {last_line(reason)}") from error
            else:
                time.sleep(0.05)
    major = server_major()
    if major < OLDEST_POSTGRES:
        raise ServerError(
            f"The database server is PostgreSQL {major}; {OLDEST_POSTGRES} or newer is needed."
        )


def server_major() -> int:
    """Return the major version of the database server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def create_database(report: Report) -> None:
    name = connection.settings_dict["NAME"]
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    except Exception as error:
        raise ServerError(
            f"The database {name} does not exist and could not be created: {last_line(str(error))}"
        ) from error
    report(f"Created the database {name}.")


def await_redis() -> None:
    """Wait for the broker. Raises ServerError when it does not answer in time."""
    deadline = time.monotonic() + settings.CONNECT_SECONDS
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5)
    while True:
        try:
            client.ping()
            return
        except redis.RedisError as error:
            if time.monotonic() > deadline:
                raise ServerError(f"Valkey or Redis does not answer: {error}") from error
            time.sleep(0.05)


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "no reason given"


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock under which one of several machines migrates while the others wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def migrate(report: Report) -> bool:
    """Apply missing migrations; return whether the database was empty before."""
    executor = MigrationExecutor(connection)
    fresh = not executor.loader.applied_migrations
    steps = [
        f"{migration.app_label}.{migration.name}"
        for migration, backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]
    if not steps:
        return False
    if fresh:
        report(f"Creating the tables ({len(steps)} steps) …")
    else:
        report("Migrating: " + ", ".join(steps) + " …")
    call_command("migrate", interactive=False, verbosity=0)
    return fresh


def collect_static(report: Report) -> None:
    """Collect the static files when one of them has changed since the last time."""
    fingerprint = static_fingerprint()
    note = settings.DATA_DIR / "static.fingerprint"
    if settings.STATIC_ROOT.is_dir() and note.is_file() and note.read_text() == fingerprint:
        return
    report("Collecting scripts and styles …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    note.write_text(fingerprint)


def static_fingerprint() -> str:
    """Return a digest that changes when a static file is added, removed or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda listed: listed[0]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def remembered_demo() -> str:
    try:
        return (settings.DATA_DIR / "demo").read_text().strip()
    except FileNotFoundError:
        return ""


def remember_demo(state: str) -> None:
    """Store the state in a file, so that after a killed first start the second loads the demo."""
    (settings.DATA_DIR / "demo").write_text(state + "\n")


def report_kept_demo(report: Report) -> None:
    """Report that a loaded demo stays, since people can have added data to it."""
    report(
        "The demonstration data is kept: DEMO=0 only applies to an empty database. To start "
        f"over, stop, move {settings.DATA_DIR} away and start again (with a PostgreSQL of your "
        "own, name an empty database in DATABASE_URL as well)."
    )


def load_demo(report: Report) -> None:
    """Load the demo; report when the folder `demo/` is missing."""
    if "demo" not in get_commands():
        report("No demonstration data: the folder demo/ is missing. The database starts empty.")
        remember_demo("declined")
        return
    report("Loading the demo alliance (fictional organizations and people) …")
    call_command("demo", if_empty=True)
    remember_demo("loaded")
