"""Waking the workers when rows in the database wait for them.

The rows count and the broker only wakes workers: when a message is lost, the sweeper finds the rows
seconds later, so a broker that does not answer neither fails nor delays the request.
"""

import logging
import time
from dataclasses import dataclass
from typing import ClassVar

from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from common.valkey import is_silent

logger = logging.getLogger(__name__)

SILENT_SECONDS = 30
# A message that no worker takes within an hour expires.
EXPIRES_SECONDS = 3600


def enqueue_on_commit(task: str) -> None:
    """Enqueue `task`, by its name and without arguments, once the current transaction commits.

    Many calls in one transaction enqueue it once.
    """
    call = _Enqueue(task)
    if all(waiting[1] != call for waiting in connection.run_on_commit):
        transaction.on_commit(call, robust=True)


def enqueue_later(task: str, seconds: float) -> None:
    """Enqueue `task` to run in some seconds, for what cannot wait for the sweeper."""
    if time.monotonic() < _Enqueue.silent_until or is_silent(settings.REDIS_URL):
        return
    try:
        current_app.send_task(task, countdown=seconds, retry=False, expires=seconds + 60)
    except Exception as error:  # the sweeper finds the rows anyway
        logger.warning("The broker does not answer; %s waits for the sweeper: %s", task, error)


@dataclass(frozen=True)
class _Enqueue:
    task: str
    # After a failure, this process does not use the broker until then, so that a broker that hangs
    # delays one request and not every request. In seconds of the monotonic clock.
    silent_until: ClassVar[float] = 0.0

    def __call__(self) -> None:
        if time.monotonic() < _Enqueue.silent_until or is_silent(settings.REDIS_URL):
            return
        try:
            current_app.send_task(self.task, retry=False, expires=EXPIRES_SECONDS)
        except Exception as error:  # the client can raise anything, and the rows are safe
            _Enqueue.silent_until = time.monotonic() + SILENT_SECONDS
            logger.warning(
                "The broker does not answer; %s waits for the sweeper: %s", self.task, error
            )
