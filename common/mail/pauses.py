"""Why no mail is sent: the relay does not answer, or mail is held after a restore."""

from django.db import connection
from django.utils import timezone

from common.mail.choices import PROBE_SECONDS, RELAY_FIRST_WAIT_SECONDS, RELAY_LONGEST_WAIT_SECONDS
from common.mail.models import Delivery

# The first sender after the wait tries alone and the others wait for its outcome, so that a silent
# relay delays one sender and not all of them.
_PROBE = """
UPDATE mail_delivery SET away_until = clock_timestamp() + %s * interval '1 second'
WHERE away_until <= clock_timestamp()
"""
_FAILED = """
INSERT INTO mail_delivery (id, uuid, failures, reason, away_until)
VALUES (1, gen_random_uuid(), 1, %(reason)s,
        clock_timestamp() + %(first)s * interval '1 second')
ON CONFLICT (id) DO UPDATE SET failures = least(mail_delivery.failures + 1, 100),
    reason = excluded.reason, away_until = clock_timestamp() + interval '1 second'
        * least(%(first)s * 2 ^ least(mail_delivery.failures, 10), %(longest)s)
"""


def pauses() -> Delivery:
    """Return why due mail is not sent; `away_until` is set when the relay does not answer."""
    return Delivery.objects.filter(pk=Delivery.ONLY).first() or Delivery(reason="")


def is_held() -> bool:
    """Whether mail waits until staff release it."""
    return Delivery.objects.filter(held_since__isnull=False).exists()


def hold() -> None:
    """Hold all mail until it is released, except kinds registered as `never_held`."""
    Delivery.objects.update_or_create(pk=Delivery.ONLY, defaults={"held_since": timezone.now()})


def may_try_relay(current: Delivery) -> bool:
    """Whether to use the relay: it answered last time, or this sender is the one that tries."""
    if current.away_until is None:
        return True
    if current.away_until > timezone.now():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_PROBE, [PROBE_SECONDS])
        return bool(cursor.rowcount == 1)


def relay_failed(reason: str) -> None:
    """Keep all senders from the relay for a time, which doubles with each further failure."""
    waits = {"first": RELAY_FIRST_WAIT_SECONDS, "longest": RELAY_LONGEST_WAIT_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, {"reason": reason[:300], **waits})


def relay_answered() -> None:
    """Let all senders use the relay again."""
    Delivery.objects.filter(failures__gt=0).update(failures=0, away_until=None, reason="")
