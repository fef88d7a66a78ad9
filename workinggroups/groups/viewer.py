"""Builds viewers: one query over the database views that hold the rule of access."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from common.access import ANONYMOUS, Seat, Viewer
from workinggroups.groups.queries import viewer_of_person, viewers_of_people


def build_viewer(person_id: int) -> Viewer:
    """The viewer of this person at this moment; anonymous where nobody active has this id."""
    rows = viewer_of_person(person=person_id)
    return _viewer(rows) if rows else ANONYMOUS


def build_viewers(person_ids: Collection[int]) -> dict[int, Viewer]:
    """The viewers of those of these people who are active."""
    by_person: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in viewers_of_people(people=list(person_ids)):
        by_person[row[0]].append(row)
    return {person_id: _viewer(rows) for person_id, rows in by_person.items()}


def _viewer(rows: list[tuple[Any, ...]]) -> Viewer:
    """Of the rows of one person."""
    (
        person_id,
        uuid,
        zone,
        is_staff,
        organizations,
        in_grace,
        in_alliance,
        read_only,
        represented,
    ) = rows[0][:9]
    places = [row[10:] for row in rows if row[10] is not None]
    return Viewer(
        person_id=person_id,
        person_uuid=uuid,
        zone=zone,
        is_staff=is_staff,
        in_alliance=in_alliance,
        read_only=read_only,
        organization_ids=frozenset(organizations),
        grace_ids=frozenset(in_grace),
        represented_ids=frozenset(represented),
        seats={
            group: Seat(group, level, organization, seat_read_only, frozenset(offices))
            for group, level, organization, seat_read_only, offices in places
            if level is not None
        },
        break_glass_ids=frozenset(place[0] for place in places if place[1] is None),
    )
