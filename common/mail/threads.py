"""The first mail to each address about an object, so that later mails refer to it.

Only mails that the relay accepted count: a mail program has no thread for an id it never saw.
"""

from collections.abc import Iterable
from hashlib import sha256

from django.db import connection

from common.mail.models import Message, ThreadStart
from common.mail.registry import Mail

_ADD = """
INSERT INTO mail_threadstart (digest, dedupe_key)
SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""


class Threads:
    """The threads of the mails of one run."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._new: dict[str, str] = {}

    def load(self, mails: Iterable[tuple[Message, Mail | None]]) -> None:
        """Load, in one query, the first mails of the threads of these mails."""
        digests = {
            _digest(message, mail) for message, mail in mails if mail and mail.thread_key
        } - self._first.keys()
        known = dict(
            ThreadStart.objects.filter(pk__in=digests).values_list("digest", "dedupe_key")
            if digests
            else ()
        )
        self._first |= dict.fromkeys(digests, "") | known

    def first_key(self, message: Message, mail: Mail) -> str:
        """Return the dedupe key of the first mail of the thread to this address, or ""."""
        if not mail.thread_key:
            return ""
        digest = _digest(message, mail)
        if digest not in self._first:
            self.load([(message, mail)])
        return self._first[digest]

    def note_sent(self, message: Message, mail: Mail) -> None:
        """Note that the relay accepted this mail; `save` stores the threads that begin with it."""
        if mail.thread_key and not self._first.get(digest := _digest(message, mail)):
            self._first[digest] = self._new[digest] = message.dedupe_key

    def save(self) -> None:
        """Store the new threads, in one statement."""
        if self._new:
            with connection.cursor() as cursor:
                cursor.execute(_ADD, [list(self._new), list(self._new.values())])
            self._new.clear()


def _digest(message: Message, mail: Mail) -> str:
    return sha256(f"{message.to_address.lower()}\n{mail.thread_key}".encode()).hexdigest()
