"""From one event to its notifications, one per recipient and channel: in SQL, all or none, once."""

import time
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.people.models import Person
from notifications.models import Event
from notifications.registry import payload_of
from notifications.types import AnyPayload

# The inbox gets every notification. Mail follows the recipient's choice for this scope, else for this
# type, else the default of the type. A mandatory type is always mailed at once, and so is every type
# to the people of `always_mailed`. People without a daily digest get its contents in the inbox only.
FAN_OUT = """
WITH recipients AS ({recipients}),
always AS ({always}),
chosen AS (
    SELECT p.id, CASE WHEN %(mandatory)s OR EXISTS (SELECT FROM always WHERE person_id = p.id)
                      THEN 'now'
                      ELSE COALESCE(here.rhythm, anywhere.rhythm, %(default)s) END AS rhythm
      FROM people_person p
      JOIN recipients r ON r.person_id = p.id
      LEFT JOIN notifications_preference here
             ON here.person_id = p.id AND here.kind = %(kind)s AND here.scope_uuid = %(scope)s
      LEFT JOIN notifications_preference anywhere
             ON anywhere.person_id = p.id AND anywhere.kind = %(kind)s
            AND anywhere.scope_uuid IS NULL
     WHERE p.is_active AND p.id IS DISTINCT FROM %(actor)s
),
notified AS (
    SELECT id, rhythm FROM chosen WHERE rhythm <> 'digest'
    UNION ALL
    SELECT id, CASE WHEN EXISTS (SELECT FROM notifications_preference
                                  WHERE person_id = chosen.id AND kind = 'digest')
                    THEN 'off' ELSE rhythm END
      FROM chosen WHERE rhythm = 'digest'
)
INSERT INTO notifications_notice (event_id, person_id, channel, state, rhythm, due_at, created_at)
SELECT %(event)s, id, 'inbox', 'done', 'now', %(now)s, %(now)s FROM notified
UNION ALL
SELECT %(event)s, id, 'mail', 'waiting', rhythm, %(due)s, %(now)s FROM notified
 WHERE rhythm <> 'off'
ON CONFLICT DO NOTHING
"""


def fan_out_waiting(limit: int = 50) -> int:
    """Insert the notifications of at most `limit` waiting events; return the number of events.

    Each event has its own transaction; two processes never take the same event (SKIP LOCKED), and
    the unique constraint of notifications makes a repetition harmless.
    """
    done = 0
    while done < limit and fan_out_next():
        done += 1
    return done


def fan_out_next() -> bool:
    """Insert the notifications of the oldest waiting event; return whether there was one."""
    with transaction.atomic():
        event = (
            Event.objects.select_for_update(skip_locked=True)
            .filter(expanded_at__isnull=True)
            .order_by("pk")
            .first()
        )
        if event is None:
            return False
        fan_out(event)
        return True


def fan_out(event: Event) -> None:
    """Insert the event's notifications. An event whose type no app registers gets none."""
    payload = payload_of(event)
    if payload is not None:
        insert_notifications(event, payload)
    event.expanded_at = timezone.now()
    event.save(update_fields=["expanded_at"])


def insert_notifications(event: Event, payload: AnyPayload) -> None:
    recipients, values = _as_sql("recipients", payload.recipients())
    always = "SELECT NULL::bigint AS person_id WHERE false"
    always_mailed = payload.always_mailed()
    if always_mailed is not None:
        always, more = _as_sql("always", always_mailed)
        values |= more
    sql = FAN_OUT.format(recipients=recipients, always=always)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                **values,
                "event": event.pk,
                "kind": event.kind,
                "scope": event.scope_uuid,
                "actor": event.actor_id,
                "mandatory": payload.mandatory,
                "default": payload.default_frequency,
                "now": now,
                "due": payload.mailed_from() or now,
            },
        )


def _as_sql(name: str, people: QuerySet[Person]) -> tuple[str, dict[str, Any]]:
    """Return a queryset of people as SQL with named parameters, and the parameters."""
    sql, params = (
        people.order_by().values("pk").query.get_compiler("default", elide_empty=False).as_sql()
    )
    values = {f"{name}_{index}": value for index, value in enumerate(params)}
    placed = sql % tuple(f"%({each})s" for each in values) if values else sql
    return f"SELECT id AS person_id FROM ({placed}) listed(id)", values  # noqa: S608


# Digests are rendered one by one, and those of one morning have the same events: the recipients of an
# event are queried once a second, not once for each reader. By event, newest last.
CACHE_SECONDS = 1.0
CACHE_MAX_EVENTS = 20
_recipient_ids: dict[UUID, tuple[float, frozenset[int]]] = {}


def still_recipients(event: Event, person_ids: Collection[int]) -> set[int]:
    """Return which of these people are recipients of the event now."""
    return set(_recipients(event).filter(pk__in=person_ids).values_list("pk", flat=True))


def is_still_recipient(event: Event, person: Person) -> bool:
    """Whether the person is a recipient of the event now, or was within the last second."""
    now = time.monotonic()
    cached = _recipient_ids.get(event.uuid)
    if cached is None or now - cached[0] > CACHE_SECONDS:
        cached = now, frozenset(_recipients(event).values_list("pk", flat=True))
        _recipient_ids.pop(event.uuid, None)
        _recipient_ids[event.uuid] = cached
        while len(_recipient_ids) > CACHE_MAX_EVENTS:
            del _recipient_ids[next(iter(_recipient_ids))]
    return person.pk in cached[1]


def _recipients(event: Event) -> QuerySet[Person]:
    payload = payload_of(event)
    if payload is None:
        return Person.objects.none()
    return payload.recipients().order_by()
