"""What the demo says, as tables and texts; everybody and everything in them is invented."""

import csv
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent

Row = dict[str, str]


class Decided(NamedTuple):
    """A decision line: what, how, counts as `for-against-abstained` or nothing, who disagreed, outcome."""

    title: str
    method: str
    counts: str
    dissent: str
    outcome: str


class Promised(NamedTuple):
    """An action line: who does what within so many days."""

    person: str
    text: str
    days: int


class Matter(NamedTuple):
    """One point of an agenda, with its discussion and what came of it."""

    title: str
    discussion: str
    decisions: list[Decided]
    actions: list[Promised]


class Thread(NamedTuple):
    """One topic: its title, and who wrote what."""

    title: str
    posts: list[tuple[str, str]]


def rows(name: str) -> list[Row]:
    """The lines of a CSV table, by column."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(folder: str, name: str) -> str:
    return (FOLDER / folder / f"{name}.md").read_text(encoding="utf-8")


def matters(group: str) -> list[Matter]:
    """What a group's meetings deal with, in order: `##` begins one, marked lines end it."""
    listed: list[Matter] = []
    for block in text("matters", group).split("## ")[1:]:
        lines = block.strip().splitlines()
        discussion = [line for line in lines[1:] if not line.startswith(("decision: ", "action: "))]
        decisions, actions = [], []
        for line in lines[1:]:
            kind, _, rest = line.partition(": ")
            parts = [part.strip() for part in rest.split("|")]
            if kind == "decision":
                title, method, counts, dissent, outcome = (*parts, "", "", "")[:5]
                decisions.append(Decided(title, method, counts, dissent, outcome or "adopted"))
            elif kind == "action":
                actions.append(Promised(parts[0], parts[1], int(parts[2])))
        listed.append(Matter(lines[0], " ".join(discussion), decisions, actions))
    return listed


def threads(group: str) -> list[Thread]:
    """The topics of a group: `#` begins one, each line is a post by the person it names."""
    if not (FOLDER / "topics" / f"{group}.md").exists():
        return []
    listed: list[Thread] = []
    for block in text("topics", group).split("# ")[1:]:
        title, *lines = block.strip().splitlines()
        posts = [(who, post) for who, _, post in (line.partition(": ") for line in lines)]
        listed.append(Thread(title, posts))
    return listed
