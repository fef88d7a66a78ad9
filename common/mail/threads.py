"""Which mail about a thing was the first that an address got, so that later ones refer to it.

Only what the relay has taken counts: a mail program finds no thread under an id that it never saw.
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
        """Look up, in one query, the first mails of the threads that these belong to."""
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
        """The dedupe key of the first mail of the thread to this address; empty without one."""
        if not mail.thread_key:
            return ""
        digest = _digest(message, mail)
        if digest not in self._first:
            self.load([(message, mail)])
        return self._first[digest]

    def note_sent(self, message: Message, mail: Mail) -> None:
        """The relay took this mail; `save` writes down what began with it."""
        if mail.thread_key and not self._first.get(digest := _digest(message, mail)):
            self._first[digest] = self._new[digest] = message.dedupe_key

    def save(self) -> None:
        """Write down which threads began; one statement."""
        if self._new:
            with connection.cursor() as cursor:
                cursor.execute(_ADD, [list(self._new), list(self._new.values())])
            self._new.clear()


def _digest(message: Message, mail: Mail) -> str:
    return sha256(f"{message.to_address.lower()}\n{mail.thread_key}".encode()).hexdigest()
