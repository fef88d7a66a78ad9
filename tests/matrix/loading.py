"""Reads the permission matrix: rows of YAML into what each actor must be answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent
CODES = {"2", "F", "S", "N", "L"}
KINDS = ("open", "listed", "closed", "secret")
# Rows that do not depend on a group's kind are tried beside the commonest one.
ANY_KIND = "listed"


@dataclass(frozen=True)
class Row:
    """One line of the matrix: an act on one address and who is answered what."""

    row: str
    says: str
    route: str
    method: str
    family: str
    expect: dict[str, dict[str, str]]  # kind of group → actor → code
    args: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    data: Any = None
    recent: bool = False
    answers: str = ""
    csrf: bool = True
    since: str = "0.1"

    @property
    def is_due(self) -> bool:
        return self.since <= str(shared()["version"])


@cache
def shared() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "matrix.yaml").read_text("utf-8"))
    return loaded


def actors() -> list[str]:
    return list(shared()["actors"])


@cache
def rows() -> list[Row]:
    return [
        Row(family=path.stem, expect=expectations(raw.pop("expect")), **raw)
        for path in sorted((FOLDER / "rows").glob("*.yaml"))
        for raw in yaml.safe_load(path.read_text("utf-8"))
    ]


def expectations(raw: dict[str, dict[str, list[str]]] | str) -> dict[str, dict[str, str]]:
    """For each kind of group the code of every actor; unnamed ones are answered N, strangers L.

    A text names one of the shared expectations.
    """
    if isinstance(raw, str):
        raw = shared()["expectations"][raw]
    found: dict[str, dict[str, str]] = {}
    for kinds, by_code in raw.items():
        codes = {actor: "L" if actor == "anonymous" else "N" for actor in actors()}
        for code, names in by_code.items():
            if str(code) not in CODES:
                raise ValueError(f"There is no answer {code!r}.")
            codes.update((actor, str(code)) for name in names for actor in members_of(name))
        for kind in kinds.split():
            found["any" if kind == "any" else kind] = codes
    return found


def members_of(name: str) -> Iterator[str]:
    """The actors behind a name: itself, or those of an alias."""
    if name in shared()["actors"]:
        yield name
        return
    for inner in shared()["aliases"][name]:
        yield from members_of(inner)


def is_exempt(route: str) -> bool:
    return any(
        route == name or (name.endswith("*") and route.startswith(name[:-1]))
        for name in shared()["exempt"]
    )
