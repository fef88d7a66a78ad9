"""Claims on mails: each ends with the database session of its sender (ADR 12).

However a process dies, the kernel closes its connections and PostgreSQL ends the session and
releases its advisory lock: the mails it had claimed are due again at once. A paused process keeps
its session, and so its mails, until their lease ends.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import Error, connection

# "MAIL" in ASCII: distinguishes these advisory locks from all others in the database.
LOCKS = 0x4D41494C

# The claims are read as of the statement's beginning and the locks after that. So the sender of a
# claim without a lock has ended, and has not only just begun; and no number is used twice.
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


class DatabaseSession(Protocol):
    @property
    def closed(self) -> object: ...


class DeliverySession:
    """One run of the delivery in one database session."""

    def __init__(self, number: int, session: DatabaseSession) -> None:
        self.number = number
        self._session = session

    def is_alive(self) -> bool:
        """Whether the session still exists; False even when Django has opened another one since."""
        return connection.connection is self._session and not self._session.closed


@contextmanager
def delivery_session() -> Iterator[DeliverySession]:
    """Open a session with a lock of its own, which is released at the end."""
    with connection.cursor() as cursor:
        while True:
            number = random.getrandbits(31)
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, number])
            if cursor.fetchone() == (True,):
                break
    session = DeliverySession(number, connection.connection)
    try:
        yield session
    finally:
        if session.is_alive():
            _unlock(number)


def _unlock(number: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, number])
    except Error:  # the session is broken and takes the lock with it when it ends
        connection.close()


def free_abandoned() -> None:
    """Return the mails claimed by ended sessions to the queue."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"locks": LOCKS})
