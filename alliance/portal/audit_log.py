"""The audit log: records in words, with the people and the objects that they name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from common.access import Viewer
from common.record import registry
from common.record.models import Record
from members.people.models import Person


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One record in words.

    `actor` is None for a closed account or no person, `object` if the viewer cannot see it.
    """

    record: Record
    actor: Person | None
    object: Model | None

    @property
    def verb(self) -> str:
        return registry.verb_label(self.record.verb)

    @property
    def kind(self) -> str:
        return registry.kind_label(self.record.kind)


def audit_entries(records: Iterable[Record], viewer: Viewer) -> list[AuditEntry]:
    """Return an entry for each record: one query for people, one for each kind of object."""
    listed = list(records)
    objects = registry.visible_objects(((row.kind, row.object_uuid) for row in listed), viewer)
    actors = Person.objects.in_bulk({row.actor_uuid for row in listed}, field_name="uuid")
    return [
        AuditEntry(row, actors.get(row.actor_uuid), objects.get((row.kind, row.object_uuid)))
        for row in listed
    ]
