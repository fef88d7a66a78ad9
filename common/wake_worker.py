"""Telling the workers that something waits in the database.

The rows are the truth and the broker is a doorbell: a ring that is lost costs the seconds until
the sweeper looks, so a broker that is away neither fails nor holds up the request.
"""

import logging
import time

from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from common.valkey import is_silent

logger = logging.getLogger(__name__)

SILENT_SECONDS = 30
# A ring that no worker hears within the hour is forgotten.
EXPIRES_SECONDS = 3600


def ring(task: str) -> None:
    """Once the current transaction commits, `task` (without arguments) is asked to run soon.

    Many calls in one transaction ring once.
    """
    bell = _Bell(task)
    if all(waiting[1] != bell for waiting in connection.run_on_commit):
        transaction.on_commit(bell, robust=True)


def ring_later(task: str, seconds: float) -> None:
    """`task` is asked to run in some seconds; for what cannot wait for the sweeper."""
    if time.monotonic() < _Bell.silent_until or is_silent(settings.REDIS_URL):
        return
    try:
        current_app.send_task(task, countdown=seconds, retry=False, expires=seconds + 60)
    except Exception as error:  # the sweeper comes by anyway
        logger.warning("The broker is away; %s waits for the sweeper: %s", task, error)


class _Bell:
    # After a ring that failed, this process does not touch the broker until then, so that a stuck
    # one costs one request a few seconds and not every request. In seconds of the steady clock.
    silent_until = 0.0

    def __init__(self, task: str) -> None:
        self.task = task

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Bell) and other.task == self.task

    def __hash__(self) -> int:
        return hash(self.task)

    def __call__(self) -> None:
        if time.monotonic() < _Bell.silent_until or is_silent(settings.REDIS_URL):
            return
        try:
            current_app.send_task(self.task, retry=False, expires=EXPIRES_SECONDS)
        except Exception as error:  # whatever the broker's client raises, the rows are safe
            _Bell.silent_until = time.monotonic() + SILENT_SECONDS
            logger.warning("The broker is away; %s waits for the sweeper: %s", self.task, error)
