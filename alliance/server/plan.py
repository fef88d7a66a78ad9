"""The supervisor's configuration, and the lock by which a data folder has one supervisor."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alliance import env
from alliance.server.processes import ServerError

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@dataclass
class Plan:
    """The configuration, read from the environment."""

    data: Path
    development: bool
    demo: bool
    host: str
    port: int
    site_url: str
    database_url: str
    redis_url: str
    email_url: str
    web_processes: int
    worker_processes: int

    @classmethod
    def from_environment(cls) -> "Plan":
        development = env.flag("DEVELOPMENT")
        port = env.number("PORT", 8000)
        return cls(
            data=Path(env.text("DATA_DIR") or BASE_DIR / "data").resolve(),
            development=development,
            # Production has fictional people only on request.
            demo=env.flag("DEMO", default=development),
            host=env.text("HOST", "127.0.0.1"),
            port=port,
            site_url=env.text("SITE_URL") or f"http://localhost:{port}",
            database_url=env.text("DATABASE_URL"),
            redis_url=env.text("REDIS_URL"),
            email_url=env.text("EMAIL_URL"),
            web_processes=env.number("WEB_PROCESSES", 2),
            worker_processes=env.number("WORKER_PROCESSES", 2),
        )


def require_production_values() -> None:
    """Raise ServerError when a value without a safe default is missing."""
    needed = {
        "SITE_URL": "https://alliance.example",
        "SECRET_KEY": "50 random characters, or SECRET_KEY_FILE",
    }
    for name, example in needed.items():
        if not env.text(name):
            raise ServerError(f"Production needs {name} ({example}); see docs/operations.md.")


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the lock of the data folder, which the kernel releases when this process dies.

    Raises AlreadyRunning, which names process and address, when another process holds it.
    """
    # Others can enter the folder, as an unprivileged PostgreSQL must, but not list it.
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    descriptor = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(running(data)) from None
        yield
    finally:
        os.close(descriptor)


class AlreadyRunning(ServerError):
    def __init__(self, run: dict[str, object]) -> None:
        self.run = run
        where = f"process {run.get('pid', 'unknown')}, {run.get('url', 'still starting')}"
        super().__init__(f"Already running: {where}. `make stop` ends it.")


def running(data: Path) -> dict[str, object]:
    """Return what the supervisor of this folder has written about itself."""
    try:
        run = json.loads((data / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) else {}


def write_run_file(plan: Plan) -> None:
    """Tell other commands, such as `manage.py shell`, where the servers are."""
    run = {
        "pid": os.getpid(),
        "url": plan.site_url,
        "database_url": plan.database_url,
        "redis_url": plan.redis_url,
        "email_url": plan.email_url,
    }
    partial = plan.data / "run.json.new"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(run, file)
    os.replace(partial, plan.data / "run.json")


def remove_run_file(plan: Plan) -> None:
    (plan.data / "run.json").unlink(missing_ok=True)
