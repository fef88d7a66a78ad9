"""The hour at which people get their daily mail, in their own time zone."""

from datetime import date, datetime, time

from common.times import zone_named

DIGEST_HOUR = 7  # local time of the reader


def morning_of(day: date, zone: str) -> datetime:
    """Return the moment of the daily mail on this day in this IANA zone."""
    return datetime.combine(day, time(DIGEST_HOUR), tzinfo=zone_named(zone))
