"""Writes docs/permissions.md from the matrix: `python -m tests.matrix.render`."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.matrix.loading import Row, actors, rows, shared

TARGET = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"

HEAD = """# Who may do what

This page is rendered from the permission matrix (`tests/matrix/`), which the tests run against every
address of the site; write there, then run `python -m tests.matrix.render`.

**2** it happens or is shown. **F** forbidden: one sees the thing and may not do this to it (403, with a
sentence that says why). **S** wrong state (409). **N** as if it did not exist: the one 404. **L** asked
to sign in, for what exists and for what does not. *recent*: wants a sign-in of the last five minutes.

What a viewer may not see answers like what does not exist; what it sees and may not do is refused with
the reason. Everything below `/staff/` exists for staff only. Methods that a row does not name are
refused with 405 whoever asks; nothing is written without a token against forged requests.

A group answers three questions apart: who knows of it, how one joins, who reads its work. The tables
run the presets *open* (everybody knows it, the alliance joins and reads), *listed* (everybody knows it,
joins by request, its members read), *closed* (the alliance knows it, joins by request, its members
read) and *secret* (its members know it, by invitation).
"""

ADDING = """## Adding rows

Each app keeps its rows in `tests/matrix/rows/<app>.yaml`; `tests/matrix/matrix.yaml` says what a row
holds. A test fails on an address or method without a row, and on a row without an address. What a
row's arguments name has to exist in `tests/world.py`: add what your app needs to `_group`, once for
each kind of group.
"""


def render() -> str:
    return "\n".join([HEAD, *_actors(), *_tables(), ADDING])


def _actors() -> Iterator[str]:
    yield "## Who is who\n"
    for letters, words in shared()["actors"].values():
        yield f"- **{letters}** {words}"
    yield ""


def _tables() -> Iterator[str]:
    letters = [letters for letters, words in shared()["actors"].values()]
    for family, of_room in groupby(rows(), key=lambda row: row.family):
        yield f"## {family.capitalize()}\n"
        yield "| | " + " | ".join(["Group", *letters]) + " |"
        yield "|---" * (len(letters) + 2) + "|"
        for row in of_room:
            yield from _lines(row)
        yield ""


def _lines(row: Row) -> Iterator[str]:
    """One line for all kinds of group that answer alike."""
    recent = " *(recent)*" if row.recent else ""
    by_answers: dict[tuple[str, ...], list[str]] = {}
    for kind, codes in row.expect.items():
        by_answers.setdefault(tuple(codes[actor] for actor in actors()), []).append(kind)
    for answers, kinds in by_answers.items():
        where = "" if kinds == ["any"] else ", ".join(kinds)
        yield f"| {row.says}{recent} | {where} | " + " | ".join(answers) + " |"


if __name__ == "__main__":
    TARGET.write_text(render(), "utf-8")
