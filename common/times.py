"""Dated ranges: half open `[start, end)`, aware, so that a range that ends now no longer acts."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone


def since(start: datetime | None = None) -> DateTimeTZRange:
    """A range that begins at `start` (default: now) and has no end yet."""
    return DateTimeTZRange(start or timezone.now(), None, "[)")


def between(start: datetime, end: datetime) -> DateTimeTZRange:
    return DateTimeTZRange(start, end, "[)")


def ended(during: DateTimeTZRange, end: datetime | None = None) -> DateTimeTZRange:
    """The same range, closed at `end` (default: now)."""
    return DateTimeTZRange(during.lower, end or timezone.now(), "[)")


def is_current(during: DateTimeTZRange) -> bool:
    now = timezone.now()
    return (during.lower is None or during.lower <= now) and (
        during.upper is None or now < during.upper
    )


def zone_named(name: str) -> ZoneInfo:
    """The zone of this IANA name; UTC where this server does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
        return ZoneInfo("UTC")


def has_passed(moment: datetime) -> bool:
    return moment <= timezone.now()
