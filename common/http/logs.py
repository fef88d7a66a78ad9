"""Logs: one JSON object a line, with the request's id, and without secret or personal data.

A path can contain a token (an invitation, a feed, an unsubscribe link), and the second line of a
database error repeats the offending row. Neither is logged: the log has the route instead of the
path, and only the first line of an exception's text.
"""

import json
import logging
import re
import secrets
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest

FOREIGN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# The id of the request that this thread or task is answering; "" outside of requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Facts that the request line adds by `extra={...}`; anything else in `extra` is not logged.
FACTS = ("method", "route", "status", "ms", "person")


def name_request(given: str) -> str:
    """Return the id of a request: `given` by a trusted proxy, so that its log and ours match, or new."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0
    return given if trusted and FOREIGN_ID.fullmatch(given) else secrets.token_hex(8)


def route_of(request: HttpRequest) -> str:
    """Return the URL pattern (`groups/<slug:slug>/`), which contains no token and names no object."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else "unmatched"


class InvalidRequests(logging.Filter):
    """Log invalid requests as one-line warnings, since anybody can send as many as they like."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security") and record.levelno > logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


class RequestIdFilter(logging.Filter):
    """Add to each log record the id of the current request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """Format a record as one line of JSON: time, level, logger, message, request id and FACTS."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        if current := getattr(record, "request_id", ""):
            line["request_id"] = current
        for fact in FACTS:
            if hasattr(record, fact):
                line[fact] = getattr(record, fact)
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _first_line(record.exc_info[1])
            # Innermost last: file, line and function, never the source or values.
            frames = traceback.extract_tb(record.exc_info[2])
            line["trace"] = [f"{f.filename}:{f.lineno} {f.name}" for f in frames]
        return json.dumps(line, ensure_ascii=True, default=str)

    def _message(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            # Django puts the path into these messages.
            return f"{getattr(record, 'status_code', '')} {route_of(request)}".strip()
        if record.name == "celery.app.trace" and isinstance(record.args, dict):
            return _without_texts(record, record.args)
        return record.getMessage()


def _without_texts(record: logging.LogRecord, args: Mapping[str, object]) -> str:
    """Return a worker's message about a task without the error text, which can repeat a whole row."""
    error = record.exc_info[1] if record.exc_info else None
    kind = type(error).__name__ if error is not None else "an error"
    facts = {**args, "traceback": ""}
    facts |= dict.fromkeys({"exc", "return_value"} & facts.keys(), kind if error else "")
    return (str(record.msg) % facts).strip()


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
