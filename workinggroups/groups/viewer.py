"""Building viewers, with one query over the database views that hold the rule of access."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from common.access import ANONYMOUS, Seat, Viewer
from workinggroups.groups.queries import viewer_of_person, viewers_of_people


class ViewerRow(NamedTuple):
    """A row of `viewer_of_person`: the person, and one seat, one opened group or nothing (None)."""

    person_id: int
    person_uuid: UUID
    zone: str
    is_staff: bool
    organization_ids: list[int]
    grace_ids: list[int]
    in_alliance: bool
    read_only: bool
    represented_ids: list[int]
    grants: list[str]  # "kind uuid"
    group_person_id: int | None
    group_id: int | None
    level: str | None  # None for a group opened by break-glass, as the following columns
    organization_id: int | None
    seat_read_only: bool | None
    offices: list[str] | None
    has_concluded: bool | None


def build_viewer(person_id: int) -> Viewer:
    """Return the viewer of this person now; anonymous for a person who is not active."""
    rows = [ViewerRow._make(row) for row in viewer_of_person(person=person_id)]
    return _viewer(rows) if rows else ANONYMOUS


def build_viewers(person_ids: Collection[int]) -> dict[int, Viewer]:
    """Return the viewers of the active people among these, by id."""
    by_person: dict[int, list[ViewerRow]] = defaultdict(list)
    for row in map(ViewerRow._make, viewers_of_people(people=list(person_ids))):
        by_person[row.person_id].append(row)
    return {person_id: _viewer(rows) for person_id, rows in by_person.items()}


def _granted(grants: list[str]) -> Mapping[str, frozenset[UUID]]:
    by_kind: dict[str, set[UUID]] = defaultdict(set)
    for grant in grants:
        kind, uuid = grant.split()
        by_kind[kind].add(UUID(uuid))
    return {kind: frozenset(uuids) for kind, uuids in by_kind.items()}


def _viewer(rows: list[ViewerRow]) -> Viewer:
    person = rows[0]
    return Viewer(
        person_id=person.person_id,
        person_uuid=person.person_uuid,
        zone=person.zone,
        is_staff=person.is_staff,
        in_alliance=person.in_alliance,
        read_only=person.read_only,
        organization_ids=frozenset(person.organization_ids),
        grace_ids=frozenset(person.grace_ids),
        represented_ids=frozenset(person.represented_ids),
        seats={
            row.group_id: Seat(
                row.group_id,
                row.level,
                row.organization_id,
                bool(row.seat_read_only),
                frozenset(row.offices or ()),
                bool(row.has_concluded),
            )
            for row in rows
            if row.group_id is not None and row.level is not None
        },
        break_glass_ids=frozenset(
            row.group_id for row in rows if row.group_id is not None and row.level is None
        ),
        granted=_granted(person.grants),
    )
