"""Writing down what became of each mail, so that a kill repeats the mail in flight and no other.

Each outcome is written at once, in one prepared statement by primary key, whose commit does not
wait for the disk; that survives the death of the sender. Every few mails a commit does wait, which
brings the ones before it to disk too. Until then the sender remembers them: when the database
server crashes and forgets its last moments, the sender writes them again (ADR 15).
"""

import time
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import Error, connection

from common.mail.choices import DATABASE_AWAY_SECONDS, OUTCOME_SECONDS, OUTCOMES, State
from common.mail.models import Message
from common.prepared_statements import PreparedSql

# By primary key and nothing else: `state || ''` keeps the planner from the index over states, in
# which the rows that were being sent a moment ago lie as dead ones, more with each mail.
# What the relay took is sent, whoever has claimed the mail since; the rest is written only while
# the claim is ours.
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


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one mail. None leaves a column as it was; `untried` attempts are taken back."""

    uuid: UUID
    sender: int | None
    state: State
    last_error: str | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None
    untried: int = 0


@dataclass
class Outcomes:
    """The outcomes of one run, in order. Call `flush` at its end."""

    _unsafe: list[Outcome] = field(default_factory=list)
    _since: float = 0.0

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
        """Write the outcome of this mail. Raises django.db.Error once the database stays away."""
        outcome = Outcome(
            uuid=message.uuid,
            sender=message.claimed_by,
            state=state,
            last_error=last_error,
            due_at=due_at,
            sent_at=sent_at,
            untried=untried,
        )
        if not self._unsafe:
            self._since = time.monotonic()
        self._unsafe.append(outcome)
        is_full = len(self._unsafe) >= OUTCOMES
        is_late = time.monotonic() - self._since > OUTCOME_SECONDS
        try:
            _write(outcome, waits=is_full or is_late)
        except Error:
            if connection.in_atomic_block:
                raise
            self._write_again()
        else:
            if is_full or is_late:
                self._unsafe.clear()

    def flush(self) -> None:
        """Everything written is on disk. Raises django.db.Error once the database stays away."""
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
        """Once the database is back, what it may have forgotten stands there."""
        end = time.monotonic() + DATABASE_AWAY_SECONDS
        while True:
            connection.close()
            try:
                for outcome in self._unsafe:
                    _write(outcome, waits=False)
                _wait_for_disk()
            except Error:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                self._unsafe.clear()
                return


def plan_anew() -> None:
    """Statements are planned for the size that the outbox has now, not for that of an hour ago."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _write(outcome: Outcome, *, waits: bool) -> None:
    _outcome(
        uuid=outcome.uuid,
        sender=outcome.sender,
        state=outcome.state.value,
        last_error=outcome.last_error,
        due_at=outcome.due_at,
        sent_at=outcome.sent_at,
        untried=outcome.untried,
        commit="on" if waits else "off",
    )


def _wait_for_disk() -> None:
    """A commit that waits for the disk brings every earlier one there too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'mail', '')")
