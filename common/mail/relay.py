"""Talking to the relay within bounds: it may be slow, silent, or drip an answer byte by byte."""

import smtplib
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage


class RelayBackend(EmailBackend):
    """Django's backend with a bound for the greeting and one for each mail as a whole."""

    def open(self) -> bool | None:
        """Connect and sign in. Raises OSError or SMTPException within EMAIL_TOTAL_TIMEOUT."""
        if self.connection:
            return False
        patience, self.timeout = self.timeout, settings.EMAIL_CONNECT_TIMEOUT
        try:
            opened = super().open()
        finally:
            self.timeout = patience
        if self.connection and self.connection.sock:
            self.connection.sock.settimeout(patience)
        return opened

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send them; one that takes longer than EMAIL_TOTAL_TIMEOUT ends the connection."""
        with _Watchdog(self, settings.EMAIL_TOTAL_TIMEOUT):
            return super().send_messages(email_messages)


class _Watchdog:
    """Cuts the connection off once its time is over: a socket's own timeout begins again with each
    byte that arrives."""

    def __init__(self, backend: EmailBackend, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut, [backend])
        self._timer.daemon = True

    @staticmethod
    def _cut(backend: Any) -> None:
        connection: smtplib.SMTP | None = backend.connection
        if connection is not None and connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
