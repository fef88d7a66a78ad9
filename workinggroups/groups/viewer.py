"""Builds the viewer of a person: one query over the database views that hold the rule of access."""

from common.access import ANONYMOUS, Seat, Viewer
from common.prepared import PreparedSql

# Who the person is and through which organizations it is inside now; beside it, in a row each, its
# seats with the offices held from them and the groups it has opened by break-glass. Without any of
# them it is one row that names no group.
who_looks = PreparedSql(
    "viewer_of_person",
    """
WITH who AS (
    SELECT p.uuid, p.is_staff,
           COALESCE(array_agg(i.organization_id) FILTER (WHERE i.organization_id IS NOT NULL), '{}'),
           COALESCE(array_agg(i.organization_id)
                    FILTER (WHERE i.read_only AND i.organization_id IS NOT NULL), '{}'),
           count(i.id) > 0,
           COALESCE(bool_and(i.read_only), false),
           ARRAY(SELECT r.organization_id FROM organizations_representation r
                  WHERE r.person_id = p.id AND r.during @> statement_timestamp())
      FROM people_person p LEFT JOIN organizations_insider i ON i.person_id = p.id
     WHERE p.id = %(person)s AND p.is_active
     GROUP BY p.id
), place AS (
    SELECT s.group_id, s.level, s.organization_id, s.read_only,
           ARRAY(SELECT o.office::text FROM groups_office o
                  WHERE o.person_id = s.person_id AND o.group_id = s.group_id
                    AND o.during @> statement_timestamp())
      FROM groups_seat s WHERE s.person_id = %(person)s
     UNION ALL
    SELECT b.group_id, NULL, NULL, NULL, NULL
      FROM groups_breakglass b JOIN people_person p ON p.id = b.person_id AND p.is_staff
     WHERE b.person_id = %(person)s AND b.during @> statement_timestamp()
)
SELECT * FROM who LEFT JOIN place ON true
""",
)


def build_viewer(person_id: int) -> Viewer:
    """The viewer of this person at this moment; anonymous where nobody active has this id."""
    rows = who_looks(person=person_id)
    if not rows:
        return ANONYMOUS
    uuid, is_staff, organizations, in_grace, in_alliance, read_only, represented = rows[0][:7]
    places = [row[7:] for row in rows if row[7] is not None]
    return Viewer(
        person_id=person_id,
        person_uuid=uuid,
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
