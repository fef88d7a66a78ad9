"""Reading links: everything connected to a thing."""

from collections.abc import Collection
from uuid import UUID

from common.links.models import Link

# A page has to end somewhere.
MOST = 500

# From the thing along every link that leads on, and back along all but those of one way. `UNION`
# keeps each thing once, so the walk ends whatever circles there are.
_CONNECTED = """
WITH RECURSIVE near(kind, uuid) AS (
    SELECT %(kind)s::text, %(uuid)s::uuid
     UNION
    SELECT step.kind, step.uuid
      FROM near CROSS JOIN LATERAL (
        SELECT l.to_kind AS kind, l.to_uuid AS uuid FROM links_link l
         WHERE l.from_kind = near.kind AND l.from_uuid = near.uuid AND upper_inf(l.during)
         UNION ALL
        SELECT l.from_kind, l.from_uuid FROM links_link l
         WHERE l.to_kind = near.kind AND l.to_uuid = near.uuid AND upper_inf(l.during)
           AND l.relation <> ALL(%(one_way)s)
      ) step
)
SELECT l.* FROM links_link l JOIN near ON near.kind = l.from_kind AND near.uuid = l.from_uuid
 WHERE upper_inf(l.during)
   AND (l.to_kind, l.to_uuid) IN (SELECT kind, uuid FROM near)
 ORDER BY l.relation = ANY(%(many)s), lower(l.during), l.uuid LIMIT %(most)s
"""


def connected_links(
    kind: str, uuid: UUID, *, one_way: Collection[str] = (), many: Collection[str] = ()
) -> list[Link]:
    """Return the open links between all things connected to this one, oldest first.

    Relations in `one_way` are followed to their end but not back: the other decisions of the
    meeting at which a decision was taken are not connected to it. Relations in `many` come last, so
    that a thing with thousands of them loses none of the rest. One query, at most `MOST` links.
    """
    values = {
        "kind": kind,
        "uuid": uuid,
        "one_way": list(one_way),
        "many": list(many),
        "most": MOST,
    }
    # A constant statement, since the ORM has no recursion; values are parameters.
    return list(Link.objects.raw(_CONNECTED, values))
