"""Telling the workers that something waits in the database.

The rows are the truth and the broker is a doorbell: a ring that is lost costs the seconds until
the sweeper looks, so a broker that is away neither fails nor holds up the request.
"""

import logging

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)


def ring(task: str) -> None:
    """Once the current transaction commits, `task` (without arguments) is asked to run soon.

    Many calls in one transaction ring once.
    """
    bell = _Bell(task)
    if all(waiting[1] != bell for waiting in connection.run_on_commit):
        transaction.on_commit(bell, robust=True)


class _Bell:
    def __init__(self, task: str) -> None:
        self.task = task

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Bell) and other.task == self.task

    def __hash__(self) -> int:
        return hash(self.task)

    def __call__(self) -> None:
        try:
            current_app.send_task(self.task, retry=False, expires=3600)
        except Exception as error:  # whatever the broker's client raises, the rows are safe
            logger.warning("The broker is away; %s waits for the sweeper: %s", self.task, error)
