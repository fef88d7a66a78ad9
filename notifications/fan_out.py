"""From one event to one notice per recipient and channel: in SQL, all or none, and only once."""

import time
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.people.models import Person
from notifications.models import Event
from notifications.registry import notification_of
from notifications.types import Notification

# The inbox has everything. Mail follows the recipient's choice: for this scope, else for this type,
# else the type's own default. A mandatory type is mailed at once whatever was chosen, and every type
# to the people of `always_mailed`. Who stopped the daily digest has in the inbox what it would hold.
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
SELECT %(event)s, id, 'mail', 'waiting', rhythm, %(now)s, %(now)s FROM notified
 WHERE rhythm <> 'off'
ON CONFLICT DO NOTHING
"""


def fan_out_waiting(limit: int = 50) -> int:
    """Insert the notices of events that wait; return of how many events, at most `limit`.

    Each event is its own transaction; two processes never take the same one (SKIP LOCKED), and
    the unique notice makes a repetition harmless.
    """
    done = 0
    while done < limit and fan_out_next():
        done += 1
    return done


def fan_out_next() -> bool:
    """Insert the notices of the oldest event that waits; return whether there was one."""
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
    """Insert the event's notices. An event of a type that no app registers any more has none."""
    notification = notification_of(event)
    if notification is not None:
        insert_notices(event, notification)
    event.expanded_at = timezone.now()
    event.save(update_fields=["expanded_at"])


def insert_notices(event: Event, notification: Notification[Any]) -> None:
    recipients, values = _as_sql("recipients", notification.recipients())
    always = "SELECT NULL::bigint AS person_id WHERE false"
    always_mailed = notification.always_mailed()
    if always_mailed is not None:
        always, more = _as_sql("always", always_mailed)
        values |= more
    sql = FAN_OUT.format(recipients=recipients, always=always)
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                **values,
                "event": event.pk,
                "kind": event.kind,
                "scope": event.scope_uuid,
                "actor": event.actor_id,
                "mandatory": notification.mandatory,
                "default": notification.default_frequency,
                "now": timezone.now(),
            },
        )


def _as_sql(name: str, people: QuerySet[Person]) -> tuple[str, dict[str, Any]]:
    """Return a queryset of people as SQL, with its values apart as named parameters."""
    sql, params = (
        people.order_by().values("pk").query.get_compiler("default", elide_empty=False).as_sql()
    )
    values = {f"{name}_{index}": value for index, value in enumerate(params)}
    placed = sql % tuple(f"%({each})s" for each in values) if values else sql
    return f"SELECT id AS person_id FROM ({placed}) listed(id)", values  # noqa: S608


# Digests are rendered one by one, and those of one morning hold the same events: all recipients of
# an event are asked for once a second, not once for each reader. By event, newest last.
ASKED_FOR_SECONDS = 1.0
ASKED_AT_MOST = 20
_asked: dict[UUID, tuple[float, frozenset[int]]] = {}


def still_recipients(event: Event, person_ids: Collection[int]) -> set[int]:
    """Return those of these people who are recipients of the event now."""
    return set(_recipients(event).filter(pk__in=person_ids).values_list("pk", flat=True))


def is_still_recipient(event: Event, person: Person) -> bool:
    """Whether the person is a recipient of the event now, or was within the last second."""
    now = time.monotonic()
    known = _asked.get(event.uuid)
    if known is None or now - known[0] > ASKED_FOR_SECONDS:
        known = now, frozenset(_recipients(event).values_list("pk", flat=True))
        _asked.pop(event.uuid, None)
        _asked[event.uuid] = known
        while len(_asked) > ASKED_AT_MOST:
            del _asked[next(iter(_asked))]
    return person.pk in known[1]


def _recipients(event: Event) -> QuerySet[Person]:
    notification = notification_of(event)
    people: QuerySet[Person]
    people = Person.objects.none() if notification is None else notification.recipients()
    return people.order_by()
