"""Web processes share connections fairly, lose none that wait, and stay below their file limit."""

import contextlib
import select
import signal
import socket
from collections.abc import Iterator

import pytest

from alliance.server import file_limit, shares
from bench.connections import ask_at_once
from tests.server.bare import Web, web
from tests.server.running import eventually
from tests.server.spreading import MOST_RATIO, spread

# One pair of processes serves most of these tests in turn.
pytestmark = [pytest.mark.platform, pytest.mark.xdist_group("spreading")]
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def pair() -> Iterator[Web]:
    """Two processes that begin with a low limit of files which they may raise."""
    with web(2, ulimit="-S -n 128") as site:
        yield site


@pytest.fixture(scope="module")
def narrow() -> Iterator[Web]:
    """One process that may have 1,024 files open and cannot change that."""
    with web(1, ulimit="-n 1024") as site:
        yield site


@contextlib.contextmanager
def asking(site: Web, count: int) -> Iterator[list[socket.socket]]:
    """Connections over which a page has been asked for; nobody has read the answers."""
    file_limit.raise_file_limit()
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(ask(site)) for _ in range(count)]


def ask(site: Web, path: str = "/") -> socket.socket:
    connection = socket.create_connection(site.listener.getsockname(), PATIENCE_SECONDS)
    ask_again(connection, path)
    return connection


def ask_again(connection: socket.socket, path: str) -> None:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())


def answer(connection: socket.socket) -> str:
    """The number of the process that answered."""
    read = b""
    while not read.partition(b"\r\n\r\n")[2]:
        read += connection.recv(1000) or b"\r\n\r\ncut off"
    return read.partition(b"\r\n\r\n")[2].decode()


def is_ratio_kept(taken: list[int]) -> bool:
    return max(taken) <= MOST_RATIO * min(taken)


def test_two_processes_share_kept_connections(pair: Web) -> None:
    assert is_ratio_kept(spread(pair))


def test_four_processes_share_kept_connections() -> None:
    with web(4) as site:
        assert is_ratio_kept(spread(site))


def test_two_thousand_connections_at_once_are_all_answered(pair: Web) -> None:
    answers = ask_at_once(pair.url, 2000)

    assert {answer.outcome for answer in answers} == {"200"}


def test_nobody_waits_long_for_a_process_that_is_stuck(pair: Web) -> None:
    eventually(lambda: pair.held() == [0, 0], "no connection is left")
    pair.processes[0].send_signal(signal.SIGSTOP)

    answers = ask_at_once(pair.url, 8)
    pair.processes[0].send_signal(signal.SIGCONT)

    assert [answer.body for answer in answers] == [b"1"] * 8
    assert max(answer.seconds for answer in answers) < 5


def test_connections_that_wait_outlive_a_killed_process(pair: Web) -> None:
    for process in pair.processes:
        process.send_signal(signal.SIGSTOP)
    with asking(pair, 32) as connections:
        pair.processes[0].kill()
        pair.processes[0].wait()
        pair.processes[1].send_signal(signal.SIGCONT)

        answers = [answer(connection) for connection in connections]

        assert answers == ["1"] * 32


def test_a_process_that_is_started_again_takes_its_share(pair: Web) -> None:
    pair.begin_again(0)

    assert is_ratio_kept(spread(pair))


def test_few_files_are_said_and_the_process_serves(narrow: Web) -> None:
    said = narrow.output(narrow.processes[0]).readline().decode()

    with asking(narrow, 1) as (connection,):
        assert answer(connection) == "0"
    assert said == (
        "The system allows 1,024 open files a process, so a web process can have at most 768 "
        "connections instead of 4,096: raise the hard limit of open files to 8,192.\n"
    )


def test_connections_beyond_the_limit_wait_until_others_end(narrow: Web) -> None:
    allowed = file_limit.connections_allowed(1024)
    with asking(narrow, allowed + 32) as connections:
        first, later = connections[:allowed], connections[allowed:]
        assert [answer(connection) for connection in first] == ["0"] * allowed
        eventually(lambda: narrow.held() == [shares.TAKES_NONE], "it takes no more")
        assert select.select(later, [], [], 0)[0] == []

        for connection in first:
            connection.close()

        assert [answer(connection) for connection in later] == ["0"] * 32


def test_a_process_without_files_waits_for_some(narrow: Web) -> None:
    with asking(narrow, 1) as (known,):
        answer(known)
        ask_again(known, "/files/")
        answer(known)
        with asking(narrow, 1) as (newcomer,):
            before = narrow.cpu_seconds(0)
            assert select.select([newcomer], [], [], 0.5)[0] == []
            spent = narrow.cpu_seconds(0) - before
            said = narrow.output(narrow.processes[0]).readline().decode()
            ask_again(known, "/close/")

            assert answer(newcomer) == "0"
    assert spent < 0.25
    assert said == (
        "No more connections for now (Too many open files): they wait until others end.\n"
    )


@pytest.mark.parametrize(
    ("files", "connections"),
    [(65_536, 4096), (8192, 4096), (4096, 3072), (1024, 768), (256, 128), (64, 1)],
)
def test_a_quarter_of_the_files_is_kept_for_other_things(files: int, connections: int) -> None:
    assert file_limit.connections_allowed(files) == connections
