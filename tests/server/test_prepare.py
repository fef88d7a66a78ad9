"""What a start does before the first request."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alliance.server import prepare
from alliance.server.processes import ServerError


@pytest.fixture
def said(settings: Any, tmp_path: Path) -> list[str]:
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "own"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.css").write_text("p { margin: 0 }")
    return []


@pytest.mark.django_db
def test_nothing_to_do_is_done_in_silence(said: list[str]) -> None:
    prepare.prepare(said.append, demo=False)
    said.clear()

    prepare.prepare(said.append, demo=True)

    assert said == []


@pytest.mark.django_db
def test_a_start_without_the_demo_says_that_it_is_still_here_and_how_to_begin_anew(
    said: list[str], tmp_path: Path, settings: Any
) -> None:
    prepare.prepare(said.append, demo=True)
    prepare.remember_demo("loaded")
    said.clear()

    prepare.prepare(said.append, demo=True)
    assert said == []
    prepare.prepare(said.append, demo=False)

    assert len(said) == 1
    assert said[0].startswith("The demonstration data is kept")
    assert f"move {tmp_path} away" in said[0]
    tmp_path.rename(tmp_path.with_name("away"))
    tmp_path.mkdir()
    assert prepare.remembered_demo() != "loaded"


def test_static_files_are_collected_again_when_one_changes(said: list[str], tmp_path: Path) -> None:
    prepare.collect_static(said.append)
    prepare.collect_static(said.append)
    (tmp_path / "own" / "a.css").write_text("p { margin: 1rem }")

    prepare.collect_static(said.append)

    assert said == ["Collecting scripts and styles …"] * 2
    assert (tmp_path / "static" / "a.css").read_text() == "p { margin: 1rem }"


@pytest.mark.django_db
def test_a_missing_migration_is_applied_and_named(said: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE drafts_draft")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'drafts'")

    assert prepare.migrate(said.append) is False

    assert said == ["Migrating: drafts.0001_draft …"]
    assert "drafts_draft" in connection.introspection.table_names()


def test_a_missing_database_is_made(said: list[str], committed_db: str) -> None:
    name = f"{committed_db}_missing"
    connection.close()
    connection.settings_dict["NAME"] = name

    prepare.connect(said.append)

    assert said == [f"Created the database {name}."]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (name,)
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db
def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    monkeypatch.setattr(prepare, "OLDEST_POSTGRES", 99)

    with pytest.raises(ServerError, match="99 or newer is needed"):
        prepare.connect(said.append)


@pytest.mark.django_db
def test_a_silent_broker_is_refused(settings: Any) -> None:
    settings.REDIS_URL = "unix:///nonexistent/valkey.sock"
    settings.CONNECT_SECONDS = 0

    with pytest.raises(CommandError, match="Valkey or Redis does not answer"):
        call_command("prepare")
