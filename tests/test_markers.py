"""What a run of a part of the tests chooses, says and keeps."""

from pathlib import Path

import pytest

from tests import reused
from tests.markers import function_of, is_in_sample


@pytest.mark.parametrize(("cases", "count"), [(994, 40), (45, 40), (40, 40), (3, 40), (7, 1)])
def test_a_sample_has_so_many_cases_and_begins_with_the_first(cases: int, count: int) -> None:
    chosen = [index for index in range(cases) if is_in_sample(index, cases, count)]

    assert len(chosen) == min(cases, count)
    assert chosen[0] == 0


def test_cases_and_groups_of_a_function_are_one_function() -> None:
    nodes = ["tests/a.py::test_b", "tests/a.py::test_b[x@[y]", "tests/a.py::test_b@group"]

    assert {function_of(node) for node in nodes} == {"tests/a.py::test_b"}


def test_a_race_is_marked_by_its_fixture(request: pytest.FixtureRequest, committed_db: str) -> None:
    assert request.node.get_closest_marker("race")


@pytest.mark.parametrize(
    ("changed", "is_noticed"),
    [
        ("common/names/migrations/0001_first.py", True),
        ("common/names/migrations/0002_new.py", True),
        ("common/triggers.py", True),
        ("common/other.py", False),
        ("requirements.txt", True),
    ],
)
def test_a_database_is_kept_until_what_made_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str, is_noticed: bool
) -> None:
    migration = tmp_path / "common/names/migrations/0001_first.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("from common.triggers import noted")
    for name in ("common/triggers.py", "common/other.py", "requirements.txt"):
        (tmp_path / name).write_text("before")
    monkeypatch.setattr(reused, "ROOT", tmp_path)
    before = reused.schema_digest()

    (tmp_path / changed).write_text("after")

    assert (reused.schema_digest() != before) is is_noticed
