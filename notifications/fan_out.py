"""From one event to a notice per person and channel: in SQL, whole or not at all, and once."""

import time
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.people.models import Person
from notifications.models import Event
from notifications.registry import Kind, kind_named

# The inbox has everything. Mail follows the reader's choice: for this scope, else for this kind,
# else the kind's own default; a mandatory kind is mailed at once whatever was chosen, and any to
# whom it always concerns as well. Who stopped the daily digest finds in the inbox what it would have held.
TELL = """
WITH audience AS ({audience}),
always AS ({always}),
chosen AS (
    SELECT p.id, CASE WHEN %(mandatory)s OR EXISTS (SELECT FROM always WHERE person_id = p.id)
                      THEN 'now'
                      ELSE COALESCE(here.rhythm, anywhere.rhythm, %(default)s) END AS rhythm
      FROM people_person p
      JOIN audience a ON a.person_id = p.id
      LEFT JOIN notifications_preference here
             ON here.person_id = p.id AND here.kind = %(kind)s AND here.scope_uuid = %(scope)s
      LEFT JOIN notifications_preference anywhere
             ON anywhere.person_id = p.id AND anywhere.kind = %(kind)s
            AND anywhere.scope_uuid IS NULL
     WHERE p.is_active AND p.id IS DISTINCT FROM %(actor)s
),
told AS (
    SELECT id, rhythm FROM chosen WHERE rhythm <> 'digest'
    UNION ALL
    SELECT id, CASE WHEN EXISTS (SELECT FROM notifications_preference
                                  WHERE person_id = chosen.id AND kind = 'digest')
                    THEN 'off' ELSE rhythm END
      FROM chosen WHERE rhythm = 'digest'
)
INSERT INTO notifications_notice (event_id, person_id, channel, state, rhythm, due_at, created_at)
SELECT %(event)s, id, 'inbox', 'done', 'now', %(now)s, %(now)s FROM told
UNION ALL
SELECT %(event)s, id, 'mail', 'waiting', rhythm, %(now)s, %(now)s FROM told
 WHERE rhythm <> 'off'
ON CONFLICT DO NOTHING
"""


def expand_waiting(limit: int = 50) -> int:
    """Every event that waits has its notices; answers how many events were expanded.

    Each event is its own transaction; two processes never take the same one (SKIP LOCKED), and
    the unique notice makes a repetition harmless.
    """
    done = 0
    while done < limit and expand_next():
        done += 1
    return done


def expand_next() -> bool:
    with transaction.atomic():
        event = (
            Event.objects.select_for_update(skip_locked=True)
            .filter(expanded_at__isnull=True)
            .order_by("pk")
            .first()
        )
        if event is None:
            return False
        expand(event)
        return True


def expand(event: Event) -> None:
    """The event's audience is told. A kind that no room announces any more tells nobody."""
    try:
        kind = kind_named(event.kind)
    except KeyError:
        kind = None
    if kind is not None:
        insert_notices(event, kind)
    event.expanded_at = timezone.now()
    event.save(update_fields=["expanded_at"])


def insert_notices(event: Event, kind: Kind) -> None:
    audience, names = _placed("audience", kind.audience(event))
    always = "SELECT NULL::bigint AS person_id WHERE false"
    if kind.always is not None:
        always, more = _placed("always", kind.always(event))
        names |= more
    sql = TELL.format(audience=audience, always=always)
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                **names,
                "event": event.pk,
                "kind": event.kind,
                "scope": event.scope_uuid,
                "actor": event.actor_id,
                "mandatory": kind.mandatory,
                "default": kind.default_rhythm,
                "now": timezone.now(),
            },
        )


def _placed(name: str, people: QuerySet[Person]) -> tuple[str, dict[str, Any]]:
    """A room's own queryset as SQL, its values still apart as named parameters."""
    sql, params = (
        people.order_by().values("pk").query.get_compiler("default", elide_empty=False).as_sql()
    )
    values = {f"{name}_{index}": value for index, value in enumerate(params)}
    placed = sql % tuple(f"%({each})s" for each in values) if values else sql
    return f"SELECT id AS person_id FROM ({placed}) listed(id)", values  # noqa: S608


# Digests are worded one by one, and those of one morning tell of the same events: the whole audience
# of an event is asked for once a second, not for each of its readers. By event, newest last.
ASKED_FOR_SECONDS = 1.0
ASKED_AT_MOST = 20
_asked: dict[UUID, tuple[float, frozenset[int]]] = {}


def those_who_still_hear(event: Event, person_ids: Collection[int]) -> set[int]:
    """Return those of these people who belong to the event's audience now."""
    audience = kind_named(event.kind).audience(event).order_by()
    return set(audience.filter(pk__in=person_ids).values_list("pk", flat=True))


def may_still_hear(event: Event, person: Person) -> bool:
    """Whether the person belongs to the event's audience now, or did within the last second."""
    now = time.monotonic()
    known = _asked.get(event.uuid)
    if known is None or now - known[0] > ASKED_FOR_SECONDS:
        audience = kind_named(event.kind).audience(event).order_by()
        known = now, frozenset(audience.values_list("pk", flat=True))
        _asked.pop(event.uuid, None)
        _asked[event.uuid] = known
        while len(_asked) > ASKED_AT_MOST:
            del _asked[next(iter(_asked))]
    return person.pk in known[1]
