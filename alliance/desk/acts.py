"""Acts of the record beside the things they were about, as far as the reader may see these."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.access import Viewer
from common.record.models import Record
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.models import Deliverable, Publication
from workinggroups.discussion.models import Topic
from workinggroups.groups.models import ActionItem, Group
from workinggroups.meetings.models import Meeting


def _in_group(model: Any) -> Callable[[Viewer], Any]:
    """Rows of a group's content, whose addresses are made of the group's."""
    return lambda viewer: model.objects.visible_to(viewer).select_related("group")


# Which rows a kind of the record speaks of, as far as a viewer may see them.
THINGS: dict[str, Callable[[Viewer], Any]] = {
    "action_item": _in_group(ActionItem),
    "decision": _in_group(Decision),
    "deliverable": _in_group(Deliverable),
    "group": Group.objects.visible_to,
    "meeting": _in_group(Meeting),
    "organization": Organization.objects.visible_to,
    "publication": lambda viewer: Publication.objects.all(),  # published is public
    "topic": _in_group(Topic),
}


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
    of_kind: dict[str, list[UUID]] = defaultdict(list)
    for row in listed:
        if row.kind in THINGS:
            of_kind[row.kind].append(row.object_uuid)
    things: dict[tuple[str, UUID], Any] = {}
    for kind, uuids in of_kind.items():
        found = THINGS[kind](viewer).filter(uuid__in=uuids)
        things.update({(kind, thing.uuid): thing for thing in found})
    actors = Person.objects.in_bulk({row.actor_uuid for row in listed}, field_name="uuid")
    return [
        Act(row, actors.get(row.actor_uuid), things.get((row.kind, row.object_uuid)))
        for row in listed
    ]
