"""From waiting notifications to the outbox: a mail for each, or a digest per person and day."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from common.mail.actions import queue
from common.mail.models import Message
from common.mail.pauses import is_held
from common.times import zone_named
from members.people.models import Person
from notifications.choices import Channel, Frequency, NotificationState
from notifications.models import Notification
from notifications.mornings import morning_of
from notifications.queries import has_stopped_digest

# Claims a batch and hands it over in one statement: a notification is done exactly when its mail is
# in the outbox, whose unique key makes a repetition harmless.
HAND_OVER = """
WITH due AS (
    SELECT n.id FROM notifications_notice n
     WHERE n.channel = 'mail' AND n.state = 'waiting' AND n.rhythm = 'now' AND n.due_at <= clock_timestamp()
     ORDER BY n.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE notifications_notice n SET state = 'done' FROM due WHERE n.id = due.id
    RETURNING n.id, n.event_id, n.person_id
), queued AS (
    INSERT INTO mail_message (dedupe_key, to_address, kind, ref)
    SELECT 'notice:' || e.uuid || ':' || p.uuid, p.email, 'notice',
           jsonb_build_object('notice', t.id)
      FROM taken t
      JOIN notifications_event e ON e.id = t.event_id
      JOIN people_person p ON p.id = t.person_id
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM taken
"""


def hand_over(limit: int = 1000) -> int:
    """Put the mails of at most `limit` due notifications into the outbox; return how many.

    Does nothing while mail is held, so that staff can separate mail from before the restore.
    """
    if is_held():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HAND_OVER, {"limit": limit})
        row = cursor.fetchone()
    return int(row[0])


def hand_over_digests(now: datetime | None = None) -> int:
    """Queue a digest for each person whose digest hour has passed; return how many.

    The digest of a local day is queued once (unique key), and only if notifications wait. Does
    nothing while mail is held.
    """
    if is_held():
        return 0
    now = now or timezone.now()
    people = (
        Person.objects.active()
        .filter(
            notifications__channel=Channel.MAIL,
            notifications__state=NotificationState.WAITING,
            notifications__rhythm=Frequency.DIGEST,
        )
        .distinct()
    )
    return sum(queue_digest(person, now) for person in people)


def last_morning(person: Person, now: datetime) -> datetime:
    """Return the latest digest hour in the person's zone that is not after `now`."""
    local = now.astimezone(zone_named(person.zone))
    morning = morning_of(local.date(), person.zone)
    return morning if morning <= local else morning - timedelta(days=1)


@transaction.atomic
def queue_digest(person: Person, now: datetime) -> bool:
    """Queue one mail with the notifications that waited this morning; return whether it was queued.

    Later notifications wait for the next digest. Locks the person, so that two processes never
    queue two digests of one day.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    morning = last_morning(person, now)
    key = digest_key(person.uuid, morning.date().isoformat())
    if Message.objects.filter(dedupe_key=key).exists():
        return False
    waiting = Notification.objects.filter(
        person=person,
        channel=Channel.MAIL,
        state=NotificationState.WAITING,
        rhythm=Frequency.DIGEST,
        created_at__lt=morning,
    )
    notification_ids = list(waiting.values_list("pk", flat=True))
    if not notification_ids:
        return False
    if has_stopped_digest(person):
        Notification.objects.filter(pk__in=notification_ids).update(state=NotificationState.DROPPED)
        return False
    queue(
        dedupe_key=key,
        to_address=person.email,
        kind="digest",
        ref={"person": person.pk, "notices": notification_ids},
    )
    Notification.objects.filter(pk__in=notification_ids).update(state=NotificationState.DONE)
    return True


def digest_key(person_uuid: UUID, day: str) -> str:
    return f"digest:{person_uuid}:{day}"
