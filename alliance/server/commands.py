"""The commands of the supervisor: run, stop, and run another command with its servers."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from alliance.server.children import STOP_SECONDS, say
from alliance.server.plan import (
    AlreadyRunning,
    Plan,
    only_one,
    remove_run_file,
    require_production_values,
    write_run_file,
)
from alliance.server.processes import ServerError
from alliance.server.supervisor import Supervisor

ALREADY_RUNNING = 3


class Stopped(BaseException):
    """A signal asked us to stop: Ctrl-C, SIGTERM, or the terminal was closed."""


def raise_stopped(number: int, frame: FrameType | None) -> None:
    # Ignore a second signal while stopping.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def handle_signals() -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, raise_stopped)


def up() -> int:
    """Run the platform until a signal stops it; return the exit code."""
    handle_signals()
    try:
        plan = Plan.from_environment()
        if not plan.development:
            require_production_values()
        with only_one(plan.data):
            supervisor = Supervisor(plan)
            try:
                supervisor.run()
            except Stopped:
                say("\nStopping …")
            finally:
                supervisor.stop()
                remove_run_file(plan)
            say("Stopped. Your data is kept; the same command starts it again.")
    except AlreadyRunning as error:
        print(error, file=sys.stderr)
        return ALREADY_RUNNING
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        return 130
    return 0


def stop_running() -> int:
    """Stop, from another terminal, the platform that runs in this data folder."""
    plan = Plan.from_environment()
    try:
        with only_one(plan.data):
            print("Nothing is running in this folder.")
            return 0
    except AlreadyRunning as error:
        pid = error.run.get("pid")
        if not isinstance(pid, int):
            print("It is still starting. Try again in a moment.", file=sys.stderr)
            return 1
        with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 3 * STOP_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(AlreadyRunning), only_one(plan.data):
            print("Stopped.")
            return 0
        time.sleep(0.1)
    print(f"Process {pid} did not stop.", file=sys.stderr)
    return 1


def run_with_servers(command: Sequence[str]) -> int:
    """Run a command beside the running platform, or with only the servers when none is running."""
    handle_signals()
    try:
        plan = Plan.from_environment()
        try:
            with only_one(plan.data):
                supervisor = Supervisor(plan)
                try:
                    supervisor.await_servers(supervisor.start_servers())
                    write_run_file(plan)
                    return subprocess.run(  # noqa: S603
                        command, check=False, env=supervisor.environment
                    ).returncode
                finally:
                    supervisor.stop()
                    remove_run_file(plan)
        except AlreadyRunning as error:
            named = {"DATABASE_URL": "database_url", "REDIS_URL": "redis_url", "SITE_URL": "url"}
            known = {name: str(error.run[key]) for name, key in named.items() if key in error.run}
            environment = {**os.environ, "DATA_DIR": str(plan.data), **known}
            return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        return 130
