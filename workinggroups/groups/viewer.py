"""Builds viewers: one query over the database views that hold the rule of access."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from common.access import ANONYMOUS, Seat, Viewer
from common.prepared import PreparedSql

# Who the person is and through which organizations it is inside now; beside it, in a row each, its
# seats with the offices held from them and the groups it has opened by break-glass. Without any of
# them it is one row that names no group. `organizations_insider` is a view: the people are named
# beside it too, else PostgreSQL makes it for the whole alliance where some people are asked for.
_WHO_LOOKS = """
WITH who AS (
    SELECT p.id, p.uuid, p.zone, p.is_staff,
           COALESCE(array_agg(i.organization_id) FILTER (WHERE i.organization_id IS NOT NULL), '{}'),
           COALESCE(array_agg(i.organization_id)
                    FILTER (WHERE i.read_only AND i.organization_id IS NOT NULL), '{}'),
           count(i.id) > 0,
           COALESCE(bool_and(i.read_only), false),
           ARRAY(SELECT r.organization_id FROM organizations_representation r
                  WHERE r.person_id = p.id AND r.during @> statement_timestamp())
      FROM people_person p
      LEFT JOIN organizations_insider i ON i.person_id = p.id AND i.person_id {people}
     WHERE p.id {people} AND p.is_active
     GROUP BY p.id
), place AS (
    SELECT s.person_id, s.group_id, s.level, s.organization_id, s.read_only,
           ARRAY(SELECT o.office::text FROM groups_office o
                  WHERE o.person_id = s.person_id AND o.group_id = s.group_id
                    AND o.during @> statement_timestamp())
      FROM groups_seat s WHERE s.person_id {people}
     UNION ALL
    SELECT b.person_id, b.group_id, NULL, NULL, NULL, NULL
      FROM groups_breakglass b JOIN people_person p ON p.id = b.person_id AND p.is_staff
     WHERE b.person_id {people} AND b.during @> statement_timestamp()
)
SELECT * FROM who LEFT JOIN place ON place.person_id = who.id
"""
who_looks = PreparedSql("viewer_of_person", _WHO_LOOKS.replace("{people}", "= %(person)s"))
who_look = PreparedSql(
    "viewers_of_people", _WHO_LOOKS.replace("{people}", "= ANY(%(people)s::int[])")
)


def build_viewer(person_id: int) -> Viewer:
    """The viewer of this person at this moment; anonymous where nobody active has this id."""
    rows = who_looks(person=person_id)
    return _viewer(rows) if rows else ANONYMOUS


def build_viewers(person_ids: Collection[int]) -> dict[int, Viewer]:
    """The viewers of those of these people who are active."""
    by_person: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in who_look(people=list(person_ids)):
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
