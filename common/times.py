"""Dated ranges: aware and half open, `[start, end)`, so that a range that ends now is over."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone


def since(start: datetime | None = None) -> DateTimeTZRange:
    """Return a range that begins at `start` (default: now) and has no end."""
    return DateTimeTZRange(start or timezone.now(), None, "[)")


def between(start: datetime, end: datetime) -> DateTimeTZRange:
    return DateTimeTZRange(start, end, "[)")


def ended(during: DateTimeTZRange, end: datetime | None = None) -> DateTimeTZRange:
    """Return the range with this end (default: now)."""
    return DateTimeTZRange(during.lower, end or timezone.now(), "[)")


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of this IANA name; UTC when this server does not know the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
        return ZoneInfo("UTC")


def has_passed(moment: datetime) -> bool:
    return moment <= timezone.now()
