"""Who can read a row by its access key, a group and a level, or by a grant: as a filter and for one
row."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol
from uuid import UUID

from django.db.models import Q

from common.access.levels import Level
from common.access.viewer import Viewer


class HasAccessKey(Protocol):
    group_id: int
    level: int


@dataclass(frozen=True, slots=True)
class GrantedBy:
    """A kind of grant that lets its holder read the rows of a model (`granted_by` of the model).

    `uuid` is the path from a row to the uuid that the grant names. A model whose rows belong to
    objects of any kind names its column with the kind as `kind_column` instead of a kind.
    """

    kind: str = ""
    uuid: str = "uuid"
    kind_column: str = ""

    def rows_for(self, viewer: Viewer) -> Q:
        """Return the filter of the rows that the viewer's grants are for."""
        rows = Q(pk__in=[])
        for kind, uuids in viewer.granted.items():
            if self.kind_column:
                rows |= Q(**{self.kind_column: kind, f"{self.uuid}__in": uuids})
            elif kind == self.kind:
                rows |= Q(**{f"{self.uuid}__in": uuids})
        return rows

    def kind_of(self, row: object) -> str:
        return getattr(row, self.kind_column) if self.kind_column else self.kind

    def uuid_of(self, row: object) -> UUID:
        uuid: UUID = attrgetter(self.uuid.replace("__", "."))(row)
        return uuid


def granted_by(model: object) -> tuple[GrantedBy, ...]:
    """Return the kinds of grants by which rows of this model, or this row, can be read."""
    ways: tuple[GrantedBy, ...] = getattr(model, "granted_by", ())
    return ways


def grants_for(row: object) -> list[tuple[str, UUID]]:
    """Return the objects, by kind and uuid, of which a grant lets its holder read this row."""
    return [(way.kind_of(row), way.uuid_of(row)) for way in granted_by(row)]


def sees(viewer: Viewer, row: HasAccessKey) -> bool:
    """Whether the viewer can read this row: the rule of `visible_content`."""
    return row.level <= viewer.read_level(row.group_id) or holds_grant(viewer, row)


def holds_grant(viewer: Viewer, row: HasAccessKey) -> bool:
    """Whether a grant lets the viewer read this row."""
    return row.level <= Level.MEMBERS and any(
        way.uuid_of(row) in viewer.granted[way.kind_of(row)]
        for way in granted_by(row)
        if way.kind_of(row) in viewer.granted
    )


def visible_content(viewer: Viewer, ways: Iterable[GrantedBy] = ()) -> Q:
    """Filter rows by their columns `group_id` and `level`, and by the grants that open the model.

    `readers_of` in the queries of `groups` is the inverse: the people who can read a row.
    """
    visible = Q(level__lte=Level.ALLIANCE if viewer.in_alliance else Level.PUBLIC)
    if viewer.seats:
        visible |= Q(level__lte=Level.MEMBERS, group_id__in=viewer.group_ids)
    if viewer.chaired_ids:
        visible |= Q(level=Level.CHAIRS, group_id__in=viewer.chaired_ids)
    if viewer.break_glass_ids:
        visible |= Q(group_id__in=viewer.break_glass_ids)
    if viewer.granted:
        for way in ways:
            visible |= way.rows_for(viewer) & Q(level__lte=Level.MEMBERS)
    return visible
