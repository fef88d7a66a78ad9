"""Acts of the record beside the things they were about, as far as the reader may see these."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from alliance.desk import things
from common.access import Viewer
from common.record.models import Record
from members.people.models import Person


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the record in words. `thing` is None where it has no page, or none for you."""

    row: Record
    actor: Person | None
    thing: Any

    @property
    def verb(self) -> str:
        return words(self.row.verb)

    @property
    def kind(self) -> str:
        return words(self.row.kind)


def words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def acts(rows: Iterable[Record], viewer: Viewer) -> list[Act]:
    """The rows with their actors and things: one query for people, one a kind on the page."""
    listed = list(rows)
    found = things.find(((row.kind, row.object_uuid) for row in listed), viewer)
    actors = Person.objects.in_bulk({row.actor_uuid for row in listed}, field_name="uuid")
    return [
        Act(row, actors.get(row.actor_uuid), found.get((row.kind, row.object_uuid)))
        for row in listed
    ]
