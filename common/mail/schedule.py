"""When a mail is tried again: soon for a mail that is useful for a short time, such as a code."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from common.mail import registry
from common.mail.choices import (
    FIRST_WAIT_SECONDS,
    LONGEST_WAIT_SECONDS,
    MAX_ATTEMPTS,
    SHORT_USE_SECONDS,
    SHORT_USE_WAITS_SECONDS,
)
from common.mail.models import Message


def next_try(message: Message) -> datetime | None:
    """Return when to try again after a failure; None to give up.

    A mail is given up after some 24 hours, or when it would be useless by the next try.
    """
    if message.attempts >= MAX_ATTEMPTS:
        return None
    if is_short_lived(message.kind):
        place = min(message.attempts, len(SHORT_USE_WAITS_SECONDS)) - 1
        seconds: float = SHORT_USE_WAITS_SECONDS[place]
    else:
        seconds = wait_seconds(message.attempts)
    due_at = timezone.now() + timedelta(seconds=seconds)
    useless_at = _useless_at(message)
    return due_at if useless_at is None or due_at < useless_at else None


def is_useless(message: Message) -> bool:
    """Whether the time in which this mail was useful is over."""
    useless_at = _useless_at(message)
    return useless_at is not None and timezone.now() >= useless_at


def is_short_lived(kind: str) -> bool:
    """Whether mails of this kind are useful for less than an hour."""
    return kind in registry.kinds_useful_for_at_most(timedelta(seconds=SHORT_USE_SECONDS))


def wait_seconds(attempts: int) -> float:
    """Return how long a mail waits after its n-th failure: doubling, plus or minus a fifth."""
    wait: float = min(FIRST_WAIT_SECONDS * 2.0 ** (attempts - 1), LONGEST_WAIT_SECONDS)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311


def _useless_at(message: Message) -> datetime | None:
    useful_for = registry.useful_for(message.kind)
    return message.created_at + useful_for if useful_for else None
