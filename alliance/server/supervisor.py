"""One command that runs the whole platform and keeps it running.

It starts the embedded servers (unless the environment names others), prepares the database, and
starts web processes, Celery worker and beat. What dies is started again; when this process ends,
however it ends, everything it started ends with it. It loads no Django: the first page waits for
the web process alone.
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any, NoReturn
from urllib.parse import urlsplit

from alliance import env
from alliance.server import embedded, processes
from alliance.server.processes import ServerError

BASE_DIR = Path(__file__).resolve().parent.parent.parent

ALREADY_RUNNING = 3
# Seconds before a process that died is started again, doubled each time it dies soon after.
BACK_OFF_SECONDS = (2, 4, 8, 16, 30)
# A process that lived so long is healthy: its next death is the first again.
HEALTHY_SECONDS = 60
# How long a process may take to end when asked.
STOP_SECONDS = 12
LOG_BYTES = 5 * 1024 * 1024


# --- what to run ------------------------------------------------------------------------------


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


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or the terminal was closed."""


@dataclass
class Child:
    """One process of ours and what is needed to start it again."""

    name: str
    begin: Callable[[int], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    # Where its output goes instead of the terminal.
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    pipe: IO[bytes] | None = None
    begun_at: float = 0
    deaths: int = 0
    again_at: float | None = None
    partial: bytes = b""
    recent: list[str] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


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
        super().__init__(f"Already running: {where}")


def running(data: Path) -> dict[str, Any]:
    """What the supervisor of this folder has written about itself."""
    try:
        found = json.loads((data / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# --- the supervisor ---------------------------------------------------------------------------


class Supervisor:
    """Starts, watches and stops the children of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.started_at = time.monotonic()
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATA_DIR": str(plan.data),
            "SITE_URL": plan.site_url,
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(BASE_DIR), os.environ.get("PYTHONPATH")])
            ),
        }

    # Output

    def say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            print(line, flush=True)

    def show(self, child: Child, line: str) -> None:
        child.recent = [*child.recent[-30:], line]
        self.say(line if child.name == "prepare" else f"{child.name:>8} | {line}")

    def read_output(self, timeout: float) -> None:
        for key, _ in self.selector.select(timeout):
            child: Child = key.data
            piece = os.read(key.fd, 65536)
            if not piece:
                self.forget_pipe(child)
                continue
            *lines, child.partial = (child.partial + piece).split(b"\n")
            for line in lines:
                if line.strip():
                    self.show(child, line.decode("utf-8", "replace").rstrip())

    def forget_pipe(self, child: Child) -> None:
        if child.pipe is None:
            return
        self.selector.unregister(child.pipe)
        child.pipe.close()
        child.pipe = None
        if child.partial:
            self.show(child, child.partial.decode("utf-8", "replace"))
            child.partial = b""

    # Children

    def add(self, child: Child) -> Child:
        self.children.append(child)
        self.begin(child)
        return child

    def begin(self, child: Child) -> None:
        """Start the child; its output goes to its log file, or line by line to the terminal."""
        child.again_at = None
        child.begun_at = time.monotonic()
        if child.log is not None:
            with open_log(child.log) as log:
                child.process = child.begin(log.fileno())
            return
        reading, writing = os.pipe()
        try:
            child.process = child.begin(writing)
        finally:
            os.close(writing)
        child.pipe = os.fdopen(reading, "rb", buffering=0)
        self.selector.register(child.pipe, selectors.EVENT_READ, child)

    def watch(self) -> None:
        """Notice who died, and start again whose time has come."""
        now = time.monotonic()
        for child in self.children:
            if child.again_at is not None:
                if now >= child.again_at:
                    self.begin(child)
            elif child.process is not None and child.process.poll() is not None:
                if now - child.begun_at > HEALTHY_SECONDS:
                    child.deaths = 0
                delay = BACK_OFF_SECONDS[min(child.deaths, len(BACK_OFF_SECONDS) - 1)]
                child.deaths += 1
                child.again_at = now + delay
                self.say(
                    f"{child.name} ended ({ending(child.process.returncode)}), "
                    f"starting it again in {delay} s."
                )

    def stop(self) -> None:
        """End every child: what serves people first, the servers it needs last."""
        servers = [child for child in self.children if child.log is not None]
        others = [child for child in self.children if child.log is None]
        for group in (others, servers):
            alive = [child for child in group if child.is_running]
            for child in alive:
                assert child.process is not None
                child.process.send_signal(child.stop_signal)
            deadline = time.monotonic() + STOP_SECONDS
            while any(child.is_running for child in alive) and time.monotonic() < deadline:
                self.read_output(0.05)
            for child in alive:
                if child.process is not None and child.is_running:
                    self.say(f"{child.name} did not end when asked and was killed.")
                    child.process.kill()
                    child.process.wait()
            self.read_output(0)

    # The start

    def python(
        self,
        name: str,
        *arguments: str,
        stop_signal: signal.Signals = signal.SIGTERM,
        inherit: Sequence[int] = (),
        extra: Mapping[str, str] | None = None,
    ) -> Child:
        """A child that runs a module of Python's with our environment."""

        def begin(output: int) -> subprocess.Popen[bytes]:
            return processes.start(
                [sys.executable, "-m", *arguments],
                stop_signal=stop_signal,
                folder=BASE_DIR,
                environment={**self.environment, **(extra or {})},
                output=output,
                inherit=inherit,
            )

        return Child(name, begin)

    def start_servers(self) -> list[tuple[embedded.Server, Child]]:
        """Start the embedded servers the plan leaves to us, without waiting for them."""
        started: list[tuple[embedded.Server, Child]] = []
        if not self.plan.database_url:
            postgres = embedded.Postgres(self.plan.data)
            if postgres.is_new:
                self.say("Making a PostgreSQL data folder …")
            postgres.prepare()
            self.plan.database_url = postgres.url()
            started.append((postgres, self.add_server(postgres)))
        if not self.plan.redis_url:
            valkey = embedded.Valkey(self.plan.data)
            valkey.prepare()
            self.plan.redis_url = valkey.url()
            started.append((valkey, self.add_server(valkey)))
        self.environment["DATABASE_URL"] = self.plan.database_url
        self.environment["REDIS_URL"] = self.plan.redis_url
        return started

    def add_server(self, server: embedded.Server) -> Child:
        log = self.plan.data / "logs" / f"{server.name}.log"
        return self.add(Child(server.name, server.start, server.stop_signal, log=log))

    def await_servers(self, started: list[tuple[embedded.Server, Child]]) -> None:
        """Wait until each answers, trying again while the pid of a killed one still lives."""
        for server, child in started:
            assert child.process is not None
            assert child.log is not None
            with open_log(child.log) as log:
                try:
                    child.process = embedded.settle(server, child.process, log.fileno())
                except ServerError as error:
                    raise ServerError(f"{error} Its last words are in {child.log}.") from error

    def start_mailbox(self) -> None:
        """In development, and without a relay, mails go to a mailbox of our own."""
        if self.plan.email_url or not self.plan.development:
            return
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.set_inheritable(True)
        self.plan.email_url = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        folder = str(self.plan.data / "mailbox")
        arguments = ("alliance.server.mailcatcher", str(listener.fileno()), folder)
        self.add(self.python("mailbox", *arguments, inherit=[listener.fileno()]))

    def web(self, number: int, listener: socket.socket, gate: int | None) -> Child:
        """A web process; with a gate it loads everything but answers only when that opens."""
        inherit = [listener.fileno()] if gate is None else [listener.fileno(), gate]
        module = "alliance.server.web"
        arguments = (module, str(listener.fileno()), "-" if gate is None else str(gate))
        return self.python(
            f"web-{number}", *arguments, inherit=inherit, extra={"PROCESS_KIND": "web"}
        )

    def run(self) -> NoReturn:
        """Start everything, then watch it until Stopped is raised."""
        plan = self.plan
        listener = bind(plan.host, plan.port)
        servers = self.start_servers()
        self.start_mailbox()
        self.write_run_file()
        # The first web process loads while the servers start and the database is prepared.
        reading, writing = os.pipe()
        first = self.add(self.web(1, listener, reading))
        os.close(reading)
        demo = ["--demo"] if plan.demo else []
        prepare = self.add(self.python("prepare", "django", "prepare", "--no-color", *demo))
        self.await_servers(servers)
        self.await_end(prepare, while_running=first)
        self.children.remove(prepare)
        os.write(writing, b"!")
        os.close(writing)
        first.begin = self.web(1, listener, None).begin
        self.await_page(first, listener)
        taken = time.monotonic() - self.started_at
        for number in range(2, plan.web_processes + 1):
            self.add(self.web(number, listener, None))
        self.start_background()
        self.say(f"\n  Alliance is running at {plan.site_url}")
        self.say(f"  The first page took {taken:.1f} s. Ctrl-C stops everything.\n")
        while True:
            self.read_output(0.5)
            self.watch()

    def start_background(self) -> None:
        celery = ("celery", "--app", "alliance", "--quiet")
        quiet = {"PYTHONWARNINGS": "ignore:::celery.platforms"}  # it need not fear root here
        worker = ("worker", "--concurrency", str(self.plan.worker_processes))
        calm = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle")
        # SIGQUIT from the kernel if we die: an unfinished task is delivered again anyway.
        self.add(
            self.python("worker", *celery, *worker, *calm, stop_signal=signal.SIGQUIT, extra=quiet)
        )
        schedule = ("--schedule", str(self.plan.data / "beat"), "--pidfile=")
        self.add(self.python("beat", *celery, "beat", "--loglevel", "WARNING", *schedule))

    def await_end(self, child: Child, *, while_running: Child) -> None:
        """Wait for a child that does one thing. Raises ServerError when it fails."""
        assert child.process is not None
        while child.pipe is not None or child.is_running:
            self.read_output(0.02)
            if not while_running.is_running:
                self.read_output(0.2)
                raise ServerError(f"{while_running.name} did not start: see the lines above.")
        if child.process.returncode != 0:
            said = child.recent[-1] if child.recent else ending(child.process.returncode)
            raise ServerError(f"The start stopped here: {said.removeprefix('CommandError: ')}")

    def await_page(self, child: Child, listener: socket.socket) -> None:
        """Wait until the web process answers."""
        host = urlsplit(self.plan.site_url).netloc
        question = f"GET /healthz HTTP/1.0\r\nHost: {host}\r\n\r\n".encode()
        while True:
            self.read_output(0.01)
            if not child.is_running:
                raise ServerError("The web process did not start: see the lines above.")
            address = "127.0.0.1" if self.plan.host in {"0.0.0.0", ""} else self.plan.host  # noqa: S104
            with (
                contextlib.suppress(OSError),
                socket.create_connection((address, self.plan.port), 5) as page,
            ):
                page.sendall(question)
                if page.recv(16).startswith(b"HTTP/"):
                    return

    def write_run_file(self) -> None:
        """Tell other commands, such as `manage.py shell`, where the servers are."""
        run = {
            "pid": os.getpid(),
            "url": self.plan.site_url,
            "database_url": self.plan.database_url,
            "redis_url": self.plan.redis_url,
            "email_url": self.plan.email_url,
        }
        partial = self.plan.data / "run.json.new"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(run, file)
        os.replace(partial, self.plan.data / "run.json")


def bind(host: str, port: int) -> socket.socket:
    """The web socket, bound once for all web processes and all their lives."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ServerError(
            f"Port {port} cannot be used ({os.strerror(error.errno or 0)}): stop the program that "
            f"has it, or choose another, such as `make run PORT={port + 1}`."
        ) from error
    listener.set_inheritable(True)
    return listener


def open_log(path: Path) -> IO[bytes]:
    """A log file to append to; a long one is kept once as `.old`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")


def ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


# --- commands ---------------------------------------------------------------------------------


def raise_stopped(number: int, frame: FrameType | None) -> None:
    # A second one while we stop changes nothing: everything is being ended already.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def obey_signals() -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, raise_stopped)


def up() -> int:
    """Run the platform until told to stop; the exit code for the shell."""
    obey_signals()
    try:
        plan = Plan.from_environment()
        if not plan.development:
            require_production_values()
        with only_one(plan.data):
            supervisor = Supervisor(plan)
            try:
                supervisor.run()
            except Stopped:
                supervisor.say("\nStopping …")
            finally:
                supervisor.stop()
                (plan.data / "run.json").unlink(missing_ok=True)
            supervisor.say("Stopped. Nothing is lost; the same command starts it again.")
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
    """Stop the platform that runs in this data folder, from another terminal."""
    plan = Plan.from_environment()
    try:
        with only_one(plan.data):
            print("Nothing is running here.")
            return 0
    except AlreadyRunning as error:
        pid = error.run.get("pid")
        if not isinstance(pid, int):
            print("It is still starting: try again in a moment.", file=sys.stderr)
            return 1
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 3 * STOP_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(AlreadyRunning), only_one(plan.data):
            print("Stopped.")
            return 0
        time.sleep(0.1)
    print(f"Process {pid} does not stop.", file=sys.stderr)
    return 1


def run_with_servers(command: Sequence[str]) -> int:
    """Run one command beside the running platform, or with the servers alone if none is up."""
    obey_signals()
    try:
        plan = Plan.from_environment()
        try:
            with only_one(plan.data):
                supervisor = Supervisor(plan)
                try:
                    supervisor.await_servers(supervisor.start_servers())
                    supervisor.write_run_file()
                    return subprocess.run(  # noqa: S603
                        command, check=False, env=supervisor.environment
                    ).returncode
                finally:
                    supervisor.stop()
                    (plan.data / "run.json").unlink(missing_ok=True)
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
