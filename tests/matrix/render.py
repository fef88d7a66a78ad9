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

## Grants

Somebody without a seat in a group can be granted to read one object of it for a time. The holder of the
grant reads of this object what a member of the group reads: a topic with its posts and files; one
revision with its comments and files, and the title, summary and editors of its deliverable, but no other
revision; a draft of the charter. Pages, files, API and search answer alike. Everything else is answered
as without a grant:

- To write, reply, comment, follow or attach asks for a seat as ever, and is refused with F.
- The group's own lists, tabs and counts stay as they are: in a group whose work only its members read
  they are N, and elsewhere they leave out what a grant opens. Lists of all that one can read, in the
  API and in search, have the granted objects.
- What only the chairs read is opened by no grant, and neither is anything in a secret group.
- A grant counts while its holder is in the alliance. After its last moment the next request is N.

`tests/access/test_reach_of_grants.py` tries each act of the tables below with a grant and without.

## Concluded groups

A concluded group is read and no longer changed: what plans, changes or adds meetings, agendas, texts,
files, decisions, action items, people and offices answers S with "This group has concluded. You can read
its pages but not change them.", and so do the forms of these acts. Pages have no buttons for them. The
tables below are those of a group that runs; `tests/matrix/test_concluded.py` tries each of their acts in
a concluded one. Only these stay possible:

- *The minutes of meetings that were held*: their notes are written, imported and restored, offered,
  corrected, answered, approved, and unlocked with a reason (docs/adr/0038). Actions in the notes stay
  text and create no items. Attendance, guests, decisions and recordings are no longer added.
- *What is one's own, or answers a person who waits*: leaving the group (its last chair too), stepping
  down from an office or as editor, withdrawing one's request to join, withdrawing or declining an
  invitation, declining a request.
- *Cancelling what will not take place*: a coming meeting, or a series with all of its coming meetings.
- *Moderation and erasure*: hiding a post or comment and showing it again, erasing a guest's name,
  deleting a recording before its day.
- *Staff*: reopening the group, its address, withdrawing a publication, opening the group to read it.
- *Reading*: following a topic, one's calendar address, notifications, PDF files.

Staff conclude a group on a page that counts what is still open, and names only what they can read. In
the same transaction requests and proposals are declined, invitations withdrawn, polls closed, coming
meetings cancelled, series and reviews ended; open action items and unpublished deliverables are dropped
or kept, as staff choose. Each app registers its kinds in `workinggroups/groups/open_work.py`.

In code a rule of the first kind is made by `rule_while_running`, which raises WrongState for people
who have the right and refuses others as ever.
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
