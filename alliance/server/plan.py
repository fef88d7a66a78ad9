"""What the environment asks of the supervisor, and the folder that only one supervisor has."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alliance import env
from alliance.server.processes import ServerError

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@dataclass
class Plan:
    """What the environment asks for."""

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
            # Invented people have no place in production unless somebody asks for them.
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
    """Raises ServerError for a value that has no safe default."""
    needed = {
        "SITE_URL": "https://alliance.example",
        "SECRET_KEY": "50 random characters, or SECRET_KEY_FILE",
    }
    for name, example in needed.items():
        if not env.text(name):
            raise ServerError(f"Production needs {name} ({example}); see docs/operations.md.")


# --- one folder, one supervisor ---------------------------------------------------------------


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder's lock, which the kernel lets go of when we die.

    Raises ServerError naming the process and the address when somebody else holds it.
    """
    # Others may pass through, as an unprivileged PostgreSQL must, but not look around.
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
    def __init__(self, run: dict[str, Any]) -> None:
        self.run = run
        where = f"process {run.get('pid', 'unknown')}, {run.get('url', 'still starting')}"
        super().__init__(f"Already running: {where}. `make stop` ends it.")


def running(data: Path) -> dict[str, Any]:
    """What the supervisor of this folder has written about itself."""
    try:
        found = json.loads((data / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
