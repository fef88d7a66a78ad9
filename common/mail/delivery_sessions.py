"""Who has a mail in hand: a sender whose claim ends with its database session (ADR 12).

However a process dies, the kernel closes its connections, PostgreSQL ends the session and lets its
advisory lock go: what it had claimed is due again at once. A paused process keeps its session and
so its mails, until their lease ends.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connection

# "MAIL": keeps these locks apart from all others in the database.
LOCKS = 0x4D41494C

# The claims are read as of the statement's beginning and the locks after that. So a claim without
# its lock is one whose sender is gone, never one whose sender has only just come; and no number is
# taken twice, so it stays gone.
_FREE = """
UPDATE mail_message SET state = 'queued', leased_until = NULL, claimed_by = NULL
WHERE uuid IN (
    SELECT uuid FROM mail_message
    WHERE state = 'sending' AND claimed_by IN (
        SELECT claimed_by FROM mail_message WHERE state = 'sending'
        EXCEPT
        SELECT objid::int FROM pg_locks
        WHERE locktype = 'advisory' AND classid = %(locks)s AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
    FOR UPDATE SKIP LOCKED
)
"""


class DeliverySession:
    """One run of the delivery in one database session."""

    def __init__(self, number: int, session: Any) -> None:
        self.number = number
        self._session = session

    def is_alive(self) -> bool:
        """False once the session was lost, even if Django has opened another since."""
        return connection.connection is self._session and not self._session.closed


@contextmanager
def delivery_session() -> Iterator[DeliverySession]:
    """A sender that no other process is; its lock is given back at the end."""
    with connection.cursor() as cursor:
        while True:
            number = random.getrandbits(31)
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, number])
            if cursor.fetchone() == (True,):
                break
    me = DeliverySession(number, connection.connection)
    try:
        yield me
    finally:
        if me.is_alive():
            _unlock(number)


def _unlock(number: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, number])
    except Error:  # the session is broken and takes the lock with it when it ends
        connection.close()


def free_abandoned() -> None:
    """What a sender that is gone had claimed is due as before."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"locks": LOCKS})
