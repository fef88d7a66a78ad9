"""Sending to the relay within time limits: it can be slow, silent, or answer byte by byte."""

import smtplib
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage

from common.mail.compose import ComposedMail


class RelayBackend(EmailBackend):
    """Django's backend with a time limit for the greeting and one for each whole mail."""

    _watchdog: "_Watchdog | None" = None

    def open(self) -> bool | None:
        """Connect and sign in. Raises OSError or SMTPException within EMAIL_TOTAL_TIMEOUT."""
        if self.connection:
            return False
        timeout, self.timeout = self.timeout, settings.EMAIL_CONNECT_TIMEOUT
        try:
            opened = super().open()
        finally:
            self.timeout = timeout
        if self.connection and self.connection.sock:
            self.connection.sock.settimeout(timeout)
        return opened

    def close(self) -> None:
        """Close the connection. Raises SMTPException or OSError."""
        if self._watchdog is not None:
            self._watchdog.dismiss()
            self._watchdog = None
        super().close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the mails; one that takes longer than EMAIL_TOTAL_TIMEOUT ends the connection."""
        if self._watchdog is None:
            self._watchdog = _Watchdog(self, settings.EMAIL_TOTAL_TIMEOUT)
        with self._watchdog:
            return super().send_messages(email_messages)

    def _send(self, email_message: EmailMessage) -> bool:
        """Send a composed mail as it is.

        Django would parse both addresses again, which takes as long as all the rest; `compose` has
        parsed and encoded them.
        """
        if not isinstance(email_message, ComposedMail):
            return super()._send(email_message)  # type: ignore[misc, no-any-return]
        assert self.connection is not None
        self.connection.sendmail(
            email_message.envelope_from, [email_message.envelope_to], email_message.content
        )
        return True


class _Watchdog:
    """Close a connection when a mail on it takes too long.

    The timeout of a socket begins again with each byte that arrives. One thread watches all mails of
    a connection, one at a time.
    """

    def __init__(self, backend: EmailBackend, seconds: float) -> None:
        self._backend = backend
        self._seconds = seconds
        self._ends_at: float | None = None  # the time limit of the current mail
        self._dismissed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def __enter__(self) -> None:
        self._ends_at = time.monotonic() + self._seconds

    def __exit__(self, *_error: object) -> None:
        self._ends_at = None

    def dismiss(self) -> None:
        self._dismissed.set()

    def _watch(self) -> None:
        wait = self._seconds
        while not self._dismissed.wait(wait):
            # Without a current mail, the next mail ends later than the wait that begins now.
            ends_at = self._ends_at
            wait = self._seconds if ends_at is None else ends_at - time.monotonic()
            if wait <= 0:
                self._cut()
                wait = self._seconds

    def _cut(self) -> None:
        connection: smtplib.SMTP | None = self._backend.connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):  # it is closed already
                connection.sock.shutdown(socket.SHUT_RDWR)
