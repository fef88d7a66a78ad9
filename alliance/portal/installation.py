"""Whether this installation holds the demo, which every page then says."""

import time
from datetime import datetime

from alliance.portal.models import DemoMark

# How long a process trusts what it has read, in seconds.
TRUSTED_SECONDS = 60

_known = False
_trusted_until = 0.0


def mark(*, at: datetime) -> None:
    """Mark the database as holding the demo, loaded at that moment."""
    DemoMark.objects.create(loaded_at=at)


def is_marked() -> bool:
    """Return whether the database holds the demo. Queries the database."""
    return DemoMark.objects.exists()


def is_demo() -> bool:
    """Return whether the database holds the demo. Queries at most once a minute in a process."""
    if time.monotonic() > _trusted_until:
        note(is_demo=is_marked())
    return _known


def note(*, is_demo: bool) -> None:
    """Cache the answer in this process for a minute."""
    global _known, _trusted_until
    _known, _trusted_until = is_demo, time.monotonic() + TRUSTED_SECONDS
