"""The connections of this process to the broker."""

from celery import current_app
from kombu import pools


def forget_pools() -> None:
    """Connect anew, to wherever the settings point now, when the broker is asked next."""
    pools.reset()
    current_app.amqp._producer_pool = None
    current_app._pool = None
