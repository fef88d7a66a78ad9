"""The supervisor: starts the whole platform and keeps it running.

It starts the embedded servers (unless the environment names others), prepares the database, and
starts web processes, Celery workers and beat. It restarts processes that die; when the supervisor
ends, however it ends, all its children end too. It does not load Django, so that the first page
waits only for the web process.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn
from urllib.parse import urlsplit

from alliance.server import embedded, processes, shares
from alliance.server.children import Child, Children, open_log, say
from alliance.server.plan import BASE_DIR, Plan, write_run_file
from alliance.server.processes import ServerError


class Supervisor:
    """Starts all processes of a plan, in the order that serves the first page soonest."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.started_at = time.monotonic()
        self.catches_mail = False
        self.children = Children()
        # The shared memory with the number of connections of each web process.
        self.shares = shares.make_page(max(1, plan.web_processes))
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

    def python(
        self,
        name: str,
        *arguments: str,
        inherit: Sequence[int] = (),
        extra: Mapping[str, str] | None = None,
    ) -> Child:
        """Return a child that runs a Python module with our environment.

        If we die, the child is killed: all its data is in the database, and a Celery worker that is
        asked to end while the servers are gone can wait for its broker forever.
        """

        def begin(output: int) -> subprocess.Popen[bytes]:
            return processes.start(
                [sys.executable, "-m", *arguments],
                folder=BASE_DIR,
                environment={**self.environment, **(extra or {})},
                output=output,
                inherit=inherit,
            )

        return Child(name, begin)

    def start_servers(self) -> list[tuple[embedded.Server, Child]]:
        """Start the embedded servers of the plan without waiting for them."""
        started: list[tuple[embedded.Server, Child]] = []
        if not self.plan.database_url:
            postgres = embedded.Postgres(self.plan.data)
            if postgres.is_new:
                say("Creating a PostgreSQL data folder …")
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
        return self.children.add(Child(server.name, server.start, server.stop_signal, log=log))

    def await_servers(self, started: list[tuple[embedded.Server, Child]]) -> None:
        """Wait until each server answers; retry while the pid of a killed server still exists."""
        for server, child in started:
            assert child.process is not None
            assert child.log is not None
            with open_log(child.log) as log:
                try:
                    child.process = embedded.settle(server, child.process, log.fileno())
                except ServerError as error:
                    raise ServerError(f"{error} See its log: {child.log}.") from error

    def start_mailbox(self) -> None:
        """Start the development mailbox, if in development and without a relay."""
        if self.plan.email_url or not self.plan.development:
            return
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.set_inheritable(True)
        self.plan.email_url = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        folder = str(self.plan.data / "mailbox")
        arguments = ("alliance.server.mailcatcher", str(listener.fileno()), folder)
        self.children.add(self.python("mailbox", *arguments, inherit=[listener.fileno()]))
        self.catches_mail = True

    def web(self, number: int, listener: socket.socket, gate: int | None) -> Child:
        """Return a web process; with a gate, it loads but answers only after the gate opens."""
        inherit = [listener.fileno(), self.shares]
        if gate is not None:
            inherit.append(gate)
        return self.python(
            f"web-{number}",
            "alliance.server.web",
            str(listener.fileno()),
            "-" if gate is None else str(gate),
            str(self.shares),
            str(number - 1),
            inherit=inherit,
            extra={"PROCESS_KIND": "web"},
        )

    def run(self) -> NoReturn:
        """Start everything, then watch it until Stopped is raised."""
        plan = self.plan
        listener = bind(plan.host, plan.port)
        servers = self.start_servers()
        self.start_mailbox()
        write_run_file(plan)
        # The first web process loads while the servers start and the database is prepared.
        reading, writing = os.pipe()
        first = self.children.add(self.web(1, listener, reading))
        os.close(reading)
        demo = ["--demo"] if plan.demo else []
        prepare = self.python("prepare", "django", "prepare", "--no-color", *demo)
        prepare.is_named = False
        self.children.add(prepare)
        self.await_servers(servers)
        self.children.await_end(prepare, while_running=first)
        self.children.forget(prepare)
        os.write(writing, b"!")
        os.close(writing)
        first.begin = self.web(1, listener, None).begin
        self.await_page(first, listener)
        taken = time.monotonic() - self.started_at
        for number in range(2, plan.web_processes + 1):
            self.children.add(self.web(number, listener, None))
        self.start_background()
        say(f"\n  Alliance is running at {plan.site_url}")
        if self.catches_mail:
            say(f"  Mails are not sent; read them at {plan.site_url}/mailbox/")
        say(f"  The first page took {taken:.1f} s. Ctrl-C stops everything.\n")
        while True:
            self.children.read_output(0.5)
            self.children.watch()

    def start_background(self) -> None:
        celery = ("celery", "--app", "alliance", "--quiet")
        quiet = {"PYTHONWARNINGS": "ignore:::celery.platforms"}  # running as root is fine here
        calm = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle")
        # A slow or silent relay delays only the worker for mail.
        for name, queue, concurrency in (
            ("worker", "celery", self.plan.worker_processes),
            ("mail", "mail", 1),
        ):
            worker = ("worker", "--queues", queue, "--concurrency", str(concurrency))
            node = ("--hostname", f"{name}@%h")
            self.children.add(self.python(name, *celery, *worker, *node, *calm, extra=quiet))
        schedule = ("--schedule", str(self.plan.data / "beat"), "--pidfile=")
        self.children.add(self.python("beat", *celery, "beat", "--loglevel", "WARNING", *schedule))

    def await_page(self, child: Child, listener: socket.socket) -> None:
        """Wait until the web process answers."""
        host = urlsplit(self.plan.site_url).netloc
        question = f"GET /healthz HTTP/1.0\r\nHost: {host}\r\n\r\n".encode()
        while True:
            self.children.read_output(0.01)
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

    def stop(self) -> None:
        self.children.stop()


def bind(host: str, port: int) -> socket.socket:
    """Bind the web socket, once for all web processes, also restarted ones."""
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
