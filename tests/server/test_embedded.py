"""Where the embedded servers live, and as whom."""

import os
from pathlib import Path

import psycopg2
import pytest

from alliance.server import embedded, processes
from alliance.server.processes import ServerError


def test_socket_paths_are_short_whatever_the_data_path(tmp_path: Path) -> None:
    folder = embedded.socket_folder(tmp_path / ("x" * 200), {os.getuid()})

    assert len(str(folder / embedded.POSTGRES_SOCKET)) <= embedded.SOCKET_PATH_BYTES
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


def test_each_data_folder_has_sockets_of_its_own(tmp_path: Path) -> None:
    one = embedded.socket_folder(tmp_path / "one", {os.getuid()})
    two = embedded.socket_folder(tmp_path / "two", {os.getuid()})

    assert one != two
    one.rmdir()
    two.rmdir()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = embedded.socket_folder(tmp_path, {os.getuid()})

    with pytest.raises(ServerError, match="belongs to another account"):
        embedded.socket_folder(tmp_path, {os.getuid() + 1})
    folder.rmdir()


def test_a_link_in_the_place_of_the_socket_folder_is_refused(tmp_path: Path) -> None:
    folder = embedded.socket_folder(tmp_path, {os.getuid()})
    folder.rmdir()
    folder.symlink_to(tmp_path)

    with pytest.raises(ServerError, match="belongs to another account"):
        embedded.socket_folder(tmp_path, {os.getuid()})
    folder.unlink()


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A data folder below a folder that nobody else may enter, with a space in its name."""
    home = tmp_path / "private home"
    home.mkdir(mode=0o700)
    return home / "data"


def test_postgres_runs_below_a_private_folder(private: Path) -> None:
    server = embedded.Postgres(private, volatile=True)
    server.prepare()
    process = embedded.run(server)
    try:
        connection = psycopg2.connect(server.url("postgres"))
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            assert cursor.fetchone() == (str(private / "pg18"),)
        connection.close()
    finally:
        processes.stop(process, stop_signal=server.stop_signal)

    assert private.parent.stat().st_mode & 0o777 == 0o700
    assert server.identity == ("namespace" if os.getuid() == 0 else "same")


def test_a_half_made_data_folder_is_made_again(private: Path) -> None:
    server = embedded.Postgres(private, volatile=True)
    half = private / "pg18.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (half / "base").mkdir()

    server.prepare()

    assert not half.exists()
    assert (server.folder / "global" / "pg_control").exists()
    server.sockets.rmdir()
