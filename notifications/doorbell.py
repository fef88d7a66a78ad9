"""Rings the worker after a commit. The broker may be away: the sweeper comes by anyway."""

import logging

from kombu.exceptions import OperationalError

from notifications.tasks import tell

logger = logging.getLogger(__name__)


def ring() -> None:
    """A worker looks at the outbox soon. Never fails: a lost ring only costs half a minute."""
    try:
        tell.apply_async(retry=False)
    except OperationalError:
        logger.warning("The broker is away; the sweeper will find what waits.")
