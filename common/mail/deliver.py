"""Sending what is due: claim, ask what it says now, send outside any transaction, write down.

When a process dies between the relay's "250" and our commit, another sends that one mail again,
under the same Message-ID. Nothing else repeats and nothing is lost.
"""

import logging
import smtplib
import time
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.utils import timezone

from common.doorbell import ring_later
from common.mail import schedule
from common.mail.actions import DELIVER, ring_for_mail
from common.mail.choices import (
    BATCH,
    LEASE_SECONDS,
    MAX_ATTEMPTS,
    TURN_SECONDS,
    State,
)
from common.mail.compose import Unsendable, compose
from common.mail.models import Message
from common.mail.senders import Sender, free_abandoned, sender
from common.mail.wording import Wording
from common.prepared import PreparedSql

logger = logging.getLogger(__name__)

# A mail is not begun when less than this is left of its lease.
LEASE_RESERVE_SECONDS = 45
_CLAIM = """
UPDATE mail_message SET state = 'sending', claimed_by = %(sender)s, leased_until = %(until)s,
    attempts = attempts + 1
WHERE uuid IN (
    SELECT uuid FROM mail_message
    WHERE state IN ('queued', 'sending') AND due_at <= %(now)s
        AND (leased_until IS NULL OR leased_until < %(now)s)
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING *
"""
# The one statement that every mail costs by itself, since a worker that is killed is to repeat the
# mail in flight and no other. So it is prepared, and its commit does not wait for the disk: should
# the database server crash, the outcomes of its last moments are forgotten and those mails go out
# again under the same Message-ID (ADR 15). Writes nothing if our claim ended meanwhile.
_outcome = PreparedSql(
    "outcome_of_mail",
    """
UPDATE mail_message SET state = %(state)s, leased_until = NULL, claimed_by = NULL,
    attempts = attempts - %(untried)s::int,
    due_at = COALESCE(%(due_at)s::timestamptz, due_at),
    sent_at = COALESCE(%(sent_at)s::timestamptz, sent_at),
    last_error = COALESCE(%(last_error)s::text, last_error)
WHERE uuid = %(uuid)s::uuid AND state = 'sending' AND claimed_by = %(sender)s::int
    AND leased_until = %(until)s::timestamptz
RETURNING set_config('synchronous_commit', 'off', true)
""",
)


class RelayAway(Exception):
    """The mail server cannot be talked to at all; whatever else is due would fare the same."""


def deliver_due(seconds: float = TURN_SECONDS) -> int:
    """Everything due is sent, dropped, put off or given up; tells how many mails were sent.

    Begins no mail after `seconds`, and rings for what is left; ends early once the relay is away.
    Safe to run many times at once.
    """
    ends_at, sent = time.monotonic() + seconds, 0
    with sender() as me:
        while me.is_alive():
            if time.monotonic() > ends_at:
                ring_for_mail()
                break
            free_abandoned()
            batch = claim(BATCH, me)
            if not batch:
                break
            try:
                sent += deliver(batch, me, ends_at)
            except RelayAway as error:
                logger.warning("The mail relay is away: %s", error)
                break
    return sent


def claim(limit: int, me: Sender) -> list[Message]:
    """At most `limit` due mails that are ours alone while we live, until their lease ends."""
    now = timezone.now()
    until = now + timedelta(seconds=LEASE_SECONDS)
    # In SQL because the ORM cannot say UPDATE … RETURNING; every value is a parameter.
    found = Message.objects.raw(
        _CLAIM, {"now": now, "until": until, "limit": limit, "sender": me.number}
    )
    return sorted(found, key=lambda message: message.due_at)


