"""Where PostgreSQL keeps its data between two runs of the tests with `--reuse-db`.

The folder is named by the migrations, so that the run after a changed migration begins with a new
one. `--create-db` makes a new one now. A plugin that `tests/cluster.py` asks for the folder.
"""

import fcntl
import hashlib
import os
import re
import shutil
from pathlib import Path

import pytest

from alliance.server.embedded import POSTGRES_MAJOR

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "postgres"
PACKAGES = ("alliance", "catalogue", "common", "members", "notifications", "workinggroups")
# A module of the project that a migration imports.
IMPORTED = re.compile(rf"^ *(?:from|import) ((?:{'|'.join(PACKAGES)})[.\w]*)", re.MULTILINE)
# Servers of tests do not wait for the disk, so a database from before a crash of the machine may
# be damaged: each start of the machine counts as a change.
BOOT = Path("/proc/sys/kernel/random/boot_id")
# Set for the workers of a run whose server is in `KEPT`.
REUSES = "TEST_REUSES_DATABASE"


def schema_digest() -> str:
    """A name for the database that the migrations make."""
    migrations = {
        file for package in PACKAGES for file in (ROOT / package).glob("**/migrations/*.py")
    }
    names = {name for file in migrations for name in IMPORTED.findall(file.read_text("utf-8"))}
    imported = {ROOT / (name.replace(".", "/") + ".py") for name in names}
    sources = sorted(file for file in migrations | imported if file.is_file())
    digest = hashlib.sha256(str(POSTGRES_MAJOR).encode())
    for file in (*sources, ROOT / "requirements.txt", BOOT):
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def reused_folder(config: pytest.Config) -> Path | None:
    """The folder for the data of this run's PostgreSQL; None when nothing is to be kept.

    Removes the folders of former migrations. Holds a lock until the run ends: another run that
    starts meanwhile gets None.
    """
    options = config.known_args_namespace
    if not options.reuse_db:
        return None
    KEPT.mkdir(parents=True, exist_ok=True)
    lock = (KEPT / "lock").open("w")
    config.add_cleanup(lock.close)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    folder = KEPT / schema_digest()
    for other in KEPT.iterdir():
        if other.is_dir() and (other != folder or options.create_db):
            shutil.rmtree(other)
    folder.mkdir(exist_ok=True)
    os.environ[REUSES] = "1"
    config.add_cleanup(lambda: os.environ.pop(REUSES))
    return folder


def pytest_configure(config: pytest.Config) -> None:
    """Keep no database on a server of which it is not known which migrations made it."""
    if REUSES not in os.environ:
        config.option.reuse_db = False
