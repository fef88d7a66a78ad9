"""Render docs/permissions.md from the matrix: `python -m tests.matrix.render`."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.matrix.loading import Row, actors, rows, shared

# The headings of apps whose name is not its own heading.
HEADINGS = {"api": "API", "meetings_in_progress": "In the meeting"}

TARGET = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"

HEAD = """# Who can do what

This page is rendered from the permission matrix (`tests/matrix/`), which the tests check against every
address of the site. To change it, edit the matrix and run `python -m tests.matrix.render`.

| answer | meaning |
|---|---|
| **2** | It is done or shown |
| **F** | Forbidden (403): you can see the object but cannot do this; the page gives the reason |
| **S** | Wrong state (409) |
| **N** | Not found (404): the same answer as for an object that does not exist |
| **L** | Asked to sign in, whether the object exists or not |

*(recent)* requires a sign-in within the last five minutes.

What you cannot see is answered as if it did not exist; what you can see but cannot do is refused with a
reason. Everything under `/staff/` exists for staff only. Methods without a row are refused with 405 for
everybody. Nothing is saved without a CSRF token.

A group decides three things separately: to whom it is visible, how to join, and by whom its work is
readable. The tables cover four presets:

| preset | visible to | how to join | readable by |
|---|---|---|---|
| *open* | everybody | at once, for people in the alliance | the alliance |
| *listed* | everybody | by request | its members |
| *closed* | the alliance | by request | its members |
| *secret* | its members | by invitation | its members |
"""

ADDING = """## How to add rows

Each app has its rows in `tests/matrix/rows/<app>.yaml`; `tests/matrix/matrix.yaml` explains their
fields. The tests fail for an address or method without a row, and for a row without an address.
Objects that a row's arguments name are created in `tests/world/`, once for each kind of group.
"""


def render() -> str:
    return "\n".join([HEAD, *_actors(), *_tables(), ADDING])


def _actors() -> Iterator[str]:
    yield "## Actors\n"
    for letters, words in shared()["actors"].values():
        yield f"- **{letters}** {words}"
    yield ""


def _tables() -> Iterator[str]:
    letters = [letters for letters, words in shared()["actors"].values()]
    for family, of_app in groupby(rows(), key=lambda row: row.family):
        yield f"## {HEADINGS.get(family, family.capitalize())}\n"
        yield "| | " + " | ".join(["Group", *letters]) + " |"
        yield "|---" * (len(letters) + 2) + "|"
        for row in of_app:
            yield from _lines(row)
        yield ""


def _lines(row: Row) -> Iterator[str]:
    """Yield a line for each set of kinds of group with the same answers."""
    recent = " *(recent)*" if row.recent else ""
    by_answers: dict[tuple[str, ...], list[str]] = {}
    for kind, codes in row.expect.items():
        by_answers.setdefault(tuple(codes[actor] for actor in actors()), []).append(kind)
    for answers, kinds in by_answers.items():
        where = "" if kinds == ["any"] else ", ".join(kinds)
        yield f"| {row.says}{recent} | {where} | " + " | ".join(answers) + " |"


if __name__ == "__main__":
    TARGET.write_text(render(), "utf-8")
