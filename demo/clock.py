"""Acts of the past, done at their own moment.

Everything here asks `django.utils.timezone.now()`, whose one source is replaced while the demo is
written. PostgreSQL's own clock goes on: rows that ask it are current now, as they should be.
Only a command of its own process does this, and never one that serves pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone


class Clock:
    """Stands where it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now


@contextmanager
def set_back(clock: Clock) -> Iterator[Clock]:
    """`timezone.now()` answers what `clock` shows, until the block ends."""
    # A setattr, because the name is Django's own import and no documented setting.
    module: Any = timezone
    real = module.datetime

    class Moment(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return clock.now.astimezone(tz)

    module.datetime = Moment
    try:
        yield clock
    finally:
        module.datetime = real
