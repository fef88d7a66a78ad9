"""The test run's own PostgreSQL and Valkey.

A pytest plugin named in `addopts`, because pytest-django reads the settings before any conftest:
by then the servers must be up and their URLs in the environment. One pair of servers serves a run;
xdist workers find it through the environment they inherit, each with its own database and its own
Valkey number. `DATABASE_URL` and `REDIS_URL`, where set, are used instead. With `--reuse-db`
PostgreSQL keeps its data for the next run (`tests/reused.py`).
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from alliance.server import embedded, processes
from tests.reused import reused_folder

# Tests count down from the server's last database, so that on a developer's own server they stay
# away from the first ones, where data is. Redis has 16 unless told otherwise.
LAST_DATABASE = "TEST_LAST_REDIS_DATABASE"

# Memory that looks like a disk. A disk that a virtual machine fills for the first time is slow, and
# each test that commits copies a database of a thousand files.
MEMORY = Path("/dev/shm")  # noqa: S108
MEMORY_NEEDED = 4 * 1024**3  # bytes; a run of all tests was seen to use up to a third of it
FOLDER = "alliance-tests-"


def data_folder() -> Path:
    """A new folder for a run's data: in memory where there is plenty, else on the disk.

    Its name ends with the number of this process. What runs that were killed left in memory is
    removed.
    """
    try:
        for left in MEMORY.glob(f"{FOLDER}*"):
            if not Path("/proc", left.name.rpartition("-")[2]).exists():
                shutil.rmtree(left, ignore_errors=True)
        if shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
            return Path(tempfile.mkdtemp(f"-{os.getpid()}", FOLDER, MEMORY))
    except OSError:
        pass  # no such place, or not ours to write
    return Path(tempfile.mkdtemp(f"-{os.getpid()}", FOLDER))


def worker_number() -> int:
    """0 in the controller and without xdist, then 1, 2, … in its workers."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(worker.removeprefix("gw")) + 1 if worker else 0


def start_servers(config: pytest.Config, data: Path, log: int) -> None:
    """Bring up whatever the environment does not name, until the run is over."""
    for variable, kind in (("DATABASE_URL", embedded.Postgres), ("REDIS_URL", embedded.Valkey)):
        if os.environ.get(variable):
            continue
        kept = reused_folder(config) if kind is embedded.Postgres else None
        server = kind(kept or data, volatile=True)
        server.prepare()
        process = embedded.run(server, log)
        os.environ[variable] = server.url()
        if isinstance(server, embedded.Valkey):
            os.environ[LAST_DATABASE] = str(embedded.VALKEY_DATABASES - 1)
        stop = partial(processes.stop, process, stop_signal=server.stop_signal)
        config.add_cleanup(partial(shutil.rmtree, server.sockets, ignore_errors=True))
        config.add_cleanup(stop)


def own_redis(url: str, number: int) -> str:
    """`url` with this worker's database in place of the one it names."""
    database = int(os.environ.get(LAST_DATABASE, "15")) - number
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={database}"
    return parts._replace(path=f"/{database}").geturl()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    os.environ["TESTING"] = "1"
    os.environ["SITE_URL"] = "http://testserver"
    for leftover in ("DEVELOPMENT", "PRODUCTION", "PROCESS_KIND", "EMAIL_URL", "CACHE_URL"):
        os.environ.pop(leftover, None)
    data = data_folder()
    early_config.add_cleanup(lambda: shutil.rmtree(data, ignore_errors=True))
    number = worker_number()
    if number == 0:
        with (data / "servers.log").open("ab") as log:
            start_servers(early_config, data, log.fileno())
    os.environ["DATA_DIR"] = str(data)
    os.environ["REDIS_URL"] = own_redis(os.environ["REDIS_URL"], number)
    yield


def pytest_collection_finish() -> None:
    """Leave what lives as long as the run out of every garbage collection, and collect rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _clear_cache() -> None:
    """Rate limits live in the cache: no test inherits another's."""
    from django.core.cache import cache

    cache.clear()
