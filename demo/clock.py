"""The clock of the scenario, so that each act of the past happens at its own moment.

`django.utils.timezone.now()` is where all code and all defaults of fields ask for the time. It shows
the scenario's clock while the scenario runs: in the process of `manage.py demo`, which serves no
pages. PostgreSQL's own clock goes on, so rows that ask it are current now, as they should be.
docs/adr/0030 says why actions do not take the time as an argument.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone


class Clock:
    """A clock that shows the moment to which it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now


class AnyDatetime(type):
    """Count every datetime as an instance, since Django asks that of what templates show."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


@contextmanager
def set_back(clock: Clock) -> Iterator[Clock]:
    """Make `timezone.now()` return what `clock` shows, until the block ends."""

    class Moment(datetime, metaclass=AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return clock.now.astimezone(tz)

    # The name is Django's own import and no documented setting.
    module: Any = timezone
    real = module.datetime
    module.datetime = Moment
    try:
        yield clock
    finally:
        module.datetime = real
