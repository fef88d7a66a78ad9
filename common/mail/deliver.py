"""Sending due mail: claim, render, send outside any transaction, store the outcome.

When a process dies between the relay's "250" and our commit, another process sends that one mail
again, under the same Message-ID. Nothing else is repeated and nothing is lost (`outcomes.py`).
"""

import logging
import smtplib
import time
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from common.mail import schedule
from common.mail.actions import DELIVER, wake_mail_worker
from common.mail.batch_rendering import BatchRendering
from common.mail.choices import BATCH, LEASE_SECONDS, MAX_ATTEMPTS, TURN_SECONDS, State
from common.mail.claims import DeliverySession, delivery_session, free_abandoned
from common.mail.compose import ComposedMail, compose
from common.mail.headers import Unsendable
from common.mail.models import Message
from common.mail.outcomes import Outcomes, discard_plans
from common.mail.pauses import may_try_relay, pauses, relay_answered, relay_failed
from common.mail.registry import never_held
from common.mail.threads import Threads
from common.wake_worker import enqueue_later

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
        AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s::text[]))
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


class RelayAway(Exception):
    """The mail relay does not work at all, so that all other due mails would fail too."""


def deliver_due(seconds: float = TURN_SECONDS) -> int:
    """Send, drop, postpone or give up all due mails; return how many were sent.

    Begins no mail after `seconds` and enqueues another run for the rest. Ends early when the relay
    does not answer, and at once while that is known. While mail is held, sends only kinds that are
    never held. Safe to run many times at once.
    """
    ends_at, sent = time.monotonic() + seconds, 0
    current = pauses()
    kinds = never_held() if current.held_since else None
    free_abandoned()
    if not Message.objects.due().exists() or not may_try_relay(current):
        return 0
    with delivery_session() as session:
        while session.is_alive():
            if time.monotonic() > ends_at:
                wake_mail_worker()
                break
            free_abandoned()
            batch = claim(BATCH, session, kinds)
            if not batch:
                break
            try:
                sent += deliver(batch, session, ends_at)
            except RelayAway as error:
                logger.warning("The mail relay does not answer: %s", error)
                relay_failed(str(error))
                return sent
    if current.away_until is not None:
        relay_answered()
    return sent


def claim(limit: int, session: DeliverySession, kinds: list[str] | None = None) -> list[Message]:
    """Claim at most `limit` due mails for this session, until their lease ends; return them.

    With `kinds`, only mails of these kinds.
    """
    now = timezone.now()
    until = now + timedelta(seconds=LEASE_SECONDS)
    # In SQL because the ORM cannot say UPDATE … RETURNING; every value is a parameter.
    messages = Message.objects.raw(
        _CLAIM,
        {"now": now, "until": until, "limit": limit, "sender": session.number, "kinds": kinds},
    )
    return sorted(messages, key=lambda message: message.due_at)


def deliver(batch: list[Message], session: DeliverySession, ends_at: float) -> int:
    """Send the claimed mails over one connection and store their outcomes; return how many were sent.

    Gives back the mails not begun by `ends_at`, on the monotonic clock, and all that are left when
    the session is lost. Raises RelayAway after giving back the rest of the batch.
    """
    run = _Run(batch)
    discard_plans()
    sent = 0
    try:
        for number, message in enumerate(batch):
            if not session.is_alive() or time.monotonic() > ends_at or _lease_is_short(message):
                run.give_back(batch[number:])
                break
            try:
                sent += run.deliver_one(message)
            except RelayAway as error:
                run.put_off(message, str(error))
                run.give_back(batch[number + 1 :])
                raise
    finally:
        run.end()
    return sent


class _Run:
    """The delivery of one batch: its rendering, threads, connection and outcomes."""

    def __init__(self, batch: list[Message]) -> None:
        self.threads = Threads()
        self.rendering = BatchRendering(batch, self.threads)
        self.outcomes = Outcomes()
        self.connection = get_connection()

    def deliver_one(self, message: Message) -> bool:
        """Send one mail and store its outcome; return whether the relay accepted it."""
        write = self.outcomes.write
        if schedule.is_useless(message):
            write(message, State.DROPPED)
            return False
        if message.attempts > MAX_ATTEMPTS:
            write(message, State.FAILED, last_error=message.last_error or "gave up")
            return False
        try:
            email = None
            if mail := self.rendering.of(message):
                first_key = self.threads.first_key(message, mail)
                email = compose(message, mail, self.connection, first_key=first_key)
        except Unsendable as error:
            write(message, State.FAILED, last_error=str(error)[:300])
            return False
        except Exception as error:
            # A fault in the app's renderer, or an outage of the database: it must not stop the others.
            logger.exception("Mail %s could not be rendered.", message.uuid)
            self.put_off(message, f"Rendering failed: {type(error).__name__}")
            return False
        if email is None or mail is None:
            write(message, State.DROPPED)
            return False
        refusal = _send(email, self.connection)
        if refusal is None:
            write(message, State.SENT, sent_at=timezone.now(), last_error="")
            self.threads.note_sent(message, mail)
            return True
        code, reason = refusal
        if 400 <= code < 500:
            self.put_off(message, reason)
        else:
            write(message, State.FAILED, last_error=reason[:300])
        return False

    def put_off(self, message: Message, reason: str) -> None:
        """Try the mail again later; give it up after some 24 hours, or when it would be useless."""
        due_at = schedule.next_try(message)
        if due_at is None:
            self.outcomes.write(message, State.FAILED, last_error=reason[:300])
            return
        self.outcomes.write(message, State.QUEUED, due_at=due_at, last_error=reason[:300])
        if schedule.is_short_lived(message.kind):
            enqueue_later(DELIVER, (due_at - timezone.now()).total_seconds())

    def give_back(self, messages: list[Message]) -> None:
        """Return mails that were not tried to the queue."""
        for message in messages:
            self.outcomes.write(message, State.QUEUED, untried=1)

    def end(self) -> None:
        """Close the connection and flush the outcomes to disk."""
        _close(self.connection)
        self.outcomes.flush()
        self.threads.save()


def _send(email: ComposedMail, connection: BaseEmailBackend) -> tuple[int, str] | None:
    """Return None when the relay accepted the mail, else its code and answer. Raises RelayAway."""
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
        # Sender refused, login refused, connection lost or refused: not the fault of this mail.
        raise RelayAway(f"{type(error).__name__}: {error}"[:300]) from error
    return None


def _refusal(code: int, words: bytes | str) -> tuple[int, str]:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return code, f"{code} {text}".replace("\x00", "")[:300]


def _lease_is_short(message: Message) -> bool:
    leased_until: datetime = message.leased_until or timezone.now()
    return leased_until - timezone.now() < timedelta(seconds=LEASE_RESERVE_SECONDS)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        logger.info("The mail relay had already closed the connection.")
