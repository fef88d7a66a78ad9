"""Storing the outcome of each mail, so that a kill repeats the mail in flight and no other.

Each outcome is written at once, by a prepared statement whose commit does not wait for the disk;
that survives the death of the sender. Every few mails a commit waits, which flushes the earlier ones
too. Until then the sender remembers them: when the database server crashes and loses its last
commits, the sender writes them again (ADR 15).
"""

import time
from datetime import datetime

from django.db import Error, connection

from common.mail.choices import DATABASE_AWAY_SECONDS, OUTCOME_SECONDS, OUTCOMES, State
from common.mail.models import Message
from common.prepared_statements import PreparedSql

# By primary key alone: `state || ''` keeps the planner from the index over states, which collects
# dead rows with each mail. A mail that the relay accepted becomes "sent" even if another sender has
# claimed it since; all other outcomes are written only while the claim is ours.
_outcome = PreparedSql(
    "outcome_of_mail",
    """
UPDATE mail_message SET state = %(state)s, leased_until = NULL, claimed_by = NULL,
    attempts = attempts - %(untried)s::int,
    due_at = COALESCE(%(due_at)s::timestamptz, due_at),
    sent_at = COALESCE(%(sent_at)s::timestamptz, sent_at),
    last_error = COALESCE(%(last_error)s::text, last_error)
WHERE uuid = %(uuid)s::uuid
    AND ((state || '') = 'sending' AND claimed_by = %(sender)s::int
         OR %(state)s = 'sent' AND (state || '') IN ('sending', 'queued'))
RETURNING set_config('synchronous_commit', %(commit)s, true)
""",
)


class Outcomes:
    """The outcomes of one run, in order. Call `flush` at its end."""

    def __init__(self) -> None:
        self._unsafe: list[dict[str, object]] = []  # the values of `_outcome`
        self._since = 0.0

    def write(
        self,
        message: Message,
        state: State,
        *,
        last_error: str | None = None,
        due_at: datetime | None = None,
        sent_at: datetime | None = None,
        untried: int = 0,
    ) -> None:
        """Write the outcome of a mail. Raises django.db.Error when the database stays unavailable.

        None leaves a column unchanged; `untried` attempts are subtracted.
        """
        outcome: dict[str, object] = {
            "uuid": message.uuid,
            "sender": message.claimed_by,
            "state": state.value,
            "last_error": last_error,
            "due_at": due_at,
            "sent_at": sent_at,
            "untried": untried,
        }
        if not self._unsafe:
            self._since = time.monotonic()
        self._unsafe.append(outcome)
        is_full = len(self._unsafe) >= OUTCOMES
        is_late = time.monotonic() - self._since > OUTCOME_SECONDS
        try:
            _outcome(**outcome, commit="on" if is_full or is_late else "off")
        except Error:
            if connection.in_atomic_block:
                raise
            self._write_again()
        else:
            if is_full or is_late:
                self._unsafe.clear()

    def flush(self) -> None:
        """Flush all outcomes to disk. Raises django.db.Error when the database stays unavailable."""
        if not self._unsafe:
            return
        try:
            _wait_for_disk()
        except Error:
            if connection.in_atomic_block:
                raise
            self._write_again()
        self._unsafe.clear()

    def _write_again(self) -> None:
        """Write again, once the database is back, the outcomes that it may have lost."""
        end = time.monotonic() + DATABASE_AWAY_SECONDS
        while True:
            connection.close()
            try:
                for outcome in self._unsafe:
                    _outcome(**outcome, commit="off")
                _wait_for_disk()
            except Error:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                self._unsafe.clear()
                return


def discard_plans() -> None:
    """Have statements planned again, for the present size of the outbox."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _wait_for_disk() -> None:
    """Commit and wait for the disk, which flushes all earlier commits too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'mail', '')")