def deliver(batch: list[Message], me: Sender, ends_at: float) -> int:
    """Each claimed mail has its outcome written, over one connection; tells how many were sent.

    What is not begun by `ends_at`, on the steady clock, is given back, as is all that is left once
    we lost our session. Raises RelayAway after giving the rest of the batch back.
    """
    connection = get_connection()
    wording = Wording(batch)
    sent = 0
    try:
        for number, message in enumerate(batch):
            if not me.is_alive() or time.monotonic() > ends_at or _lease_is_short(message):
                _give_back(batch[number:])
                break
            try:
                sent += _deliver_one(message, wording, connection)
            except RelayAway as error:
                _put_off(message, str(error))
                _give_back(batch[number + 1 :])
                raise
    finally:
        _close(connection)
    return sent


def _deliver_one(message: Message, wording: Wording, connection: Any) -> bool:
    """True when the relay took the mail; whatever happened is written down."""
    if schedule.is_useless(message):
        _settle(message, state=State.DROPPED)
        return False
    if message.attempts > MAX_ATTEMPTS:
        _settle(message, state=State.FAILED, last_error=message.last_error or "gave up")
        return False
    try:
        mail = wording.of(message)
        email = compose(message, mail, connection) if mail else None
    except Unsendable as error:
        _settle(message, state=State.FAILED, last_error=str(error)[:300])
        return False
    except Exception as error:  # a room's bug, or the database away: neither may stop the others
        logger.exception("Mail %s could not be worded.", message.uuid)
        _put_off(message, f"Wording failed: {type(error).__name__}")
        return False
    if email is None:
        _settle(message, state=State.DROPPED)
        return False
    refusal = _send(email, connection)
    if refusal is None:
        _settle(message, state=State.SENT, sent_at=timezone.now(), last_error="")
        return True
    code, reason = refusal
    if 400 <= code < 500:
        _put_off(message, reason)
    else:
        _settle(message, state=State.FAILED, last_error=reason[:300])
    return False


def _send(email: Any, connection: Any) -> tuple[int, str] | None:
    """None when the relay took it, else its code and words; raises RelayAway."""
    try:
        connection.open()
        connection.send_messages([email])
    except smtplib.SMTPRecipientsRefused as error:
        return _refusal(*next(iter(error.recipients.values())))
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPNotSupportedError, UnicodeError, ValueError) as error:
        return 500, f"The address cannot be written: {type(error).__name__}"
    except (smtplib.SMTPException, OSError) as error:
        # Sender refused, login refused, connection lost or never made: not this mail's fault.
        raise RelayAway(f"{type(error).__name__}: {error}"[:300]) from error
    return None


def _refusal(code: int, words: bytes | str) -> tuple[int, str]:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return code, f"{code} {text}".replace("\x00", "")[:300]


def _put_off(message: Message, reason: str) -> None:
    """Tried again later, or given up after some 24 hours of trying, or once it would be useless."""
    due_at = schedule.next_try(message)
    if due_at is None:
        _settle(message, state=State.FAILED, last_error=reason[:300])
        return
    _settle(message, state=State.QUEUED, due_at=due_at, last_error=reason[:300])
    if schedule.is_short_lived(message.kind):
        ring_later(DELIVER, (due_at - timezone.now()).total_seconds())


def _give_back(messages: list[Message]) -> None:
    """Mails that were not tried are due as before."""
    for message in messages:
        _settle(message, state=State.QUEUED, untried=1)


def _settle(
    message: Message,
    *,
    state: State,
    last_error: str | None = None,
    due_at: datetime | None = None,
    sent_at: datetime | None = None,
    untried: int = 0,
) -> None:
    """Writes the outcome, unless our claim ended meanwhile and somebody else has the mail.

    What is not given stays as it was; `untried` attempts are taken back.
    """
    _outcome(
        uuid=message.uuid,
        sender=message.claimed_by,
        until=message.leased_until,
        state=state.value,
        last_error=last_error,
        due_at=due_at,
        sent_at=sent_at,
        untried=untried,
    )


def _lease_is_short(message: Message) -> bool:
    leased_until: datetime = message.leased_until or timezone.now()
    return leased_until - timezone.now() < timedelta(seconds=LEASE_RESERVE_SECONDS)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        logger.info("The mail relay had already hung up.")
